package dev.trafficctl.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.kafka.Bomb;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.ControlRecordType;
import org.apache.kafka.common.record.EndTransactionMarker;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code lag} against servers that answer as Flink and Kafka do. */
class LagCommandTest {
  private static final String JOB = "/jobs/" + FakeFlink.JOB;
  private static final String METRICS = JOB + "/vertices/bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb/metrics";
  private static final String OFFSET =
      "0.Source__read.KafkaSourceReader.topic.web-traffic.partition.0.currentOffset";
  private static final String RATE = "0.Source__read.numRecordsInPerSecond";
  private static final String UNREAD =
      "trafficctl: the job's checkpoints cannot be read from this machine, so that the checkpointed"
          + " offsets are not known\n";

  private final FakeFlink flink = new FakeFlink().withTraffic();
  private final TestConsole console = TestConsole.jumping();
  private FakeKafka kafka;

  @AfterEach
  void close() throws IOException {
    flink.close();
    if (kafka != null) {
      kafka.close();
    }
  }

  private int run(Consumer<ApiMessage> change, String... more) throws IOException {
    kafka = new FakeKafka(change);
    return run(kafka.address(), 20_000, more);
  }

  private int run(String kafkaAddress, int timeoutMillis, String... more) {
    flink
        .answer(
            JOB + "/config",
            """
            {"execution-config":{"job-parallelism":1,"user-config":{"trafficctl.arguments":
              "[\\"--kafka-url\\",\\"%1$s\\",\\"--kafka-topic\\",\\"web-traffic\\",\
            \\"--kafka-group\\",\\"traffic\\",\\"--postgres-url\\",\\"jdbc:postgresql://p/t\\",\
            \\"--postgres-user\\",\\"job\\",\\"--kafka.default.api.timeout.ms\\",\\"%2$d\\",\
            \\"--kafka.request.timeout.ms\\",\\"%2$d\\"]"}}}\
            """
                .formatted(kafkaAddress, timeoutMillis))
        .answer("/jobmanager/config", "[]");
    List<String> all = new ArrayList<>(List.of("lag", "--flink", flink.url()));
    all.addAll(List.of(more));
    return console.run(all.toArray(String[]::new));
  }

  private void live(long currentOffset) {
    flink
        .answer(METRICS, "[{\"id\":\"" + OFFSET + "\"},{\"id\":\"" + RATE + "\"}]")
        .answer(
            METRICS + "?get=" + OFFSET + "%2C" + RATE,
            "[{\"id\":\"%s\",\"value\":\"%d\"},{\"id\":\"%s\",\"value\":\"2.5\"}]"
                .formatted(OFFSET, currentOffset, RATE));
  }

  private static void none(ApiMessage answer) {
    assertThat(answer).isNotNull();
  }

  @Test
  void aJobThatIsBehind() throws IOException {
    live(3);
    assertThat(run(LagCommandTest::none)).as(console.err()).isZero();
    assertThat(console.out())
        .isEqualTo(
            """
            PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG  LIVE-LAG  TIME-LAG  RATE-IN  RATE-OUT  TREND       ETA
                    0               5               6    1         2  30s       0.0      2.5       recovering  0s
            total: lag 2, time lag 30s, in 0.0/s, out 2.5/s, recovering, caught up in 0s, Kafka keeps the next event for 6d 23h
            """);
    assertThat(console.err()).isEqualTo(UNREAD);
  }

  @Test
  void anOffsetFromLongAgoIsAskedForAgain() throws IOException {
    live(3);
    AtomicInteger questions = new AtomicInteger();
    flink.answer(
        METRICS + "?get=" + OFFSET + "%2C" + RATE,
        exchange -> {
          int offset = questions.getAndIncrement() < 2 ? 3 : 5;
          byte[] body =
              "[{\"id\":\"%s\",\"value\":\"%d\"}]".formatted(OFFSET, offset).getBytes(UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
        });
    assertThat(run(LagCommandTest::none, "--max-lag", "0")).as(console.err()).isZero();
    assertThat(questions.get()).isEqualTo(3);
  }

  @Test
  void aJobThatHasCaughtUp() throws IOException {
    live(5);
    assertThat(run(LagCommandTest::none, "--max-lag", "0", "--max-time-lag", "1s"))
        .as(console.err())
        .isZero();
    assertThat(console.out())
        .contains("total: lag 0, time lag 0s, in 0.0/s, out 2.5/s, caught up\n");
  }

  @Test
  void withoutLiveOffsetsTheCommittedOnesCount() throws IOException {
    flink.answer(METRICS, "[]");
    assertThat(run(LagCommandTest::none, "--max-lag", "0")).isEqualTo(3);
    assertThat(console.out()).contains("total: lag 1, ");
    assertThat(console.err())
        .isEqualTo(
            UNREAD
                + "trafficctl: Flink does not tell yet what the source reads; ask again soon\n"
                + "trafficctl: the lag is 1, which is 1 more than 0\n");
  }

  @Test
  void onlyAMarkerIsLeft() throws IOException {
    live(4);
    int exitCode =
        run(
            answer -> {
              if (answer instanceof FetchResponseData fetched && !fetched.responses().isEmpty()) {
                fetched
                    .responses()
                    .get(0)
                    .partitions()
                    .get(0)
                    .setRecords(
                        MemoryRecords.withEndTransactionMarker(
                            5,
                            1L,
                            1,
                            7,
                            (short) 1,
                            new EndTransactionMarker(ControlRecordType.COMMIT, 1)));
              }
            },
            "--max-lag",
            "0");
    assertThat(exitCode).as(console.err()).isZero();
    assertThat(console.out()).contains("total: lag 0, time lag 0s, ");
    assertThat(console.err())
        .isEqualTo(
            UNREAD
                + "trafficctl: in 1 partition no event lies between the offset and the end, only"
                + " what transactions or compaction left; their lag is 0\n");
  }

  @Test
  void anEventWithoutATimestampIsOfNoKnownAge() throws IOException {
    live(3);
    int exitCode =
        run(
            answer -> {
              if (answer instanceof FetchResponseData fetched && !fetched.responses().isEmpty()) {
                fetched
                    .responses()
                    .get(0)
                    .partitions()
                    .get(0)
                    .setRecords(
                        MemoryRecords.withRecords(
                            5,
                            Compression.NONE,
                            new SimpleRecord(RecordBatch.NO_TIMESTAMP, new byte[] {1})));
              }
            },
            "--max-time-lag",
            "1h");
    assertThat(exitCode).as(console.err()).isEqualTo(3);
    assertThat(console.out()).contains("total: lag 2, time lag -, ");
    assertThat(console.err())
        .contains(
            "trafficctl: the time lag is not known, so that it is not known to be at most 1h\n");
  }

  @Test
  void anEventWithFiftyMillionHeadersIsOfKnownAge() throws IOException {
    live(4);
    MemoryRecords flood = new Bomb(CompressionType.ZSTD, 1, 10, 50_000_000).batch(5);
    assertThat(run(answer -> sends(flood, answer))).as(console.err()).isZero();
    assertThat(console.out()).contains("total: lag 1, time lag ").doesNotContain("time lag -");
  }

  private static void sends(MemoryRecords records, ApiMessage answer) {
    if (answer instanceof FetchResponseData fetched && !fetched.responses().isEmpty()) {
      fetched.responses().get(0).partitions().get(0).setRecords(records);
    }
  }

  @Test
  void aDamagedEventIsOfNoKnownAge() throws IOException {
    live(4);
    MemoryRecords damaged = new Bomb(CompressionType.ZSTD, 1, 10, 0).batch(5);
    damaged.buffer().put(damaged.sizeInBytes() - 1, (byte) 77);
    int exitCode = run(answer -> sends(damaged, answer), "--max-time-lag", "1h");
    assertThat(exitCode).as(console.err()).isEqualTo(3);
    assertThat(console.out()).contains("total: lag 1, time lag -, ");
    assertThat(console.err())
        .contains(
            "trafficctl: offset 5 of partition 0 of topic 'web-traffic' cannot be read, its batch is"
                + " damaged in Kafka's log (Record is corrupt (stored crc = ")
        .contains("trafficctl restart --from-offsets with 0=6, ");
  }

  @Test
  void aPartitionWithoutALeader() throws IOException {
    live(3);
    int exitCode =
        run(
            answer -> {
              if (answer instanceof DescribeTopicPartitionsResponseData topics) {
                topics
                    .topics()
                    .iterator()
                    .next()
                    .partitions()
                    .get(0)
                    .setLeaderId(-1)
                    .setErrorCode(Errors.LEADER_NOT_AVAILABLE.code());
              }
            },
            "--max-lag",
            "100");
    assertThat(exitCode).isEqualTo(3);
    assertThat(console.out()).contains("total: lag -, time lag -, ");
    assertThat(console.err())
        .isEqualTo(
            UNREAD
                + "trafficctl: partition web-traffic-0 has no leader: nothing can be read from it"
                + " until a broker with a replica of it is back\n"
                + "trafficctl: the lag of 1 of 1 partitions is not known, and so that of all"
                + " together is not\n"
                + "trafficctl: the lag is not known, so that it is not known to be at most 100\n");
  }

  @Test
  void aTopicThatMayNotBeDescribed() throws IOException {
    live(3);
    int exitCode =
        run(
            answer -> {
              if (answer instanceof DescribeTopicPartitionsResponseData topics) {
                topics
                    .topics()
                    .iterator()
                    .next()
                    .setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code());
              }
            });
    assertThat(exitCode).isEqualTo(1);
    assertThat(console.out()).isEqualTo("");
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: Kafka at "
                + kafka.address()
                + " does not allow this key to see and read the topic 'web-traffic' (Topic"
                + " authorization failed.); grant it DESCRIBE and READ on the topic\n");
  }

  @Test
  void aPartitionWhoseEndMayNotBeKnown() throws IOException {
    live(3);
    int exitCode =
        run(
            answer -> {
              if (answer instanceof ListOffsetsResponseData offsets) {
                offsets
                    .topics()
                    .get(0)
                    .partitions()
                    .get(0)
                    .setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code());
              }
            });
    assertThat(exitCode).isEqualTo(1);
    assertThat(console.out()).isEqualTo("");
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: Kafka at "
                + kafka.address()
                + " does not allow this key to see and read the topic 'web-traffic' (Topic"
                + " authorization failed.); grant it DESCRIBE and READ on the topic\n");
  }

  @Test
  void aGroupThatMayNotBeDescribed() throws IOException {
    live(3);
    int exitCode = run(LagCommandTest::withoutGroup);
    assertThat(exitCode).isZero();
    assertThat(console.out())
        .isEqualTo(
            """
            PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG  LIVE-LAG  TIME-LAG  RATE-IN  RATE-OUT  TREND       ETA
                    0  -                            6  -           2  30s       0.0      2.5       recovering  0s
            total: lag 2, time lag 30s, in 0.0/s, out 2.5/s, recovering, caught up in 0s, Kafka keeps the next event for 6d 23h
            """);
    assertThat(console.err())
        .isEqualTo(
            UNREAD
                + "trafficctl: Kafka at "
                + kafka.address()
                + " does not allow this key to see the group 'traffic' (Group authorization"
                + " failed.); grant it DESCRIBE on the group; what the group has committed is"
                + " unknown\n");
  }

  @Test
  void aGroupOfWhichNothingIsKnownBesides() throws IOException {
    flink.answer(METRICS, "[]");
    int exitCode = run(LagCommandTest::withoutGroup, "--max-lag", "100", "--max-time-lag", "1h");
    assertThat(exitCode).isEqualTo(3);
    assertThat(console.out())
        .isEqualTo(
            """
            PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG  LIVE-LAG  TIME-LAG  RATE-IN  RATE-OUT  TREND  ETA
                    0  -                            6  -    -         -         0.0      -         -      -
            total: lag -, time lag -, in 0.0/s, out -/s, trend -
            """);
    assertThat(console.err())
        .contains(
            "what the group has committed is unknown\n",
            "trafficctl: the lag of 1 of 1 partitions is not known, and so that of all together is"
                + " not\n",
            "trafficctl: the lag is not known, so that it is not known to be at most 100\n",
            "trafficctl: the time lag is not known, so that it is not known to be at most 1h");
  }

  private static void withoutGroup(ApiMessage answer) {
    if (answer instanceof OffsetFetchResponseData offsets) {
      offsets
          .groups()
          .get(0)
          .setTopics(List.of())
          .setErrorCode(Errors.GROUP_AUTHORIZATION_FAILED.code());
    }
  }

  @Test
  void anotherGroupThatMayNotBeDescribedHasNoLag() throws IOException {
    kafka = new FakeKafka(LagCommandTest::withoutGroup);
    console.with("KAFKA_URL", kafka.address());
    flink.answer("/jobs/overview", "{\"jobs\":[]}");
    assertThat(console.run("lag", "--flink", flink.url(), "--group", "g")).isEqualTo(1);
    assertThat(console.out()).isEqualTo("");
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: Kafka at "
                + kafka.address()
                + " does not allow this key to see the group 'g' (Group authorization failed.);"
                + " grant it DESCRIBE on the group\n");
  }

  @Test
  void anotherGroupDoesNotDependOnTheJobs() throws IOException {
    kafka = new FakeKafka(LagCommandTest::none);
    console.with("KAFKA_URL", kafka.address());
    // Its settings are those of no version that is known here.
    assertThat(console.run("lag", "--flink", flink.url(), "--group", "g")).isZero();
    assertThat(console.out()).contains("total: lag 1, ");
    assertThat(console.err())
        .contains("--drain: there is no such setting", "; this is what Kafka alone tells\n");

    flink.answer(
        "/jobs/overview",
        "{\"jobs\":["
            + FakeFlink.job(FakeFlink.JOB, "traffic", "RUNNING")
            + ","
            + FakeFlink.job("c".repeat(32), "other", "RUNNING")
            + "]}");
    assertThat(console.run("lag", "--flink", flink.url(), "--group", "g")).isZero();
    assertThat(console.out()).contains("total: lag 1, ");
    assertThat(console.err())
        .startsWith("trafficctl: more than one job runs: ")
        .contains("; this is what Kafka alone tells\n");
    assertThat(console.run("lag", "traffic", "--flink", flink.url(), "--group", "g")).isEqualTo(1);
  }

  @Test
  void aRetentionThatMayNotBeAskedFor() throws IOException {
    live(3);
    int exitCode =
        run(
            answer -> {
              if (answer instanceof DescribeConfigsResponseData configs) {
                configs
                    .results()
                    .get(0)
                    .setConfigs(List.of())
                    .setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code());
              }
            },
            "--max-lag",
            "2");
    assertThat(exitCode).isZero();
    assertThat(console.out()).endsWith("recovering, caught up in 0s\n");
    assertThat(console.err()).isEqualTo(UNREAD);
  }

  @Test
  void anOffsetBehindTheEnd() throws IOException {
    flink.answer(METRICS, "[]");
    int exitCode =
        run(
            answer -> {
              if (answer instanceof OffsetFetchResponseData offsets) {
                offsets.groups().get(0).topics().get(0).partitions().get(0).setCommittedOffset(900);
              }
            });
    assertThat(exitCode).isZero();
    assertThat(console.out()).contains("total: lag -, ");
    assertThat(console.err())
        .contains(
            "trafficctl: partition web-traffic-0: the offset 900 lies behind the end of the log, 6:"
                + " the topic was made anew, or has lost events\n");
  }

  @Test
  void anOffsetThatKafkaHasDeleted() throws IOException {
    flink.answer(METRICS, "[]");
    int exitCode =
        run(
            answer -> {
              if (answer instanceof OffsetFetchResponseData offsets) {
                offsets.groups().get(0).topics().get(0).partitions().get(0).setCommittedOffset(2);
              }
              if (answer instanceof ListOffsetsResponseData offsets) {
                var partition = offsets.topics().get(0).partitions().get(0);
                partition.setOffset(partition.offset() == 0 ? 5 : partition.offset());
              }
            });
    assertThat(exitCode).isZero();
    assertThat(console.out()).contains("total: lag 1, ");
    assertThat(console.err())
        .contains(
            "trafficctl: partition web-traffic-0: Kafka has deleted what would be read next, the"
                + " offsets 2 to 4\n");
  }

  @Test
  void aBrokerThatIsNotThere() throws IOException {
    live(3);
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    assertThat(run("127.0.0.1:" + port, 2_000)).isEqualTo(5);
    assertThat(console.out()).isEqualTo("");
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: Kafka at 127.0.0.1:%d does not answer; check the address, that it runs, and whether it wants SASL_SSL\n"
                .formatted(port));
  }

  @Test
  void aPortWhereSomethingElseAnswers() {
    live(3);
    String http = URI.create(flink.url()).getAuthority();
    assertThat(run(http, 20_000)).isEqualTo(5);
    assertThat(console.out()).isEqualTo("");
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: Kafka at %1$s cannot be used: %1$s speaks HTTP (HTTP/1.1 400 Bad Request); check the address\n"
                .formatted(http));
  }

  @Test
  void aBrokerThatSendsItsClientsToSomethingElse() throws IOException {
    live(3);
    String http = URI.create(flink.url()).getAuthority();
    int exitCode =
        run(
            answer -> {
              if (answer instanceof MetadataResponseData metadata) {
                metadata
                    .brokers()
                    .iterator()
                    .next()
                    .setPort(Integer.parseInt(http.substring(http.indexOf(':') + 1)));
              }
            });
    assertThat(exitCode).isEqualTo(5);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: Kafka at %1$s cannot be used: %1$s sends its clients on to %2$s (advertised.listeners), which speaks HTTP (HTTP/1.1 400 Bad Request); check the address\n"
                .formatted(kafka.address(), http));
  }

  @Test
  void aSettingWithWhichNothingCanBeReadIsOneLine() throws IOException {
    kafka = new FakeKafka(LagCommandTest::none);
    flink.answer(METRICS, "[]");
    assertThat(run(kafka.address() + "\\\",\\\"--kafka.client.dns.lookup\\\",\\\"no", 20_000))
        .isEqualTo(1);
    assertThat(console.out()).isEqualTo("");
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: Kafka at "
                + kafka.address()
                + " cannot do that: Invalid value no for configuration client.dns.lookup: String"
                + " must be one of: use_all_dns_ips,"
                + " resolve_canonical_bootstrap_servers_only\n");
  }

  @Test
  void whatTheJobWaitsForDoesNotKeepThisWaiting() throws IOException {
    kafka = new FakeKafka(LagCommandTest::none);
    flink.answer(METRICS, "[]");
    assertThat(run(kafka.address() + "\\\",\\\"--kafka.fetch.min.bytes\\\",\\\"-1", 20_000))
        .isZero();
    assertThat(console.out()).contains("total: lag 1, time lag 30s, ");
  }

  @Test
  void aGroupWithoutFlink() throws IOException {
    kafka = new FakeKafka(LagCommandTest::none);
    console.with("KAFKA_URL", kafka.address());
    flink.close();
    assertThat(console.run("lag", "--flink", flink.url(), "--group", "g", "--wide")).isZero();
    assertThat(console.out())
        .contains("g      web-traffic          0                 0")
        .contains("total: lag 1, ");
    assertThat(console.err()).contains("cannot reach Flink", "; this is what Kafka alone tells\n");
  }

  @Test
  void optionsThatDoNotFit() {
    assertThat(console.run("lag", "--flink", flink.url(), "--watch", "--max-lag", "1"))
        .isEqualTo(2);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: --watch goes on until Ctrl-C and checks nothing; leave out --max-lag,"
                + " --max-time-lag and --max-open-transaction\n");
    assertThat(console.run("lag", "--flink", flink.url(), "--max-lag", "-1")).isEqualTo(2);
    assertThat(console.run("lag", "--flink", flink.url(), "--max-time-lag", "soon")).isEqualTo(2);
  }
}
