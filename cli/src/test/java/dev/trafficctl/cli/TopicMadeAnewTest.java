package dev.trafficctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.trafficctl.cli.state.StateFixture;
import dev.trafficctl.job.ReadProgress;
import dev.trafficctl.model.StartDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job whose topic was deleted and made anew since some of its states were made. */
class TopicMadeAnewTest {
  private static final String BEFORE = "AAAAAAAAAAAAAAAAAAAAAQ";
  private static final String NOW = "AAAAAAAAAAEAAAAAAAAAAQ";
  private static final String OTHER_TOPIC =
      "of another topic: topic web-traffic with the id %s, which is %s now".formatted(BEFORE, NOW);

  private final ScriptedFlink flink = new ScriptedFlink();
  private final TestConsole console = TestConsole.jumping();
  private FakeKafka kafka;
  private boolean nothingCommitted;
  private String kafkaUrl;
  private Path storage;
  private Path jar;

  @TempDir Path directory;

  @BeforeEach
  void store() throws IOException {
    kafka = new FakeKafka(this::forget);
    kafkaUrl = kafka.address();
    storage = Files.createDirectory(directory.resolve("checkpoints"));
    jar = Files.writeString(directory.resolve("job.jar"), "a jar");
    console.with("XDG_STATE_HOME", directory.toString());
    flink
        .server()
        .answer("/jobs/overview", "{\"jobs\":[]}")
        .answer(
            "/jobmanager/config",
            "[{\"key\":\"execution.checkpointing.dir\",\"value\":\"file:%s\"}]".formatted(storage));
  }

  @AfterEach
  void close() throws IOException {
    kafka.close();
    flink.close();
  }

  /** With a topic Kafka deletes what groups have committed of it. */
  private void forget(ApiMessage answer) {
    if (nothingCommitted && answer instanceof OffsetFetchResponseData committed) {
      committed
          .groups()
          .forEach(
              group ->
                  group
                      .topics()
                      .forEach(
                          topic ->
                              topic
                                  .partitions()
                                  .forEach(partition -> partition.setCommittedOffset(-1))));
    }
  }

  private Path state(int number, String topicId) throws Exception {
    StartDescription description =
        new StartDescription(
            "traffic",
            1,
            List.of(
                "--kafka-url",
                kafkaUrl,
                "--kafka-topic",
                FakeKafka.TOPIC,
                "--postgres-url",
                "jdbc:postgresql://p/traffic",
                "--postgres-user",
                "job"),
            "1.2.3",
            null);
    Path state =
        StateFixture.checkpoint(
            storage.resolve("b".repeat(32) + "/chk-" + number),
            number,
            description,
            new ReadProgress(topicId, -1, -1),
            new ReadProgress(topicId, 0, 4));
    Files.setLastModifiedTime(
        state.resolve("_metadata"),
        FileTime.from(Instant.parse("2026-01-31T10:00:00Z").plusSeconds(number)));
    return state;
  }

  private int restart(String from) {
    return console.run(
        "restart",
        "traffic",
        "--flink",
        flink.server().url(),
        "--jar",
        jar.toString(),
        "--from-checkpoint",
        from,
        "--plan",
        "-o",
        "json");
  }

  @Test
  void theNewestIsOfTheTopicThatIsThereNow() throws Exception {
    Path ours = state(8, NOW);
    state(9, BEFORE);

    assertThat(restart("latest")).as(console.err()).isZero();

    JsonNode plan = new JsonMapper().readTree(console.out());
    assertThat(plan.path("restore").asText()).isEqualTo("file:" + ours);
    assertThat(plan.path("warnings"))
        .extracting(JsonNode::asText)
        .contains("1 newer checkpoint is " + OTHER_TOPIC);
  }

  @Test
  void whereAllAreOfTheTopicBeforeNoneIsTaken() throws Exception {
    Path newest = state(9, BEFORE);

    assertThat(restart("latest")).isEqualTo(4);
    assertThat(console.err())
        .contains("; 1 checkpoint is " + OTHER_TOPIC + "; see: trafficctl checkpoints")
        .doesNotContain("if that is meant");

    assertThat(restart(newest.toString())).isEqualTo(4);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: the state was made while topic web-traffic had the id %s, and it is %s now: its offsets say nothing of this topic; start without state, for example --from-earliest\n"
                .formatted(BEFORE, NOW));
  }

  @Test
  void whereTheTopicCannotBeLookedAtTheNewestIsTaken() throws Exception {
    kafkaUrl = "no-such-host.invalid:9092";
    state(8, NOW);
    Path newest = state(9, BEFORE);

    assertThat(restart("latest")).as(console.err()).isZero();

    assertThat(new JsonMapper().readTree(console.out()).path("restore").asText())
        .isEqualTo("file:" + newest);
  }

  private void verifyRefuses(String why, String... more) {
    try (FakePostgres postgres = FakePostgres.empty().answering("topic_id <>", "3")) {
      List<String> all =
          new ArrayList<>(List.of("verify", "traffic", "--flink", flink.server().url()));
      all.addAll(List.of("--postgres-url", postgres.url()));
      all.addAll(List.of(more));
      assertThat(console.run(all.toArray(String[]::new))).as(console.err()).isEqualTo(4);
      assertThat(console.out()).isEqualTo("");
      assertThat(console.err()).endsWith("trafficctl: " + why + "\n");
    }
  }

  @Test
  void verifyComparesNothingWithRowsOfTheTopicBefore() throws Exception {
    state(9, BEFORE);
    String other =
        "the topic web-traffic of Kafka at %s has the id %s, under which no job has written there: the rows of that name (sources [3]) are of another topic; it was made anew and not read since, or this is another Kafka than the job's: check --kafka-url and the context"
            .formatted(kafkaUrl, NOW);

    verifyRefuses(other);
    verifyRefuses(other, "--to", "0=6");
  }

  @Test
  void verifyDoesNotTakeTheJobForOneWithoutState() throws Exception {
    Path newest = state(9, BEFORE);
    nothingCommitted = true;

    verifyRefuses(
        "the topic web-traffic has the id %s, and the newest state of the job, file:%s, was made while it had the id %s: it was made anew and not read since, or this is another Kafka than the job's: check --kafka-url and the context"
            .formatted(NOW, newest, BEFORE));
  }
}
