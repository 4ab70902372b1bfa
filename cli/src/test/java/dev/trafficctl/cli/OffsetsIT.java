package dev.trafficctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.trafficctl.cli.context.Destination;
import dev.trafficctl.cli.kafka.KafkaConnection;
import dev.trafficctl.local.Distribution;
import dev.trafficctl.local.LocalStack;
import dev.trafficctl.local.StackStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a real savepoint and a real topic say of offsets, beside what Kafka's own client says. */
@ExtendWith(SharedStack.class)
class OffsetsIT {
  private static final String UNKNOWABLE =
      "; whether events or only marks of transactions were there can no longer be known";
  private static final String TOPIC = "offsets";
  private static final int PARTITIONS = 4;
  private static final JsonMapper JSON = new JsonMapper();

  private final TestConsole console = TestConsole.real();
  private Properties connection;
  private Admin kafka;

  @TempDir Path directory;

  @BeforeEach
  void connect() {
    console.with("XDG_STATE_HOME", directory.toString());
    StackStatus.Addresses at =
        LocalStack.in(
                Path.of(SharedStack.directory()),
                Distribution.ofCheckout(Path.of("..").toAbsolutePath().normalize()))
            .status()
            .addresses();
    connection =
        KafkaConnection.properties(
            Destination.named(at.kafka(), at.environment()), at.kafkaClient());
    kafka = Admin.create(connection);
  }

  @AfterEach
  void close() {
    kafka.close();
  }

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--directory", SharedStack.directory()));
    return console.run(all.toArray(String[]::new));
  }

  private JsonNode document(int exitCode, String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("-o", "json"));
    assertThat(run(all.toArray(String[]::new))).as(console.err()).isEqualTo(exitCode);
    return JSON.readTree(console.out());
  }

  private SortedMap<Integer, Long> listed(OffsetSpec spec) throws Exception {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      asked.put(new TopicPartition(TOPIC, partition), spec);
    }
    SortedMap<Integer, Long> offsets = new TreeMap<>();
    kafka
        .listOffsets(asked)
        .all()
        .get()
        .forEach((partition, found) -> offsets.put(partition.partition(), found.offset()));
    return offsets;
  }

  private static SortedMap<Integer, Long> column(JsonNode document, String pointer) {
    SortedMap<Integer, Long> column = new TreeMap<>();
    for (JsonNode row : document.path("partitions")) {
      column.put(row.path("partition").asInt(), row.at(pointer).asLong());
    }
    return column;
  }

  private void deleteBefore(int partition, long offset)
      throws ExecutionException, InterruptedException {
    kafka
        .deleteRecords(
            Map.of(new TopicPartition(TOPIC, partition), RecordsToDelete.beforeOffset(offset)))
        .all()
        .get();
  }

  @Test
  void saysWhetherKafkaStillHasWhatASavepointGoesOnWith() throws Exception {
    assertThat(run("demo", "--topic", TOPIC, "--count", "1000")).as(console.err()).isZero();
    SharedStack.awaitHealthyJob(console);
    assertThat(run("stop", "traffic")).as(console.err()).isZero();
    String savepoint = console.out().lines().reduce((first, last) -> last).orElseThrow();
    SortedMap<Integer, Long> taken = listed(OffsetSpec.latest());
    Instant between = Instant.now();
    assertThat(run("local", "traffic", "--topic", TOPIC, "--count", "400"))
        .as(console.err())
        .isZero();

    JsonNode whole = document(0, "savepoint", "inspect", savepoint);
    assertThat(whole.path("restorable").asBoolean()).as(console.err()).isTrue();
    assertThat(console.err()).isEmpty();
    assertThat(column(whole, "/sourceOffset")).isEqualTo(taken);
    assertThat(column(whole, "/readProgress")).isEqualTo(taken);
    assertThat(whole.path("operators").findValuesAsText("inJar"))
        .containsExactly("restored", "restored", "restored", "restored", "stateless");

    // What Kafka's own client says of the same moments.
    JsonNode at = document(0, "offsets", "traffic", "--at", between.toString());
    assertThat(column(at, "/offset"))
        .isEqualTo(listed(OffsetSpec.forTimestamp(between.toEpochMilli())))
        .isEqualTo(taken);
    assertThat(column(at, "/logEndOffset")).isEqualTo(listed(OffsetSpec.latest()));
    assertThat(at.path("toEnd").asLong()).isEqualTo(400);
    for (JsonNode row : at.path("partitions")) {
      assertThat(Instant.parse(row.path("eventTime").asText())).isAfterOrEqualTo(between);
      assertThat(row.path("retentionLeftMillis").asLong()).isPositive();
    }
    JsonNode of = document(0, "offsets", "--savepoint", savepoint);
    assertThat(column(of, "/offset")).isEqualTo(taken);
    assertThat(of.findValuesAsText("event")).isEqualTo(at.findValuesAsText("event"));

    long lost = taken.get(2) + 7;
    deleteBefore(2, lost);
    deleteBefore(3, taken.get(3));

    JsonNode cut = document(3, "savepoint", "inspect", savepoint);
    String gap =
        "partition 2 at offset %d: lost offsets %d to %d (7)"
            .formatted(taken.get(2), taken.get(2), lost - 1);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: it can no longer be restored without loss: "
                + gap
                + UNKNOWABLE
                + fromOffsets(taken.get(0), taken.get(1), lost, taken.get(3))
                + "\n");
    assertThat(cut.path("restorable").asBoolean()).isFalse();
    assertThat(cut.path("losses")).hasSize(1);
    assertThat(column(cut, "/inKafka/lost")).isEqualTo(Map.of(0, 0L, 1, 0L, 2, 7L, 3, 0L));

    JsonNode before = document(0, "offsets", "--at", between.toString(), "--topic", TOPIC);
    assertThat(column(before, "/offset"))
        .isEqualTo(listed(OffsetSpec.forTimestamp(between.toEpochMilli())));
    assertThat(before.at("/partitions/2/place").asText()).isEqualTo("before_log_start");
    assertThat(before.at("/partitions/2/note").asText())
        .isEqualTo("before retention: older events are deleted");
    JsonNode earliest = document(0, "offsets", "--earliest", "--topic", TOPIC);
    assertThat(column(earliest, "/offset")).isEqualTo(listed(OffsetSpec.earliest()));

    losesNothingInSilenceOfAPartitionThatIsAddedLater(savepoint);

    String goingOn = fromOffsets(taken.get(0), taken.get(1), lost, taken.get(3), 10L);
    assertThat(run("restart", "traffic", "--from-savepoint", "latest")).isEqualTo(4);
    assertThat(console.err()).endsWith(UNKNOWABLE + goingOn + "\n");
    String offsets = goingOn.substring(goingOn.lastIndexOf("'0=") + 1, goingOn.length() - 1);
    assertThat(run("restart", "traffic", "--from-offsets", offsets)).as(console.err()).isZero();
    assertThat(console.out()).contains("to the end: 403\n");
  }

  private static String fromOffsets(Long... offsets) {
    List<String> each = new ArrayList<>();
    for (Long offset : offsets) {
      each.add(each.size() + "=" + offset);
    }
    return "; to go on with what is left, start without state: trafficctl restart traffic"
        + " --directory '"
        + SharedStack.directory()
        + "' --from-offsets '"
        + String.join(",", each)
        + "'";
  }

  /** The state knows nothing of it, and what was deleted of it before is as much lost as any. */
  private void losesNothingInSilenceOfAPartitionThatIsAddedLater(String savepoint)
      throws Exception {
    int added = PARTITIONS;
    kafka.createPartitions(Map.of(TOPIC, NewPartitions.increaseTo(added + 1))).all().get();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(connection, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int event = 0; event < 20; event++) {
        producer.send(new ProducerRecord<>(TOPIC, added, null, new byte[0])).get();
      }
    }
    deleteBefore(added, 10);
    String lost = "partition 4 has lost offsets 0 to 9 (10 offsets), they were deleted before";

    assertThat(document(3, "savepoint", "inspect", savepoint).path("losses").path(1).asText())
        .isEqualTo("partition 4 at offset 0: not in the state: lost offsets 0 to 9 (10)");
    assertThat(run("restart", "traffic", "--from-savepoint", "latest"))
        .as(console.err())
        .isEqualTo(4);
    assertThat(console.err()).contains(lost);
    JsonNode verified = document(3, "verify", "traffic");
    assertThat(verified.at("/lost/1/partition").asInt()).isEqualTo(4);
    assertThat(verified.at("/lost/1/firstOffset").asLong()).isZero();
    assertThat(verified.at("/lost/1/lastOffset").asLong()).isEqualTo(9);
    assertThat(console.err()).contains(lost);
  }

  @Test
  void saysThatATopicIsEmptyOrThatThereIsNone() throws Exception {
    kafka.createTopics(List.of(new NewTopic("offsets-empty", 1, (short) 1))).all().get();

    JsonNode empty = document(0, "offsets", "--at", "-1h", "--topic", "offsets-empty");
    assertThat(empty.at("/partitions/0/offset").asLong()).isZero();
    assertThat(empty.at("/partitions/0/place").asText()).isEqualTo("at_end");
    assertThat(empty.at("/partitions/0/note").asText()).isEqualTo("empty");
    assertThat(empty.at("/partitions/0/eventTime").isNull()).isTrue();

    assertThat(run("offsets", "--latest", "--topic", "offsets-none")).isEqualTo(1);
    assertThat(console.err())
        .contains(" has no topic 'offsets-none'; check the name, or create it\n")
        .startsWith("trafficctl: Kafka at ");
    assertThat(console.err().lines()).hasSize(1);
  }
}
