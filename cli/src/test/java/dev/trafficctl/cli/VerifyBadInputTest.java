package dev.trafficctl.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trafficctl.cli.command.next.ShellCommands;
import dev.trafficctl.cli.kafka.KafkaConnection;
import dev.trafficctl.cli.kafka.RangeReader;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.kafka.Bomb;
import dev.trafficctl.kafka.ValueSize;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.MemoryRecords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code verify} says when Kafka, Postgres or Flink do not have what it needs. */
class VerifyBadInputTest {
  private final FakeFlink flink = new FakeFlink().withTraffic();
  private final TestConsole console = TestConsole.frozen();
  private FakeKafka kafka;
  private FakePostgres postgres = FakePostgres.empty();

  @TempDir Path directory;

  @BeforeEach
  void keepTheJournalApart() {
    console.with("XDG_STATE_HOME", directory.toString());
    flink.answer("/jobmanager/config", "[]");
  }

  @AfterEach
  void close() throws IOException {
    flink.close();
    postgres.close();
    if (kafka != null) {
      kafka.close();
    }
  }

  private static void none(ApiMessage answer) {
    assertThat(answer).isNotNull();
  }

  private int verify(Consumer<ApiMessage> change, String... more) throws IOException {
    kafka = new FakeKafka(change);
    return verify(kafka.address(), 20_000, postgres.url(), more);
  }

  private int verify(String kafkaAddress, int timeoutMillis, String postgresUrl, String... more) {
    flink.answer(
        "/jobs/" + FakeFlink.JOB + "/config",
        """
        {"execution-config":{"job-parallelism":1,"user-config":{"trafficctl.arguments":
          "[\\"--kafka-url\\",\\"%1$s\\",\\"--kafka-topic\\",\\"web-traffic\\",\
        \\"--kafka-group\\",\\"traffic\\",\\"--postgres-url\\",\\"%2$s\\",\
        \\"--postgres-user\\",\\"job\\",\\"--kafka.default.api.timeout.ms\\",\\"%3$d\\",\
        \\"--kafka.request.timeout.ms\\",\\"%3$d\\"]"}}}\
        """
            .formatted(kafkaAddress, postgresUrl, timeoutMillis));
    List<String> all = new ArrayList<>(List.of("verify", "--flink", flink.url()));
    all.addAll(List.of(more));
    return console.run(all.toArray(String[]::new));
  }

  private void saysAlone(String words) {
    assertThat(console.out()).isEqualTo("");
    assertThat(console.err()).isEqualTo("trafficctl: " + words + "\n");
  }

  private String kafka() {
    return "Kafka at " + kafka.address();
  }

  private static int closedPort() throws IOException {
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return closed.getLocalPort();
    }
  }

  @Test
  void aFlinkThatIsAway() throws IOException {
    flink.close();
    assertThat(verify(VerifyBadInputTest::none)).isEqualTo(5);
    assertThat(console.err())
        .startsWith("trafficctl: cannot reach Flink at " + flink.url())
        .hasLineCount(1);
  }

  @Test
  void aTopicThatIsNotThere() throws IOException {
    int exitCode =
        verify(
            answer -> {
              if (answer instanceof MetadataResponseData metadata) {
                var topic = metadata.topics().iterator().next();
                topic.setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
                topic.setPartitions(List.of());
              }
            });
    assertThat(exitCode).isEqualTo(1);
    saysAlone(kafka() + " has no topic 'web-traffic'; check the name, or create it");
  }

  @Test
  void aTopicThatMayNotBeRead() throws IOException {
    int exitCode =
        verify(
            answer -> {
              if (answer instanceof MetadataResponseData metadata) {
                var topic = metadata.topics().iterator().next();
                topic.setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code());
                topic.setPartitions(List.of());
              }
            });
    assertThat(exitCode).isEqualTo(1);
    saysAlone(
        kafka()
            + " does not allow this key to see and read the topic 'web-traffic' (Not authorized to"
            + " access topics: [web-traffic]); grant it DESCRIBE and READ on the topic");
  }

  @Test
  void aPartitionWithoutALeader() throws IOException {
    int exitCode =
        verify(
            answer -> {
              if (answer instanceof MetadataResponseData metadata) {
                metadata
                    .topics()
                    .iterator()
                    .next()
                    .partitions()
                    .get(0)
                    .setLeaderId(-1)
                    .setErrorCode(Errors.LEADER_NOT_AVAILABLE.code());
              }
            });
    assertThat(exitCode).isEqualTo(5);
    saysAlone(
        "partitions [0] of topic 'web-traffic' have no leader in "
            + kafka()
            + ": start the brokers that hold them");
  }

  private static void empty(ApiMessage answer) {
    if (answer instanceof ListOffsetsResponseData offsets) {
      offsets.topics().get(0).partitions().get(0).setOffset(0);
    }
    if (answer instanceof OffsetFetchResponseData offsets) {
      offsets.groups().get(0).topics().get(0).partitions().get(0).setCommittedOffset(-1);
    }
  }

  @Test
  void anEmptyTopicHasNothingToCheck() throws IOException {
    assertThat(verify(VerifyBadInputTest::empty)).isEqualTo(4);
    saysAlone(
        "nothing tells how far the job has written: it has no checkpoint, and its group has"
            + " committed nothing; give --to, for example --to latest for a job that has ended");
    assertThat(verify(VerifyBadInputTest::empty, "--to", "latest")).as(console.err()).isZero();
    assertThat(console.out()).contains("read 0 = written 0 + filtered 0 + rejected 0");
  }

  private static void groupDenied(ApiMessage answer) {
    if (answer instanceof OffsetFetchResponseData offsets) {
      offsets
          .groups()
          .get(0)
          .setTopics(List.of())
          .setErrorCode(Errors.GROUP_AUTHORIZATION_FAILED.code());
    }
  }

  @Test
  void aGroupThatMayNotBeSeenMattersOnlyWhereNoEndIsGiven() throws IOException {
    assertThat(verify(VerifyBadInputTest::groupDenied)).isEqualTo(1);
    saysAlone(
        kafka()
            + " does not allow this key to see the group 'traffic' (Not authorized to access"
            + " group: traffic); grant it DESCRIBE on the group");
    assertThat(verify(VerifyBadInputTest::groupDenied, "--to", "0=0")).as(console.err()).isZero();
    assertThat(console.err())
        .contains(
            "how far the job has written is not known ("
                + kafka()
                + " does not allow this key to see the group 'traffic'");
  }

  @Test
  void aTopicWhoseConfigurationMayNotBeSeen() throws IOException {
    int exitCode =
        verify(
            answer -> {
              if (answer instanceof DescribeConfigsResponseData configs) {
                configs
                    .results()
                    .get(0)
                    .setConfigs(List.of())
                    .setErrorMessage("Topic authorization failed.")
                    .setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code());
              }
            },
            "--to",
            "0=0");
    assertThat(exitCode).isZero();
    assertThat(console.err())
        .contains(
            "note: whether topic web-traffic is compacted is not known ("
                + kafka()
                + " does not allow this key to see the configuration of the topic 'web-traffic'"
                + " (Topic authorization failed.); grant it DESCRIBE_CONFIGS on the topic): rows"
                + " without an event in Kafka are not checked\n");
  }

  @Test
  void aBrokerThatIsNotThere() throws IOException {
    int port = closedPort();
    assertThat(verify("127.0.0.1:" + port, 2_000, postgres.url())).isEqualTo(5);
    saysAlone(
        "Kafka at 127.0.0.1:%d does not answer; check the address, that it runs, and whether it wants SASL_SSL"
            .formatted(port));
  }

  @Test
  void aBrokerThatSendsNothingAnyMore() throws IOException {
    kafka =
        new FakeKafka(
            answer -> {
              if (answer instanceof FetchResponseData fetched && !fetched.responses().isEmpty()) {
                fetched.responses().get(0).partitions().get(0).setRecords(MemoryRecords.EMPTY);
              }
            });
    Properties connection = new Properties();
    connection.setProperty("bootstrap.servers", kafka.address());
    RangeReader.Target target =
        new RangeReader.Target() {
          @Override
          public void event(ConsumerRecord<byte[], byte[]> event) {
            throw new AssertionError(event);
          }

          @Override
          public boolean reached(long offset) {
            assertThat(offset).isEqualTo(3);
            return true;
          }
        };
    try (RangeReader reader =
        new RangeReader(
            new KafkaConnection(connection, new ShellCommands()),
            FakeKafka.TOPIC,
            Duration.ofSeconds(1))) {
      assertThatThrownBy(() -> reader.read(0, 3, 6, target))
          .isInstanceOfSatisfying(
              CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNREACHABLE))
          .hasMessage(
              kafka()
                  + " has sent nothing of partition 0 behind offset 3 for 1 s; check that it runs");
    }
  }

  private void sends(MemoryRecords records) {
    kafka =
        new FakeKafka(
            answer -> {
              if (answer instanceof FetchResponseData fetched && !fetched.responses().isEmpty()) {
                fetched.responses().get(0).partitions().get(0).setRecords(records);
              }
            });
  }

  private List<String> read(long from, long to) {
    Properties connection = new Properties();
    connection.setProperty("bootstrap.servers", kafka.address());
    List<String> seen = new ArrayList<>();
    RangeReader.Target target =
        new RangeReader.Target() {
          @Override
          public void event(ConsumerRecord<byte[], byte[]> event) {
            seen.add(
                "%d: %d of %d bytes, %d headers"
                    .formatted(
                        event.offset(),
                        event.value().length,
                        ValueSize.of(event),
                        event.headers().toArray().length));
          }

          @Override
          public boolean reached(long offset) {
            return true;
          }
        };
    try (RangeReader reader =
        new RangeReader(
            new KafkaConnection(connection, new ShellCommands()),
            FakeKafka.TOPIC,
            Duration.ofSeconds(10))) {
      reader.read(0, from, to, target);
    }
    return seen;
  }

  @Test
  void ofAnEventLargerThanMemoryTheBeginningIsReadAndWhatLiesBehindItToo() throws IOException {
    sends(new Bomb(CompressionType.ZSTD, 2, 1_100_000_000, 0).batch(4));
    assertThat(read(4, 6))
        .containsExactly(
            "4: 1048576 of 1100000000 bytes, 1 headers",
            "5: 1048576 of 1100000000 bytes, 1 headers");
  }

  @Test
  void headersAreNotRead() throws IOException {
    sends(new Bomb(CompressionType.ZSTD, 1, 10, 50_000_000).batch(4));
    assertThat(read(4, 5)).containsExactly("4: 10 of 10 bytes, 0 headers");
  }

  @Test
  void aDamagedBatchIsSaidWithItsPlace() throws IOException {
    MemoryRecords damaged = new Bomb(CompressionType.ZSTD, 3, 10, 0).batch(2);
    damaged.buffer().put(damaged.sizeInBytes() - 1, (byte) 77);
    int exitCode =
        verify(
            answer -> {
              if (answer instanceof FetchResponseData fetched && !fetched.responses().isEmpty()) {
                fetched.responses().get(0).partitions().get(0).setRecords(damaged);
              }
            });
    assertThat(exitCode).isEqualTo(6);
    assertThat(console.err())
        .contains(
            "offset 2 of partition 0 of topic 'web-traffic' cannot be read, its batch is damaged in"
                + " Kafka's log (Record is corrupt (stored crc = ")
        .contains("trafficctl restart --from-offsets with 0=5, ");
  }

  private int verifyWhenNothingIsFetched(Errors why) throws IOException {
    return verify(
        answer -> {
          if (answer instanceof FetchResponseData fetched && !fetched.responses().isEmpty()) {
            fetched
                .responses()
                .get(0)
                .partitions()
                .get(0)
                .setRecords(null)
                .setErrorCode(why.code());
          }
        });
  }

  @Test
  void aLogThatTheBrokerItselfCannotReadIsSaidWithItsPlace() throws IOException {
    int exitCode = verifyWhenNothingIsFetched(Errors.CORRUPT_MESSAGE);
    assertThat(exitCode).isEqualTo(6);
    assertThat(console.err())
        .contains(
            "offset 0 of partition 0 of topic 'web-traffic' cannot be read, its batch is damaged in"
                + " Kafka's log (the broker itself says so).");
  }

  @Test
  void whatKafkaDeletesMeanwhileEndsItUnfinished() throws IOException {
    int exitCode = verifyWhenNothingIsFetched(Errors.OFFSET_OUT_OF_RANGE);
    assertThat(exitCode).isEqualTo(6);
    assertThat(console.out())
        .contains(
            "0             0   5           0     0 ",
            "read 0 = written 0 + filtered 0 + rejected 0 up to where it was checked; ");
    assertThat(console.err())
        .contains(
            "trafficctl: not finished: "
                + kafka()
                + " no longer has offset 0 of partition 0: it was deleted meanwhile\n");
  }

  @Test
  void aPostgresThatIsNotThere() throws IOException {
    String url = "jdbc:postgresql://127.0.0.1:%d/traffic".formatted(closedPort());
    kafka = new FakeKafka(VerifyBadInputTest::none);
    assertThat(verify(kafka.address(), 20_000, url)).isEqualTo(5);
    assertThat(console.out()).isEqualTo("");
    assertThat(console.err())
        .startsWith(
            "trafficctl: Postgres at "
                + url
                + " cannot be connected to as user 'job': Connection to 127.0.0.1:")
        .endsWith("; check host and port in POSTGRES_URL, and that Postgres runs\n")
        .hasLineCount(1);
  }

  private void postgresSays(int exitCode, FakePostgres says, String words) throws IOException {
    postgres.close();
    postgres = says;
    assertThat(verify(VerifyBadInputTest::none)).isEqualTo(exitCode);
    saysAlone(words.replaceAll("(?<!_)URL", postgres.url()));
  }

  @Test
  void aPostgresThatRefuses() throws IOException {
    postgresSays(
        5,
        FakePostgres.refusing("28P01", "password authentication failed for user \"job\""),
        "Postgres at URL cannot be connected to as user 'job': password authentication failed for"
            + " user \"job\"; check POSTGRES_USER and POSTGRES_PASSWORD, for the job in the"
            + " environment of the JobManager and of every TaskManager");
    postgresSays(
        5,
        FakePostgres.refusing("3D000", "database \"traffic\" does not exist"),
        "Postgres at URL cannot be connected to as user 'job': database \"traffic\" does not exist;"
            + " check the name of the database at the end of POSTGRES_URL, or create it");
    postgresSays(
        5,
        FakePostgres.refusing("57P03", "the database system is starting up"),
        "Postgres at URL cannot be connected to as user 'job': the database system is starting up;"
            + " it is not ready yet: wait until it has started, and try again");
    postgresSays(
        5,
        FakePostgres.refusing("53300", "sorry, too many clients already"),
        "Postgres at URL cannot be connected to as user 'job': sorry, too many clients already; end"
            + " connections that nobody needs, or raise max_connections of Postgres or the"
            + " CONNECTION LIMIT of user and database");
    postgresSays(
        5,
        FakePostgres.refusing(
            "28000", "no pg_hba.conf entry for host \"192.0.2.1\", user \"job\", no encryption"),
        "Postgres at URL cannot be connected to as user 'job': no pg_hba.conf entry for host"
            + " \"192.0.2.1\", user \"job\", no encryption; add a line for this host, user and"
            + " database to pg_hba.conf; where its line is hostssl, add sslmode=require to"
            + " POSTGRES_URL");
  }

  @Test
  void aDatabaseWithoutTheTables() throws IOException {
    postgresSays(
        1,
        FakePostgres.failing("42P01", "relation \"sources\" does not exist"),
        "URL lacks a table of the job (ERROR: relation \"sources\" does not exist): no job has"
            + " written there yet; check the address, or make the tables with: trafficctl schema"
            + " apply");
    postgresSays(
        1,
        FakePostgres.failing("42501", "permission denied for table sources"),
        "URL does not allow this user to do that (ERROR: permission denied for table sources);"
            + " grant it the right");
    postgresSays(
        5,
        FakePostgres.failing("57P01", "terminating connection due to administrator command"),
        "the connection to URL is lost: ERROR: terminating connection due to administrator"
            + " command; check that Postgres runs, and try again");
    postgresSays(
        1, FakePostgres.failing("22003", "first\nsecond"), "URL cannot do that: ERROR: first");
  }
}
