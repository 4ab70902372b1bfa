package dev.trafficctl.cli.command.restart;

import static dev.trafficctl.cli.ScriptedFlink.IN_PROGRESS;
import static dev.trafficctl.cli.ScriptedFlink.checkpoint;
import static dev.trafficctl.cli.ScriptedFlink.completed;
import static dev.trafficctl.cli.ScriptedFlink.failed;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trafficctl.cli.FakeFlink;
import dev.trafficctl.cli.ScriptedFlink;
import dev.trafficctl.cli.TestConsole;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.flink.TriggerId;
import dev.trafficctl.cli.journal.Author;
import dev.trafficctl.cli.state.StateFixture;
import dev.trafficctl.model.StartDescription;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RestartCommandTest {
  private static final String SHOWN = "traffic (" + FakeFlink.JOB + ")";
  private static final String NEW = JobId.ofStart(FakeFlink.JOB, 1).text();
  private static final String JOB = "/jobs/" + FakeFlink.JOB;
  private static final String SAVEPOINT = "s3://b/savepoint-aaaaaa-1";
  private static final String CHECKPOINT = "s3://b/c/chk-7";

  private final ScriptedFlink flink = new ScriptedFlink();
  private final TestConsole console = TestConsole.jumping();
  private Path jar;

  @TempDir Path directory;

  @BeforeEach
  void start() throws IOException {
    console.with("XDG_STATE_HOME", directory.resolve("state").toString());
    jar = Files.writeString(directory.resolve("job.jar"), "a jar");
    describes(
        "[\\\"--kafka-url\\\",\\\"no-such-host.invalid:9092\\\","
            + "\\\"--postgres-url\\\",\\\"jdbc:postgresql://p/t\\\","
            + "\\\"--postgres-user\\\",\\\"job\\\"]");
    flink.starts(NEW, SAVEPOINT).history(checkpoint(7, false, "COMPLETED", CHECKPOINT));
  }

  @AfterEach
  void close() {
    flink.close();
  }

  private void describes(String arguments) {
    flink
        .server()
        .answer(
            JOB + "/config",
            """
            {"execution-config":{"job-parallelism":2,"user-config":{
              "trafficctl.version":"1.2.3","trafficctl.arguments":"%s"}}}\
            """
                .formatted(arguments));
  }

  private int run(String... arguments) {
    return console.run(
        Stream.concat(
                Stream.of("restart", "--jar", jar.toString(), "--flink", flink.server().url()),
                Stream.of(arguments))
            .toArray(String[]::new));
  }

  /** The requests that change something, in their order. */
  private List<String> changes() {
    return flink.server().requests().stream()
        .filter(request -> !request.startsWith("GET "))
        .toList();
  }

  private List<JsonNode> bodies() throws IOException {
    List<JsonNode> bodies = new ArrayList<>();
    for (String body : flink.server().bodies()) {
      if (body.startsWith("{")) {
        bodies.add(new JsonMapper().readTree(body));
      }
    }
    return bodies;
  }

  private JsonNode last(String verb) throws IOException {
    assertThat(console.run("operations", "-o", "json")).isZero();
    for (JsonNode operation : new JsonMapper().readTree(console.out()).path("operations")) {
      if (operation.path("verb").asText().equals(verb)) {
        return operation;
      }
    }
    throw new AssertionError("no " + verb);
  }

  private void refused(int exitCode, String message) {
    assertThat(console.err()).isEqualTo("trafficctl: " + message + "\n");
    assertThat(console.out()).isEqualTo("");
    assertThat(exitCode).isEqualTo(4);
    assertThat(changes()).isEmpty();
  }

  @Test
  void stopsWithASavepointAndStartsFromIt() throws IOException {
    flink.does("stop", IN_PROGRESS, completed(SAVEPOINT)).states("RUNNING", "FINISHED");
    assertThat(run("--parallelism", "3")).as(console.err()).isZero();
    assertThat(changes())
        .containsExactly(
            "POST /jars/upload",
            "POST /jars/1_job.jar/plan",
            "POST " + JOB + "/stop",
            "POST /jars/1_job.jar/run",
            "DELETE /jars/1_job.jar");
    JsonNode sent = bodies().get(2);
    ObjectNode rest = (ObjectNode) sent.deepCopy();
    assertThat(rest.remove("programArgsList"))
        .extracting(JsonNode::asText)
        .containsSequence("--kafka-url", "no-such-host.invalid:9092")
        .containsSequence("--postgres-user", "job");
    assertThat(
            ((ObjectNode) rest.path("flinkConfiguration")).remove("trafficctl.operation").asText())
        .matches("restart-20260131-120000-[0-9a-f]{4}");
    assertThat(rest)
        .isEqualTo(
            new JsonMapper()
                .createObjectNode()
                .put("jobId", NEW)
                .put("parallelism", 3)
                .put("savepointPath", SAVEPOINT)
                .put("claimMode", "NO_CLAIM")
                .put("allowNonRestoredState", false)
                .set(
                    "flinkConfiguration",
                    new JsonMapper()
                        .createObjectNode()
                        .put("trafficctl.submitted-by", Author.current().toString())));
    assertThat(console.out())
        .isEqualTo("way back: " + SAVEPOINT + "\njob traffic runs as:\n" + NEW + "\n");
    assertThat(console.err())
        .endsWith(
            "all tasks of traffic ("
                + NEW
                + ") run\nthe way back: trafficctl restart traffic --flink "
                + flink.server().url()
                + " --from-savepoint "
                + SAVEPOINT
                + " --parallelism 2\n");
  }

  @Test
  void fromACheckpointItCancelsAndNeverStops() throws IOException {
    flink.states("RUNNING", "CANCELLING", "CANCELED").starts(NEW, CHECKPOINT);
    flink.server().answer(JOB + "?mode=cancel", "");
    assertThat(run("--from-checkpoint", "latest")).as(console.err()).isZero();
    assertThat(changes())
        .containsExactly(
            "POST /jars/upload",
            "POST /jars/1_job.jar/plan",
            "PATCH " + JOB + "?mode=cancel",
            "POST /jars/1_job.jar/run",
            "DELETE /jars/1_job.jar");
    assertThat(bodies().get(1).path("savepointPath").asText()).isEqualTo(CHECKPOINT);
  }

  @Test
  void aJobThatFlinkTellsLateToRunIsStoppedAndNotCancelled() {
    flink
        .details(FakeFlink.details("RUNNING", 0), FakeFlink.details("RUNNING", 2))
        .does("stop", completed(SAVEPOINT))
        .states("RUNNING", "FINISHED");
    assertThat(run()).as(console.err()).isZero();
    assertThat(changes())
        .contains("POST " + JOB + "/stop")
        .doesNotContain("PATCH " + JOB + "?mode=cancel");
  }

  @Test
  void aJobOfWhichNotAllTasksRunIsCancelledOnceThatIsSure() {
    flink
        .details(FakeFlink.details("RESTARTING", 1))
        .states("RESTARTING", "CANCELED")
        .starts(NEW, CHECKPOINT);
    flink.server().answer(JOB + "?mode=cancel", "");
    assertThat(run()).as(console.err()).isZero();
    assertThat(console.err())
        .contains(
            "looking again for 4s\n",
            "note: the job is RESTARTING and not all of its tasks run, so no savepoint can be"
                + " taken: it is cancelled instead\n");
    assertThat(changes())
        .contains("PATCH " + JOB + "?mode=cancel")
        .doesNotContain("POST " + JOB + "/stop");
  }

  @Test
  void aJobThatEndsWhileItIsLookedAtIsNotCancelled() {
    flink.details(FakeFlink.details("RESTARTING", 0), FakeFlink.details("FAILED", 0));
    assertThat(run()).isEqualTo(1);
    assertThat(console.err())
        .endsWith(
            "trafficctl: the job "
                + SHOWN
                + " has just ended, it is FAILED; nothing was changed; see how it ended:"
                + " trafficctl status "
                + FakeFlink.JOB
                + " --flink "
                + flink.server().url()
                + "; then give the same command again\n");
    assertThat(changes()).isEmpty();
  }

  @Test
  void fromACheckpointItRefusesACancelThatDeletesTheCheckpoints() {
    flink
        .server()
        .answer(
            JOB + "/checkpoints/config",
            "{\"interval\":1,\"timeout\":1,\"externalization\":{\"enabled\":false}}");
    refused(
        run("--from-checkpoint", "latest"),
        "the job traffic would have to be cancelled, and Flink deletes its checkpoints then; give"
            + " a savepoint to start from (--from-savepoint PATH), or give its state up first:"
            + " trafficctl cancel traffic --discard-state --flink "
            + flink.server().url());
  }

  @Test
  void aRestoreThatFlinkDoesNotConfirmIsNoSuccess() {
    flink
        .does("stop", completed(SAVEPOINT))
        .states("RUNNING", "FINISHED")
        .starts(NEW, "s3://b/another");
    assertThat(run()).isEqualTo(6);
    assertThat(console.err())
        .contains(
            "the job "
                + NEW
                + " runs, but Flink says that it was restored from s3://b/another and not from "
                + SAVEPOINT);
  }

  @Test
  void whoWasFasterIsNamed() {
    flink.does("stop", completed(SAVEPOINT)).states("RUNNING", "FINISHED");
    flink
        .server()
        .answer(
            "/jars/1_job.jar/run",
            400,
            "{\"errors\":[\"org.apache.flink.util.FlinkException: Failed to execute"
                + " job.\\nCaused by: org.apache.flink.runtime.client"
                + ".DuplicateJobSubmissionException: Job has already been submitted.\"]}")
        .answer(
            "/jobs/" + NEW + "/config",
            "{\"execution-config\":{\"job-parallelism\":2,\"user-config\":"
                + "{\"trafficctl.submitted-by\":\"bob@bastion\"}}}");
    assertThat(run()).isEqualTo(4);
    assertThat(console.err())
        .endsWith(
            "trafficctl: bob@bastion has started the job traffic at the same moment, as "
                + NEW
                + "; see: trafficctl status "
                + NEW
                + " --flink "
                + flink.server().url()
                + "\n");
  }

  @Test
  void aStartThatFailsAfterTheStopSaysHowToFinishIt() throws IOException {
    flink.does("stop", completed(SAVEPOINT)).states("RUNNING", "FINISHED");
    flink
        .server()
        .answer(
            "/jars/1_job.jar/run",
            400,
            "{\"errors\":[\"Internal server error.\",\"a.B: no Kafka \\u001b[31m\\n\\tat"
                + " a.b(C.java:1)\"]}");
    assertThat(run("--set", "batch-rows=7")).isEqualTo(7);
    assertThat(console.out()).endsWith(SAVEPOINT + "\n");
    assertThat(console.err())
        .endsWith(
            "trafficctl: the job traffic has ended, but was not started again: B: no Kafka"
                + " \\u001B[31m\n"
                + "trafficctl: once that is mended, this finishes it: trafficctl restart traffic"
                + " --flink "
                + flink.server().url()
                + " --from-savepoint "
                + SAVEPOINT
                + " --parallelism 2 --set batch-rows=7 --jar "
                + jar
                + "\ntrafficctl: the way back: trafficctl restart traffic --flink "
                + flink.server().url()
                + " --from-savepoint "
                + SAVEPOINT
                + " --set batch-rows=5000\n")
        .doesNotContain("\tat ");
    assertThat(changes()).endsWith("DELETE /jars/1_job.jar");
    assertThat(last("restart").path("outcome").asText()).isEqualTo("partly_done");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/%s",
        "%s/",
        "%s/_metadata",
        "%s/.",
        "%s/../savepoint-aaaaaa-1",
        "FILE:%s",
        "file://localhost%s",
        "file:///%s",
        "%s-link",
        "file:%s-link/_metadata"
      })
  void everySpellingOfAPathReachesFlinkAndTheCommandThatFinishesItAsTheOneThatFlinkTakes(
      String spelling) throws Exception {
    Path savepoint = StateFixture.savepoint(directory.resolve("savepoint-aaaaaa-1"));
    Files.createSymbolicLink(directory.resolve("savepoint-aaaaaa-1-link"), savepoint);
    flink.does("stop", completed(SAVEPOINT)).states("RUNNING", "FINISHED");
    flink
        .server()
        .answer("/jars/1_job.jar/run", 400, "{\"errors\":[\"Internal.\",\"a.B: no Kafka\"]}");

    assertThat(run("--from-savepoint", spelling.formatted(savepoint))).isEqualTo(7);

    assertThat(bodies().get(2).path("savepointPath").asText()).isEqualTo("file:" + savepoint);
    assertThat(console.err())
        .contains(
            "this finishes it: trafficctl restart traffic --flink "
                + flink.server().url()
                + " --from-savepoint file:"
                + savepoint
                + " --parallelism 2 --jar ");
  }

  @Test
  void aPathRelativeToHereIsMadeAbsolute() throws Exception {
    Path savepoint = StateFixture.savepoint(directory.resolve("savepoint-aaaaaa-1"));
    Path relative = Path.of("").toAbsolutePath().relativize(savepoint);
    assertThat(run("--from-savepoint", relative.toString(), "--plan", "-o", "json"))
        .as(console.err())
        .isZero();
    assertThat(new JsonMapper().readTree(console.out()).path("restore").asText())
        .isEqualTo("file:" + savepoint);
  }

  @Test
  void aPathThatFlinkCouldNeverReadIsRefusedAtTheDoor() {
    assertThat(run("--from-savepoint", "file://nas/savepoint-1")).isEqualTo(2);
    assertThat(console.err())
        .startsWith(
            "trafficctl: --from-savepoint: 'file://nas/savepoint-1' is no place that Flink could"
                + " read; a local one is file:/DIRECTORY\n");
    assertThat(changes()).isEmpty();
  }

  @Test
  void stateThatNoOperatorTakesIsNamedWithTheOptionThatLeavesItBehind() throws IOException {
    String operator = "0123456789abcdef0123456789abcdef";
    flink.does("stop", completed(SAVEPOINT)).states("RUNNING", "FINISHED").starts(NEW, SAVEPOINT);
    // As Flink 2.2.1 says it.
    flink
        .server()
        .answer("/jobs/" + NEW, FakeFlink.details("FAILED", 0))
        .answer(
            "/jobs/" + NEW + "/exceptions?maxExceptions=20",
            """
            {"exceptionHistory":{"entries":[{"timestamp":1769860788000,"stacktrace":\
            "java.lang.IllegalStateException: Failed to rollback to checkpoint/savepoint %s. \
            Cannot map checkpoint/savepoint state for operator %s to the new program, because the \
            operator is not available in the new program. If you want to allow to skip this, you \
            can set the --allowNonRestoredState option on the CLI.\\n\\tat a.b(C.java:1)"}],\
            "truncated":false}}\
            """
                .formatted(SAVEPOINT, operator));
    assertThat(run("--set", "batch-rows=7")).isEqualTo(7);
    String restart = "trafficctl restart traffic --flink " + flink.server().url();
    assertThat(console.err())
        .contains(
            "trafficctl: the job traffic ("
                + NEW
                + ") has failed: "
                + SAVEPOINT
                + " holds state of the operator "
                + operator
                + ", which the job does not have; --allow-non-restored-state leaves that state"
                + " behind for good\n",
            "trafficctl: if that state may be lost, this finishes it: "
                + restart
                + " --from-savepoint "
                + SAVEPOINT
                + " --parallelism 2 --set batch-rows=7 --jar "
                + jar
                + " --allow-non-restored-state\n")
        .doesNotContain("allowNonRestoredState");
  }

  @Test
  void nothingIsStartedWhenTheStopFails() {
    flink.does("stop", failed("org.apache.flink.runtime.checkpoint.CheckpointException: full"));
    assertThat(run()).isEqualTo(1);
    assertThat(console.err())
        .endsWith(
            "trafficctl: "
                + SHOWN
                + " was not stopped: CheckpointException: full\n"
                + "trafficctl: there is no savepoint, and the job is RUNNING\n"
                + "trafficctl: no new job was started\n");
    assertThat(changes()).doesNotContain("POST /jars/1_job.jar/run");
  }

  @Test
  void nothingIsLeftOpenWhenFlinkIsGoneBeforeItIsAskedToStop() throws IOException {
    String trigger = TriggerId.of("stop", new JobId(FakeFlink.JOB), 1).text();
    flink
        .server()
        .answer(
            JOB + "/savepoints/" + trigger,
            exchange -> {
              throw new IOException("gone");
            });
    assertThat(run()).isEqualTo(5);
    assertThat(console.err())
        .contains("trafficctl: cannot reach Flink at " + flink.server().url())
        .endsWith(
            "\ntrafficctl: the job was not asked to end\n"
                + "trafficctl: no new job was started\n");
    assertThat(last("restart").path("outcome").asText()).isEqualTo("unreachable");
    assertThat(changes()).doesNotContain("POST " + JOB + "/stop", "POST /jars/1_job.jar/run");
  }

  @Test
  void theJobThatRunsTellsHowItWasStartedAndNotANewerOneThatEnded() throws IOException {
    String ended = "c".repeat(32);
    flink
        .server()
        .answer(
            "/jobs/overview",
            "{\"jobs\":["
                + FakeFlink.job(ended, "traffic", "CANCELED")
                    .replace("1769857200000", "1769860000000")
                + ","
                + FakeFlink.job(FakeFlink.JOB, "traffic", "RUNNING")
                + "]}")
        .answer(
            "/jobs/" + ended + "/config",
            """
            {"execution-config":{"job-parallelism":7,"user-config":{
              "trafficctl.version":"1.2.3","trafficctl.arguments":"[]"}}}\
            """);
    assertThat(run("traffic", "--plan", "-o", "json")).as(console.err()).isZero();
    assertThat(console.out()).contains("parallelism 2").doesNotContain("parallelism 7");
  }

  @Test
  void whatAFailedStartLeftOfTheSameNameIsNotInTheWay() throws IOException {
    String leftover = "c".repeat(32);
    flink
        .server()
        .answer(
            "/jobs/overview",
            "{\"jobs\":["
                + FakeFlink.job(leftover, "traffic", "FAILED")
                    .replace("1769857200000", "1769860000000")
                + ","
                + FakeFlink.job(FakeFlink.JOB, "traffic", "RUNNING")
                + "]}")
        .answer("/jobs/" + leftover + "/config", "{\"jid\":\"" + leftover + "\"}");
    // The id of the start follows from the newest job of the name, be it one that failed.
    String id = JobId.ofStart(leftover, 1).text();
    flink.does("stop", completed(SAVEPOINT)).states("RUNNING", "FINISHED").starts(id, SAVEPOINT);
    assertThat(run("traffic")).as(console.err()).isZero();
    assertThat(bodies().get(2).path("jobId").asText()).isEqualTo(id);
    assertThat(bodies().get(2).at("/programArgsList/1").asText())
        .isEqualTo("no-such-host.invalid:9092");
  }

  @Test
  void twoJobsOfTheNameAreRefused() {
    String other = "c".repeat(32);
    flink
        .server()
        .answer(
            "/jobs/overview",
            "{\"jobs\":["
                + FakeFlink.job(other, "traffic", "RESTARTING")
                + ","
                + FakeFlink.job(FakeFlink.JOB, "traffic", "RUNNING")
                + "]}");
    refused(
        run("traffic"),
        "more than one job named traffic runs: "
            + other
            + ", "
            + FakeFlink.JOB
            + "; stop all but one by their ids first: trafficctl stop ID --flink "
            + flink.server().url());
  }

  @Test
  void aJobThatFlinkForgetsMeanwhileIsNotCancelled() {
    flink.server().answer(JOB, 404, "{\"errors\":[\"a.NotFoundException: not found\"]}");
    assertThat(run("--from-savepoint", SAVEPOINT)).isEqualTo(1);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: Flink no longer knows the job "
                + SHOWN
                + "; nothing was changed; see: trafficctl jobs --flink "
                + flink.server().url()
                + "\n");
    assertThat(changes()).isEmpty();
  }

  @Test
  void settingsWithWhichTheJobWasNeverStartedAreForgottenForThoseInTheState() throws Exception {
    flink.does("stop", completed(SAVEPOINT)).states("RUNNING", "FINISHED");
    flink
        .server()
        .answer("/jars/1_job.jar/run", 400, "{\"errors\":[\"Internal.\",\"a.B: no Kafka\"]}");
    assertThat(run("--set", "kafka-url=no-such-host.invalid:1")).isEqualTo(7);
    // The JobManager was started anew.
    flink.server().slots(4, 4).answer("/jobs/overview", "{\"jobs\":[]}");
    Path state =
        StateFixture.checkpoint(
            directory.resolve("chk-9"),
            9,
            new StartDescription(
                "traffic",
                2,
                List.of(
                    "--kafka-url",
                    "no-such-host.invalid:9092",
                    "--postgres-url",
                    "jdbc:postgresql://p/t",
                    "--postgres-user",
                    "job"),
                "1.2.3",
                null));
    assertThat(run("traffic", "--from-checkpoint", state.toString(), "--plan", "-o", "json"))
        .as(console.err())
        .isZero();
    JsonNode plan = new JsonMapper().readTree(console.out());
    assertThat(plan.path("argumentsFrom").asText()).isEqualTo("the state in file:" + state);
    assertThat(plan.path("arguments"))
        .extracting(JsonNode::asText)
        .containsSequence("--kafka-url", "no-such-host.invalid:9092");

    assertThat(run("traffic", "--from-savepoint", SAVEPOINT, "--plan", "-o", "json"))
        .as("nothing else tells them")
        .isZero();
    assertThat(new JsonMapper().readTree(console.out()).path("argumentsFrom").asText())
        .startsWith("the journal, restart-");
  }

  @Test
  void aDirectoryThatCannotBeReadFromHereIsNotTakenForOneThatIsEmpty() throws IOException {
    flink
        .server()
        .answer(
            "/jobmanager/config",
            "[{\"key\":\"execution.checkpointing.savepoint-dir\",\"value\":\"s3://b/savepoints\"},"
                + "{\"key\":\"execution.checkpointing.dir\",\"value\":\"%s\"},"
                    .formatted(Files.createDirectory(directory.resolve("checkpoints")))
                + "{\"key\":\"web.tmpdir\",\"value\":\"/tmp/flink-web-1\"}]");
    refused(
        run("--from-savepoint", "latest"),
        "Flink remembers no savepoint of the job traffic that can be restored, and"
            + " s3://b/savepoints cannot be read from this machine without Flink's file-system"
            + " plug-in for it; set FLINK_PLUGINS_DIR to the plugins directory of a Flink; see:"
            + " trafficctl savepoint list --flink "
            + flink.server().url());
    flink.server().answer("/jobs/overview", "{\"jobs\":[]}");
    refused(
        run("traffic", "--from-checkpoint", "latest"),
        "no checkpoint of the job traffic is found that can be restored, neither in what Flink"
            + " remembers nor in "
            + directory.resolve("checkpoints")
            + "; see: trafficctl checkpoints --flink "
            + flink.server().url());
  }

  private Path withSessions(String name) throws Exception {
    return StateFixture.savepointWithSource(
        directory.resolve(name),
        StateFixture.DESCRIPTION,
        Map.of(0, 12L),
        "sessions",
        "sessions-late");
  }

  private String leftBehind(String path, String options) {
    return path
        + " holds state of the operators sessions (%s), sessions-late (%s), which the job in "
            .formatted(StateFixture.id("sessions"), StateFixture.id("sessions-late"))
        + jar
        + " does not have; nothing was changed; --allow-non-restored-state leaves that state"
        + " behind for good\n"
        + "trafficctl: if that state may be lost: trafficctl restart traffic --flink "
        + flink.server().url()
        + options
        + " --jar "
        + jar
        + " --allow-non-restored-state";
  }

  @Test
  void stateThatNoOperatorOfTheJarTakesIsRefusedBeforeAnythingIsStopped() throws Exception {
    StateFixture.jar(jar, "filter", "read", "write");
    String newest = "file:" + withSessions("chk-7");
    flink.history(checkpoint(7, false, "COMPLETED", newest));
    refused(
        run("--parallelism", "3", "--set", "batch-rows=7"),
        leftBehind(newest, " --parallelism 3 --set batch-rows=7"));
    refused(run("--plan"), leftBehind(newest, ""));
    refused(run("--from-checkpoint", "latest"), leftBehind(newest, " --from-checkpoint latest"));

    String given = "file:" + withSessions("savepoint-aaaaaa-4");
    refused(run("--from-savepoint", given), leftBehind(given, " --from-savepoint " + given));
  }

  @Test
  void thePlanNamesTheStateThatIsLeftBehind() throws Exception {
    StateFixture.jar(jar, "filter", "read", "write");
    String newest = "file:" + withSessions("chk-7");
    flink.history(checkpoint(7, false, "COMPLETED", newest));
    assertThat(run("--allow-non-restored-state", "--plan")).as(console.err()).isZero();
    assertThat(console.out())
        .contains(
            "note: left behind for good: the state of the operators sessions (%s), sessions-late (%s), which the job in %s does not have\n"
                .formatted(StateFixture.id("sessions"), StateFixture.id("sessions-late"), jar));
    assertThat(changes()).isEmpty();
  }

  @Test
  void stateThatTheJarTakesOrOfWhichNothingTellsIsNotInTheWay() throws Exception {
    flink.history(checkpoint(7, false, "COMPLETED", "file:" + withSessions("chk-7")));
    assertThat(run("--plan")).as("the jar lists no operators").isZero();
    StateFixture.jar(jar, "filter", "read", "write", "sessions", "sessions-late");
    assertThat(run("--plan")).as("the jar has all of them").isZero();
    assertThat(console.out()).doesNotContain("left behind");
    StateFixture.jar(jar, "filter");
    flink.history(checkpoint(7, false, "COMPLETED", CHECKPOINT));
    assertThat(run("--plan")).as("the state cannot be read from here").isZero();
    assertThat(console.out()).doesNotContain("left behind");
  }

  @Test
  void theStateOfAnotherJobIsCalledThat() throws Exception {
    StateFixture.jar(jar, "filter", "read", "write");
    Path other = StateFixture.savepointOfAnotherJob(directory.resolve("savepoint-aaaaaa-5"));
    assertThat(run("--from-savepoint", other.toString())).isEqualTo(4);
    assertThat(console.err())
        .contains(
            "file:%s holds state of the operator orders (%s), which the job in %s does not have, and of no operator that it has: it is the state of another job; nothing was changed; "
                .formatted(other, StateFixture.id("orders"), jar));
    assertThat(changes()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../jars",
        "%252f..",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
        "\u001b[31m"
      })
  void aJobThatIsNoneIsNamedAndNeverBecomesPartOfAPath(String job) {
    refused(
        run(job),
        "Flink at "
            + flink.server().url()
            + " knows no job "
            + job.replace("\n", "\\u000A").replace("\u001b", "\\u001B")
            + ", so there is nothing to stop; say from where it is started, see: trafficctl"
            + " restart --help");
    assertThat(flink.server().requests())
        .containsOnly("GET /jobs/overview", "GET /jobmanager/config");
  }

  @Test
  void aPathThatHoldsNothingToRestoreIsRefusedBeforeAnythingIsStopped() throws Exception {
    Path empty = Files.createDirectories(directory.resolve("a b;ü/savepoint-aaaaaa-1"));
    Path torn = StateFixture.savepoint(directory.resolve("savepoint-aaaaaa-2"));
    byte[] whole = Files.readAllBytes(torn.resolve("_metadata"));
    Files.write(torn.resolve("_metadata"), java.util.Arrays.copyOf(whole, whole.length / 2));
    Path unfinished = Files.createDirectories(directory.resolve("chk-9"));
    String none = directory + "/no such; dir";

    String see = "; nothing was changed; see what can be restored: trafficctl ";
    String savepoints = see + "savepoint list --flink " + flink.server().url();
    refused(run("--from-savepoint", none), "there is no " + none + savepoints);
    refused(
        run("--from-savepoint", empty.toString()),
        empty + " holds no _metadata, so it is no complete savepoint or checkpoint" + savepoints);
    refused(
        run("--from-savepoint", torn.toString()),
        torn + "/_metadata is cut off: it was not written to its end" + savepoints);
    refused(
        run("--from-checkpoint", "file:" + unfinished),
        unfinished
            + " holds no _metadata, so it is no complete savepoint or checkpoint"
            + see
            + "checkpoints --flink "
            + flink.server().url());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2026-01-31T12:00:01Z|lies in the future; it is 2026-01-31T12:00:00Z now",
        "1769860800|looks like seconds; give epoch milliseconds: 1769860800000",
        "2026-01-31T11:00:00|has no zone; in UTC it is 2026-01-31T11:00:00Z",
        "1969-12-31T23:59:59Z|lies before 1970; for the first event give --from-earliest",
        "0|nothing in Kafka is so old; for the first event give --from-earliest",
        "yesterday|is not understood",
        "-2x|is not understood; a time before now is given as -2h, -10m or -3d"
      })
  void aTimestampThatIsNoneIsWrongUsage(String time, String why) {
    assertThat(run("--from-timestamp=" + time)).isEqualTo(2);
    assertThat(console.err())
        .startsWith("trafficctl: --from-timestamp: ")
        .contains("'" + time + "'", why)
        .hasLineCount(1);
    assertThat(flink.server().requests()).isEmpty();
  }

  @Test
  void aKafkaWhoseHostIsUnknownCannotBeReachedAndNothingIsStopped() {
    assertThat(run("--from-timestamp=-1h")).isEqualTo(5);
    assertThat(console.err())
        .startsWith("trafficctl: Kafka at no-such-host.invalid:9092 ")
        .hasLineCount(1);
    assertThat(changes()).isEmpty();
  }

  @Test
  void aKafkaWhoseHostIsUnknownIsNotInTheWayOfARestore() throws Exception {
    Path savepoint = StateFixture.savepoint(directory.resolve("savepoint-aaaaaa-3"));
    assertThat(run("--from-savepoint", savepoint.toString(), "--plan")).isZero();
    assertThat(console.out())
        .contains(
            "note: Kafka at no-such-host.invalid:9092 ",
            "note: what each partition is read from is not known before\n");
    assertThat(changes()).isEmpty();
  }

  @Test
  void argumentsThatCannotBeReadAreAsGoodAsNone() {
    describes("nonsense");
    refused(
        run(),
        "nothing tells how the job traffic was started; give its settings: trafficctl restart"
            + " traffic --flink "
            + flink.server().url()
            + " ... -- --kafka-url HOST:PORT --postgres-url URL ...");
  }

  @Test
  void anotherJarThanTheJobHadIsRefusedWithBothWays() throws IOException {
    Path checkout = directory.resolve("checkout");
    Path other = Files.createDirectories(checkout.resolve("job/target"));
    other = Files.writeString(other.resolve("traffic-job-2.0.jar"), "another jar");
    String had = "5".repeat(64);
    flink
        .server()
        .answer(
            JOB + "/config",
            """
            {"execution-config":{"job-parallelism":2,"user-config":{
              "trafficctl.version":"1.2.3","trafficctl.jar-sha256":"%s",
              "trafficctl.arguments":"[\\"--kafka-url\\",\\"k:1\\",\\"--postgres-url\\",\
            \\"jdbc:postgresql://p/t\\",\\"--postgres-user\\",\\"job\\"]"}}}\
            """
                .formatted(had));
    console.installedIn(checkout);
    int exitCode =
        console.run(
            "restart",
            "--from-timestamp=2026-01-31T11:00:00Z",
            "--set",
            "batch-rows=7",
            "--flink",
            flink.server().url());
    String command =
        "trafficctl restart traffic --flink "
            + flink.server().url()
            + " --from-timestamp 2026-01-31T11:00:00Z --set batch-rows=7 --jar ";
    refused(
        exitCode,
        "the job traffic was started from another jar (version 1.2.3, SHA-256 "
            + had
            + ") than the one that comes with this trafficctl; nothing was changed\n"
            + "trafficctl: to run the one that comes with it: "
            + command
            + other
            + "\ntrafficctl: to run the one that it had, give that as FILE: "
            + command
            + "FILE");
  }

  @Test
  void thePlanSaysAsAProgramReadsItThatItIsOne() throws IOException {
    assertThat(run("--plan", "-o", "json")).isZero();
    JsonNode plan = new JsonMapper().readTree(console.out());
    assertThat(plan.path("planOnly").asBoolean()).isTrue();
    assertThat(plan.path("verb").asText()).isEqualTo("restart");
    assertThat(plan.path("jobId").asText()).isEqualTo(FakeFlink.JOB);
    assertThat(plan.path("previousJobId").asText()).isEqualTo(FakeFlink.JOB);
    assertThat(changes()).isEmpty();
  }

  @Test
  void aJobOfAVersionWithoutTheSettingKeepsItsTableWhateverIsSetHere() throws IOException {
    console.with("POSTGRES_TABLE", "other");
    assertThat(run("--plan", "-o", "json")).as(console.err()).isZero();
    assertThat(new JsonMapper().readTree(console.out()).path("arguments"))
        .extracting(JsonNode::asText)
        .containsSequence("--table", "processed_events");
  }

  @Test
  void thePlanSaysThatWhatWasWrittenStaysWhereItIs() {
    String note =
        "note: what was written so far stays in Postgres p:5432/t schema public, table"
            + " processed_events, and only what comes goes to p:5432/t schema %s, table %s; to have"
            + " all of it there, start with --from-earliest\n";
    String other = "postgres-url=jdbc:postgresql://p/t?currentSchema=other";
    assertThat(run("--plan", "--set", other)).as(console.err()).isZero();
    assertThat(console.out()).contains(note.formatted("other", "processed_events"));
    assertThat(run("--plan", "--set", "table=Other")).as(console.err()).isZero();
    assertThat(console.out()).contains(note.formatted("public", "Other"));
    assertThat(run("--plan", "--set", "table=processed_events")).as(console.err()).isZero();
    assertThat(console.out()).doesNotContain("stays in Postgres");
    String same = "postgres-url=jdbc:postgresql://p:5432/t?tcpKeepAlive=true";
    assertThat(run("--plan", "--set", same)).as(console.err()).isZero();
    assertThat(console.out()).doesNotContain("stays in Postgres");
  }

  @Test
  void theTimeIsOverWhileItStopsAndResumeFinishesIt() throws IOException {
    flink.does("stop", IN_PROGRESS);
    assertThat(run("--timeout", "30s")).isEqualTo(6);
    String said = console.err();
    JsonNode open = last("restart");
    assertThat(open.path("outcome").asText()).isEqualTo("open");
    assertThat(said)
        .endsWith(
            "trafficctl: the stop of traffic still goes on in Flink after 30s; find out how it"
                + " ended with: trafficctl operations resume "
                + open.path("id").asText()
                + "\ntrafficctl: no new job was started yet; that command also starts it\n");
    flink.results("stop", 1, completed(SAVEPOINT)).states("FINISHED");
    assertThat(console.run("operations", "resume", open.path("id").asText()))
        .as(console.err())
        .isZero();
    assertThat(console.out()).endsWith(SAVEPOINT + "\n");
    assertThat(changes()).containsOnlyOnce("POST " + JOB + "/stop", "POST /jars/1_job.jar/run");
    assertThat(last("restart").path("outcome").asText()).isEqualTo("done");
    assertThat(last("stop").path("outcome").asText()).isEqualTo("done");
  }

  @Test
  void theTimeIsThatOfTheStopAndTheStartTogether() throws IOException {
    String[] goesOn = Stream.generate(() -> IN_PROGRESS).limit(14).toArray(String[]::new);
    List<String> results = new ArrayList<>(List.of(goesOn));
    results.add(completed(SAVEPOINT));
    flink.does("stop", results.toArray(String[]::new)).states("RUNNING", "FINISHED");
    flink.server().answer("/jobs/" + NEW, FakeFlink.details("RUNNING", 1));
    AtomicReference<Duration> waited = new AtomicReference<>(Duration.ZERO);
    TestConsole counting =
        TestConsole.jumping(time -> waited.updateAndGet(time::plus))
            .with("XDG_STATE_HOME", directory.resolve("state").toString());
    assertThat(
            counting.run(
                "restart",
                "--jar",
                jar.toString(),
                "--flink",
                flink.server().url(),
                "--timeout",
                "30s"))
        .isEqualTo(6);
    assertThat(counting.err()).contains("stopped " + SHOWN + " with a savepoint");
    assertThat(waited.get()).isLessThan(Duration.ofSeconds(33));
    assertThat(changes()).contains("POST /jars/1_job.jar/run");
  }

  @Test
  void theTimeIsOverWhileItStartsAndResumeComesBack() throws IOException {
    flink.does("stop", completed(SAVEPOINT)).states("RUNNING", "FINISHED");
    flink.server().answer("/jobs/" + NEW, FakeFlink.details("RUNNING", 1));
    assertThat(run("--timeout", "30s")).isEqualTo(6);
    String said = console.err();
    JsonNode open = last("restart");
    assertThat(open.path("outcome").asText()).isEqualTo("open");
    assertThat(said)
        .endsWith(
            "find out how it goes on with: trafficctl operations resume "
                + open.path("id").asText()
                + "\ntrafficctl: the way back: trafficctl restart traffic --flink "
                + flink.server().url()
                + " --from-savepoint "
                + SAVEPOINT
                + "\n");
    flink.server().answer("/jobs/" + NEW, FakeFlink.details("RUNNING", 2));
    assertThat(console.run("operations", "resume", open.path("id").asText())).isZero();
    assertThat(changes()).containsOnlyOnce("POST /jars/1_job.jar/run");
  }

  @Test
  void resumeTakesAwayTheJarThatAKilledProcessLeft() throws IOException {
    flink.does("stop", IN_PROGRESS);
    assertThat(run("--timeout", "30s")).isEqualTo(6);
    String id = last("restart").path("id").asText();
    flink.results("stop", 1, completed(SAVEPOINT)).states("FINISHED");
    flink
        .server()
        .answer("/jars/upload", "{\"filename\":\"/u/2_job.jar\",\"status\":\"success\"}")
        .answer("/jars/2_job.jar", "{}")
        .answer("/jars/2_job.jar/run", "{\"jobid\":\"" + NEW + "\"}");
    int before = changes().size();
    assertThat(console.run("operations", "resume", id)).as(console.err()).isZero();
    assertThat(changes().subList(before, changes().size()))
        .containsExactly(
            "POST /jars/upload",
            "POST /jars/2_job.jar/run",
            "DELETE /jars/2_job.jar",
            "DELETE /jars/1_job.jar");
  }

  @Test
  void theKafkaThatTheJobHasIsNoOtherOneWhenItIsNamedAmongAllSettings() {
    // Where it is right for the JobManager, something else answers here.
    String http = URI.create(flink.server().url()).getAuthority();
    flink
        .server()
        .answer(
            JOB + "/config",
            """
            {"execution-config":{"job-parallelism":2,"user-config":{"trafficctl.arguments":
              "[\\"--kafka-url\\",\\"%s\\"]"}}}\
            """
                .formatted(http));
    String[] whole = {
      "--", "--kafka-url", http, "--postgres-url", "jdbc:postgresql://p/t", "--postgres-user", "job"
    };
    flink.does("stop", completed(SAVEPOINT)).states("RUNNING", "FINISHED");
    assertThat(run(with(whole, "traffic"))).as(console.err()).isZero();
    assertThat(changes()).contains("POST /jars/1_job.jar/plan");
    console.with("KAFKA_URL", "no-such-host.invalid:1");
    assertThat(run(with(whole, "traffic", "--from-earliest", "--plan"))).isEqualTo(5);
    assertThat(console.err()).startsWith("trafficctl: Kafka at no-such-host.invalid:1 ");
  }

  private static String[] with(String[] settings, String... options) {
    return Stream.concat(Stream.of(options), Stream.of(settings)).toArray(String[]::new);
  }

  @Test
  void anotherKafkaIsLookedAtWhereItIsToBe() {
    console.with("KAFKA_URL", "no-such-host.invalid:9092");
    String http = URI.create(flink.server().url()).getAuthority();
    String words =
        "trafficctl: Kafka at %1$s cannot be used: %1$s speaks HTTP (HTTP/1.1 400 Bad Request);"
                .formatted(http)
            + " check the address\n";
    for (String[] from :
        List.of(
            new String[] {},
            new String[] {"--from-earliest"},
            new String[] {"--from-savepoint", SAVEPOINT})) {
      List<String> change = new ArrayList<>(List.of("--set", "kafka-url=" + http));
      change.addAll(List.of(from));
      List<String> whole = new ArrayList<>(List.of("traffic"));
      whole.addAll(List.of(from));
      whole.addAll(List.of("--", "--kafka-url", http, "--postgres-url", "jdbc:postgresql://p/t"));
      whole.addAll(List.of("--postgres-user", "job"));
      for (List<String> asked : List.of(change, whole)) {
        assertThat(run(asked.toArray(String[]::new))).as(String.join(" ", asked)).isEqualTo(5);
        assertThat(console.err()).endsWith(words);
        assertThat(changes()).isEmpty();
      }
    }
  }
}
