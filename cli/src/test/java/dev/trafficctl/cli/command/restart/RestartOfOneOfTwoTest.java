package dev.trafficctl.cli.command.restart;

import static dev.trafficctl.cli.ScriptedFlink.checkpoint;
import static dev.trafficctl.cli.ScriptedFlink.completed;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.trafficctl.cli.FakeFlink;
import dev.trafficctl.cli.command.OnScriptedFlink;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.state.StateFixture;
import dev.trafficctl.model.StartDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Restarts of one of two jobs of one name whose states lie in one storage. */
class RestartOfOneOfTwoTest extends OnScriptedFlink {
  private static final String NEW = JobId.ofStart(FakeFlink.JOB, 1).text();
  private static final String OTHER = "b".repeat(32);
  private static final String SAVEPOINT = "s3://b/savepoint-aaaaaa-1";
  private static final Instant T0 = Instant.parse("2026-01-31T10:00:00Z");

  private Path storage;
  private Path jar;

  @BeforeEach
  void store() throws IOException {
    storage = Files.createDirectory(directory.resolve("checkpoints"));
    jar = Files.writeString(directory.resolve("job.jar"), "a jar");
    flink
        .server()
        .slots(4, 2)
        .answer(
            "/jobmanager/config",
            "[{\"key\":\"execution.checkpointing.dir\",\"value\":\"file:%s\"},".formatted(storage)
                + "{\"key\":\"execution.checkpointing.savepoint-dir\",\"value\":\"file:%s\"},"
                    .formatted(storage)
                + "{\"key\":\"web.tmpdir\",\"value\":\"/tmp/flink-web-1\"}]")
        .answer(
            "/jobs/" + FakeFlink.JOB + "/config",
            """
            {"execution-config":{"job-parallelism":2,"user-config":{
              "trafficctl.version":"1.2.3","trafficctl.arguments":%s}}}\
            """
                .formatted(
                    new JsonMapper()
                        .writeValueAsString(
                            new JsonMapper().writeValueAsString(started("ours").arguments()))));
    flink.starts(NEW, SAVEPOINT).history(checkpoint(7, false, "COMPLETED", "s3://b/c/chk-7"));
  }

  private static StartDescription started(String which) {
    return new StartDescription(
        "traffic",
        2,
        List.of(
            "--kafka-url",
            "no-such-host.invalid:9092",
            "--kafka-group",
            which,
            "--postgres-url",
            "jdbc:postgresql://p/t?currentSchema=" + which + "&connectTimeout=3",
            "--postgres-user",
            "job"),
        "1.2.3",
        null);
  }

  private Path state(String job, int number, StartDescription description, int minutes)
      throws Exception {
    Path state =
        StateFixture.checkpoint(storage.resolve(job + "/chk-" + number), number, description);
    Files.setLastModifiedTime(
        state.resolve("_metadata"), FileTime.from(T0.plusSeconds(60L * minutes)));
    return state;
  }

  /** The job was started once from here, so that it is in the journal, and Flink was lost. */
  private void isLost() {
    flink.does("stop", completed(SAVEPOINT)).states("RUNNING", "FINISHED");
    assertThat(restart()).as(console.err()).isZero();
    flink.server().answer("/jobs/overview", "{\"jobs\":[]}");
  }

  private int restart(String... options) {
    return run(
        Stream.concat(Stream.of("restart", "traffic", "--jar", jar.toString()), Stream.of(options))
            .toArray(String[]::new));
  }

  private JsonNode plan(String... options) throws IOException {
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of("--plan", "-o", "json"));
    assertThat(restart(all.toArray(String[]::new))).as(console.err()).isZero();
    return new JsonMapper().readTree(console.out());
  }

  private void refused(int exitCode, String... words) {
    assertThat(exitCode).as(console.err()).isEqualTo(4);
    assertThat(console.err()).contains(words);
    assertThat(console.out()).isEmpty();
  }

  private static String differences(String which) {
    return "consumer group %s, Postgres p:5432/t schema %s".formatted(which, which);
  }

  @Test
  void theNewestIsThatOfTheJobThatIsStartedAndNotANewerOneOfAnother() throws Exception {
    isLost();
    Path ours = state(NEW, 8, started("ours"), 1);
    state(OTHER, 99, started("theirs"), 2);

    JsonNode plan = plan("--from-checkpoint", "latest");

    assertThat(plan.path("restore").asText()).isEqualTo("file:" + ours);
    assertThat(plan.path("arguments"))
        .extracting(JsonNode::asText)
        .containsSequence("--kafka-group", "ours");
    assertThat(plan.path("warnings"))
        .extracting(JsonNode::asText)
        .contains("1 newer checkpoint is of another job: " + differences("theirs"));
  }

  @Test
  void theNewestIsByTimeAndNotByNumber() throws Exception {
    isLost();
    state(NEW, 90, started("ours"), 1);
    Path newest = state(OTHER, 2, started("ours"), 2);
    assertThat(plan("--from-checkpoint", "latest").path("restore").asText())
        .isEqualTo("file:" + newest);
  }

  @Test
  void whereOnlyAnotherJobHasStatesNoneIsTaken() throws Exception {
    isLost();
    state(OTHER, 8, started("theirs"), 1);
    Path newest = state(OTHER, 9, started("theirs"), 2);

    refused(
        restart("--from-checkpoint", "latest"),
        "; 2 checkpoints are of another job: "
            + differences("theirs")
            + "; if that is meant: --allow-state-of-another-job; see: trafficctl checkpoints");

    JsonNode plan = plan("--from-checkpoint", "latest", "--allow-state-of-another-job");
    assertThat(plan.path("restore").asText()).isEqualTo("file:" + newest);
    assertThat(plan.path("warnings"))
        .extracting(JsonNode::asText)
        .contains(
            "file:"
                + newest
                + " is the state of another job than the one that is started: consumer group"
                + " theirs instead of ours, Postgres p:5432/t schema theirs instead of p:5432/t"
                + " schema ours");
  }

  @Test
  void aStateOfAnotherJobThatIsNamedIsRefusedBeforeAnythingIsEnded() throws Exception {
    Path theirs = state(OTHER, 8, started("theirs"), 1);

    refused(
        restart("--from-checkpoint", theirs.toString()),
        "trafficctl: file:"
            + theirs
            + " is the state of another job than the one that is started: consumer group theirs"
            + " instead of ours, Postgres p:5432/t schema theirs instead of p:5432/t schema ours;"
            + " nothing was changed\n"
            + "trafficctl: if that is meant: trafficctl restart traffic --flink "
            + flink.server().url()
            + " --from-checkpoint file:"
            + theirs
            + " --jar "
            + jar
            + " --allow-state-of-another-job\n");
    assertThat(flink.server().requests()).allMatch(request -> request.startsWith("GET "));
  }

  @Test
  void aStateOfAJobOfAnotherNameIsRefused() throws Exception {
    StartDescription named =
        new StartDescription("orders", 2, started("ours").arguments(), "1.2.3", null);
    Path theirs = state(OTHER, 8, named, 1);
    refused(
        restart("--from-checkpoint", theirs.toString()),
        "than the one that is started: job name orders instead of traffic;");
  }

  /** One that does not tell its table is of a version that had the default one alone. */
  @Test
  void aStateOfAJobThatWritesToAnotherTableIsRefused() throws Exception {
    List<String> arguments = new ArrayList<>(started("ours").arguments());
    arguments.addAll(List.of("--table", "Beside"));
    StartDescription beside = new StartDescription("traffic", 2, arguments, "1.2.3", null);
    Path theirs = state(OTHER, 8, beside, 1);
    refused(
        restart("--from-checkpoint", theirs.toString()),
        "than the one that is started: table Beside instead of processed_events;");

    plan("--from-checkpoint", theirs.toString(), "--set", "table=Beside");
    Path ours = state(OTHER, 9, started("ours"), 2);
    plan("--from-checkpoint", ours.toString(), "--set", "table=Beside");
  }

  @Test
  void whatTheRestartItselfChangesIsNoDifference() throws Exception {
    Path ours = state(OTHER, 8, started("ours"), 1);
    assertThat(
            plan("--from-checkpoint", ours.toString(), "--set", "kafka-group=renamed")
                .path("warnings"))
        .extracting(JsonNode::asText)
        .noneMatch(warning -> warning.contains("another job"));

    Path theirs = state(OTHER, 9, started("theirs"), 2);
    assertThat(
            plan(
                    "--from-checkpoint",
                    theirs.toString(),
                    "--set",
                    "kafka-group=renamed",
                    "--set",
                    "postgres-url=jdbc:postgresql://p/t?currentSchema=renamed")
                .path("warnings"))
        .extracting(JsonNode::asText)
        .anyMatch(
            warning ->
                warning.endsWith(
                    "consumer group theirs instead of ours or renamed, Postgres p:5432/t schema"
                        + " theirs instead of p:5432/t schema ours or p:5432/t schema renamed"));
  }

  @Test
  void theStatesOfTheJobsBeforeAreItsOwnWhateverWasChangedBetween() throws Exception {
    flink.does("stop", completed(SAVEPOINT)).states("RUNNING", "FINISHED");
    assertThat(restart("--set", "kafka-group=renamed")).as(console.err()).isZero();
    flink.server().answer("/jobs/overview", "{\"jobs\":[]}");
    Path before = state(FakeFlink.JOB, 6, started("ours"), 1);
    state(OTHER, 99, started("ours"), 2);

    JsonNode plan = plan("--from-checkpoint", "latest");

    assertThat(plan.path("restore").asText()).isEqualTo("file:" + before);
    assertThat(plan.path("arguments"))
        .extracting(JsonNode::asText)
        .containsSequence("--kafka-group", "renamed");
  }

  @Test
  void anotherWayToReachTheSameDatabaseAndKafkaIsNoOtherJob() throws Exception {
    isLost();
    List<String> arguments =
        List.of(
            "--kafka-url",
            "other-broker:9092,NO-such-host.invalid:9092",
            "--kafka-group",
            "ours",
            "--postgres-url",
            "jdbc:postgresql://P:5432/t?socketTimeout=9&currentSchema=ours",
            "--postgres-user",
            "somebody");
    Path ours = state(OTHER, 8, new StartDescription("traffic", 2, arguments, "1.2.3", null), 1);
    assertThat(plan("--from-checkpoint", "latest").path("restore").asText())
        .isEqualTo("file:" + ours);
  }

  @Test
  void whereNothingTellsWhichJobIsMeantNoneIsChosen() throws Exception {
    flink.server().answer("/jobs/overview", "{\"jobs\":[]}");
    Path ours = state(NEW, 8, started("ours"), 1);
    state(OTHER, 8, started("theirs"), 2);
    Path theirs = state(OTHER, 9, started("theirs"), 3);

    String start = "trafficctl: trafficctl restart traffic --flink " + flink.server().url();
    refused(
        restart("--from-checkpoint", "latest"),
        "trafficctl: nothing tells how the job traffic was started, and there are checkpoints of 2"
            + " jobs of that name; nothing was changed; name the one that is meant:\n"
            + way(start, theirs, "theirs", "10:03:00Z"),
        way(start, ours, "ours", "10:01:00Z"));
    refused(restart(), "so there is nothing to stop; say from where it is started:\n");
    assertThat(console.err()).contains(ours.toString(), theirs.toString());
    assertThat(flink.server().requests()).allMatch(request -> request.startsWith("GET "));

    JsonNode plan = plan("--from-checkpoint", ours.toString());
    assertThat(plan.path("arguments"))
        .extracting(JsonNode::asText)
        .containsSequence("--kafka-group", "ours");
    assertThat(
            plan("--from-checkpoint", "latest", "--allow-state-of-another-job")
                .path("restore")
                .asText())
        .isEqualTo("file:" + theirs);
  }

  private String way(String start, Path path, String which, String at) {
    return "%s --from-checkpoint file:%s --jar %s  (Kafka no-such-host.invalid:9092, %s, of 2026-01-31T%s, "
        .formatted(start, path, jar, differences(which) + ", table processed_events", at);
  }

  @Test
  void whereNothingTellsButAllStatesAreOfOneJobTheNewestIsTaken() throws Exception {
    flink.server().answer("/jobs/overview", "{\"jobs\":[]}");
    state(NEW, 8, started("theirs"), 1);
    Path newest = state(OTHER, 2, started("theirs"), 2);
    assertThat(plan("--from-checkpoint", "latest").path("restore").asText())
        .isEqualTo("file:" + newest);
  }

  @Test
  void aCheckpointIsNeverTakenForASavepoint() throws Exception {
    isLost();
    state(NEW, 8, started("ours"), 5);
    refused(restart("--from-savepoint", "latest"), "no savepoint of the job traffic is found");
  }
}
