package dev.trafficctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.state.StateFixture;
import dev.trafficctl.model.StartDescription;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.ControlRecordType;
import org.apache.kafka.common.record.EndTransactionMarker;
import org.apache.kafka.common.record.MemoryRecords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code offsets} and {@code savepoint inspect} say of a Kafka that does not answer as one
 * would like. The one looks at Kafka alone and fails; the other shows all else that it knows.
 */
class OffsetsBadInputTest {
  private static final String UNKNOWN =
      "trafficctl: note: whether Kafka still has the events is not known: ";

  private final TestConsole console = TestConsole.frozen();
  private FakeKafka kafka;

  @TempDir Path directory;

  @BeforeEach
  void withoutAJar() {
    console.installedIn(directory);
  }

  @AfterEach
  void close() throws IOException {
    if (kafka != null) {
      kafka.close();
    }
  }

  private static void none(ApiMessage answer) {
    assertThat(answer).isNotNull();
  }

  private int offsets(Consumer<ApiMessage> change, String... place) throws IOException {
    kafka = new FakeKafka(change);
    console.with("KAFKA_URL", kafka.address());
    String[] all = new String[place.length + 5];
    System.arraycopy(place, 0, all, 5, place.length);
    all[0] = "offsets";
    all[1] = "--flink";
    all[2] = "http://127.0.0.1:1";
    all[3] = "--topic";
    all[4] = FakeKafka.TOPIC;
    return console.run(all);
  }

  private int inspect(String kafkaAddress) throws Exception {
    return inspect(kafkaAddress, 20_000);
  }

  private int inspect(String kafkaAddress, int timeoutMillis) throws Exception {
    return inspect(kafkaAddress, timeoutMillis, Map.of());
  }

  private int inspect(String kafkaAddress, int timeoutMillis, Map<Integer, Long> ofAnotherTopic)
      throws Exception {
    console.with("KAFKA_URL", null);
    StartDescription description =
        new StartDescription(
            "traffic",
            2,
            List.of(
                "--kafka-topic",
                FakeKafka.TOPIC,
                "--kafka-url",
                kafkaAddress,
                "--kafka.default.api.timeout.ms",
                Integer.toString(timeoutMillis),
                "--kafka.request.timeout.ms",
                Integer.toString(timeoutMillis),
                "--postgres-url",
                "jdbc:postgresql://p/t",
                "--postgres-user",
                "job"),
            "0.1.0",
            "ab12");
    Path savepoint =
        StateFixture.savepointWithSource(
            directory.resolve("savepoint-0a1b2c-1"), description, ofAnotherTopic);
    return console.run("savepoint", "inspect", savepoint.toString());
  }

  /** Offsets fails with these words, and an inspection shows the rest and tells them. */
  private void bothSay(int exitCode, String words, Consumer<ApiMessage> change) throws Exception {
    assertThat(offsets(change, "--earliest")).isEqualTo(exitCode);
    assertThat(console.out()).isEqualTo("");
    assertThat(console.err())
        .isEqualTo("trafficctl: " + words.replace("KAFKA", "Kafka at " + kafka.address()) + "\n");

    assertThat(inspect(kafka.address())).isZero();
    showsWhatIsInIt();
    assertThat(console.err())
        .contains(UNKNOWN + words.replace("KAFKA", "Kafka at " + kafka.address()) + "\n");
  }

  private void showsWhatIsInIt() {
    assertThat(console.out())
        .contains(
            "RESTORABLE  -\n",
            """
                    0  -                  12  -           -       -                 -               -               -
                    1  -                  40  -           -       -                 -               -               -
            """);
  }

  private static void error(MetadataResponseData.MetadataResponseTopic topic, Errors error) {
    topic.setErrorCode(error.code());
    topic.setPartitions(List.of());
  }

  /** So that the topic is the one of the state. */
  private static void sameTopic(ApiMessage answer) {
    if (answer instanceof DescribeTopicPartitionsResponseData topics) {
      topics.topics().iterator().next().setTopicId(Uuid.fromString("AAAAAAAAAAAAAAAAAAAAAQ"));
    }
  }

  @Test
  void aTopicThatMayNotBeSeen() throws Exception {
    bothSay(
        1,
        "KAFKA does not allow this key to see and read the topic 'web-traffic' (Not authorized to"
            + " access topics: [web-traffic]); grant it DESCRIBE and READ on the topic",
        answer -> {
          sameTopic(answer);
          if (answer instanceof MetadataResponseData metadata) {
            error(metadata.topics().iterator().next(), Errors.TOPIC_AUTHORIZATION_FAILED);
          }
        });
  }

  @Test
  void aPartitionWithoutALeader() throws Exception {
    bothSay(
        5,
        "partitions [0] of topic 'web-traffic' have no leader in KAFKA: start the brokers that hold"
            + " them",
        answer -> {
          sameTopic(answer);
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
  }

  @Test
  void aTopicThatIsNotThere() throws Exception {
    Consumer<ApiMessage> change =
        answer -> {
          if (answer instanceof MetadataResponseData metadata) {
            error(metadata.topics().iterator().next(), Errors.UNKNOWN_TOPIC_OR_PARTITION);
          }
          if (answer instanceof DescribeTopicPartitionsResponseData topics) {
            topics
                .topics()
                .iterator()
                .next()
                .setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
          }
        };
    assertThat(offsets(change, "--earliest")).isEqualTo(1);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: Kafka at "
                + kafka.address()
                + " has no topic 'web-traffic'; check the name, or create it\n");

    assertThat(inspect(kafka.address())).isEqualTo(3);
    assertThat(console.out()).contains("RESTORABLE  no");
    assertThat(console.err())
        .contains(
            "trafficctl: it can no longer be restored without loss: Kafka at "
                + kafka.address()
                + " has no topic web-traffic any more\n");
  }

  @Test
  void aBrokerThatIsNotThere() throws Exception {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    assertThat(inspect("127.0.0.1:" + port, 2_000)).isZero();
    showsWhatIsInIt();
    assertThat(console.err())
        .contains(
            UNKNOWN
                + "Kafka at 127.0.0.1:"
                + port
                + " does not answer; check the address, that it runs, and whether it wants"
                + " SASL_SSL\n");

    // The state tells the short time that is waited.
    assertThat(
            console.run(
                "offsets", "--savepoint", directory.resolve("savepoint-0a1b2c-1").toString()))
        .isEqualTo(5);
    assertThat(console.out()).isEqualTo("");
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: Kafka at 127.0.0.1:%d does not answer; check the address, that it runs, and whether it wants SASL_SSL\n"
                .formatted(port));
  }

  @Test
  void aTopicThatWasMadeAnew() throws Exception {
    kafka = new FakeKafka(OffsetsBadInputTest::none);
    assertThat(inspect(kafka.address())).isEqualTo(3);
    assertThat(console.err()).contains("is another one: its id was AAAAAAAAAAAAAAAAAAAAAQ and is ");
    assertThat(
            console.run(
                "offsets", "--savepoint", directory.resolve("savepoint-0a1b2c-1").toString()))
        .isEqualTo(4);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: the state is of a topic with the id AAAAAAAAAAAAAAAAAAAAAQ, and topic"
                + " web-traffic in Kafka at "
                + kafka.address()
                + " has the id AAAAAAAAAAEAAAAAAAAAAQ: its offsets say nothing of this topic\n");
  }

  @Test
  void offsetsBehindTheEndAreSaidSo() throws Exception {
    kafka = new FakeKafka(OffsetsBadInputTest::sameTopic);
    assertThat(inspect(kafka.address())).isEqualTo(3);
    assertThat(console.err())
        .contains(
            "partition 0 at offset 12: the log ends at offset 6; partition 1 at offset 40: no such"
                + " partition\n");
    assertThat(
            console.run(
                "offsets", "--savepoint", directory.resolve("savepoint-0a1b2c-1").toString()))
        .isZero();
    assertThat(console.out())
        .contains("the log ends at offset 6", "no such partition", "to the end: 0\n");
  }

  @Test
  void offsetsOfAnotherTopicDoNotCount() throws Exception {
    kafka = new FakeKafka(OffsetsBadInputTest::sameTopic);
    assertThat(inspect(kafka.address(), 20_000, Map.of(0, 3L))).isEqualTo(3);
    assertThat(console.err())
        .contains(
            "the source's own offsets are of the topic web traffic, and the job reads web-traffic:"
                + " they are not shown\n",
            "partition 0 at offset 12: the log ends at offset 6");
    assertThat(
            console.run(
                "offsets", "--savepoint", directory.resolve("savepoint-0a1b2c-1").toString()))
        .isZero();
    assertThat(console.out()).contains("        0      12  ");
  }

  @Test
  void countsFromTheFirstEventBehindAGap() throws Exception {
    // The only event is at offset 5, and the log begins at offset 0.
    assertThat(offsets(OffsetsBadInputTest::none, "--earliest")).as(console.err()).isZero();
    assertThat(console.err()).isEqualTo("");
    assertThat(console.out())
        .isEqualTo(
            """
            PARTITION  OFFSET  EVENT-TIME            TO-END  LOG-START-OFFSET  LOG-START-TIME        LOG-END-OFFSET  RETENTION-LEFT  NOTE  EVENT
                    0       0  2026-01-31T11:59:30Z       1                 0  2026-01-31T11:59:30Z               6  6d 23h          -     rejected: malformed_json
            to the end: at most 1
            """);
    assertThat(offsets(OffsetsBadInputTest::none, "--latest")).isZero();
    assertThat(console.out()).endsWith("\nto the end: 0\n");
  }

  @Test
  void aLogOfMarkersHasNoEvents() throws Exception {
    assertThat(
            offsets(
                answer -> {
                  if (answer instanceof FetchResponseData fetched
                      && !fetched.responses().isEmpty()) {
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
                "--earliest"))
        .as(console.err())
        .isZero();
    assertThat(console.out())
        .isEqualTo(
            """
            PARTITION  OFFSET  EVENT-TIME  TO-END  LOG-START-OFFSET  LOG-START-TIME  LOG-END-OFFSET  RETENTION-LEFT  NOTE                                                               EVENT
                    0       0  -                0                 0  -                            6  -               no event up to the end, only what transactions or compaction left  -
            to the end: 0
            """);
  }

  @Test
  void anEmptyTopic() throws Exception {
    assertThat(
            offsets(
                answer -> {
                  if (answer instanceof ListOffsetsResponseData listed) {
                    listed.topics().get(0).partitions().get(0).setOffset(0);
                  }
                },
                "--earliest"))
        .as(console.err())
        .isZero();
    assertThat(console.out()).contains(" empty ").endsWith("\nto the end: 0\n");
  }

  @Test
  void aRetentionThatMayNotBeAskedFor() throws Exception {
    int exitCode =
        offsets(
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
            "--earliest");
    assertThat(exitCode).isZero();
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: note: when Kafka deletes events is not known: Kafka at "
                + kafka.address()
                + " does not allow this key to see the configuration of the topic 'web-traffic'"
                + " (Topic authorization failed.); grant it DESCRIBE_CONFIGS on the topic\n");
    assertThat(console.out()).contains("  6  -               -     rejected: ");
  }
}
