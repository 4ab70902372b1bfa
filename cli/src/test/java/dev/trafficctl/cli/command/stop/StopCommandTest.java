package dev.trafficctl.cli.command.stop;

import static dev.trafficctl.cli.ScriptedFlink.IN_PROGRESS;
import static dev.trafficctl.cli.ScriptedFlink.LOST;
import static dev.trafficctl.cli.ScriptedFlink.MISSING;
import static dev.trafficctl.cli.ScriptedFlink.checkpoint;
import static dev.trafficctl.cli.ScriptedFlink.completed;
import static dev.trafficctl.cli.ScriptedFlink.failed;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trafficctl.cli.FakeFlink;
import dev.trafficctl.cli.TestConsole;
import dev.trafficctl.cli.command.OnScriptedFlink;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.flink.TriggerId;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StopCommandTest extends OnScriptedFlink {
  private static final String DRAINED = "file:/s/savepoint-drained";
  private static final TriggerId FIRST = TriggerId.of("stop", new JobId(FakeFlink.JOB), 1);
  private static final String PATH = "file:/s p/savepoint-1";
  private static final String STOPPING_FAILED =
      "org.apache.flink.runtime.scheduler.stopwithsavepoint.StopWithSavepointStoppingException: A"
          + " savepoint has been created at: "
          + PATH
          + ", but the corresponding job "
          + FakeFlink.JOB
          + " failed during stopping. The savepoint is consistent, but might have uncommitted"
          + " transactions. If you want to commit the transaction please restart a job from this"
          + " savepoint.\\n\\tat a.b(C.java:1)\\n";

  @Test
  void savepointAndStopped() {
    flink
        .does("stop", IN_PROGRESS, completed(PATH))
        .states("RUNNING", "RUNNING", "RUNNING", "FINISHED");
    assertThat(run("stop")).isZero();
    assertThat(console.out()).isEqualTo(PATH + "\n");
    assertThat(console.err())
        .isEqualTo("stopped " + SHOWN + " with a savepoint\n" + unchecked(PATH));
    assertThat(flink.server().bodies())
        .containsExactly(
            "{\"triggerId\":\""
                + FIRST
                + "\",\"drain\":false,\"targetDirectory\":\"/no/savepoints\"}");
  }

  @Test
  void neither() throws IOException {
    flink.does("stop", failed("org.apache.flink.runtime.checkpoint.CheckpointException: full"));
    assertThat(run("stop")).isEqualTo(1);
    assertThat(console.out()).isEqualTo("");
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: "
                + SHOWN
                + " was not stopped: CheckpointException: full\n"
                + "trafficctl: there is no savepoint, and the job is RUNNING\n");
    assertThat(last().path("outcome").asText()).isEqualTo("failed");
  }

  @Test
  void savepointButNotStopped() throws IOException {
    flink.does("stop", failed(STOPPING_FAILED)).states("RUNNING", "RESTARTING", "RUNNING");
    assertThat(run("stop")).isEqualTo(7);
    assertThat(console.out()).isEqualTo(PATH + "\n");
    assertThat(console.err())
        .startsWith(
            "trafficctl: the savepoint of " + SHOWN + " is complete, but the job did not stop: ")
        .endsWith(
            "trafficctl: it is RUNNING; stop it with: trafficctl stop traffic --flink "
                + flink.server().url()
                + "\n")
        .doesNotContain("rO0ABX", "\tat ");
    assertThat(last().path("path").asText()).isEqualTo(PATH);
  }

  @Test
  void savepointAndTheJobFailedWhileStopping() {
    flink.does("stop", failed(STOPPING_FAILED)).states("RUNNING", "FAILING", "FAILED");
    assertThat(run("stop")).isEqualTo(7);
    assertThat(console.out()).isEqualTo(PATH + "\n");
    assertThat(console.err())
        .contains("is complete, but the job ended as FAILED and not as FINISHED: ")
        .endsWith(
            "trafficctl: start it from the savepoint with: trafficctl restart traffic"
                + " --from-savepoint '"
                + PATH
                + "' --flink "
                + flink.server().url()
                + "\n");
  }

  @Test
  void stoppedButNoSavepointIsKnown() {
    flink
        .does("stop", failed("org.apache.flink.util.FlinkException: broken"))
        .states("RUNNING", "FAILED")
        .history(checkpoint(7, false, "COMPLETED", "file:/c/chk-7"));
    assertThat(run("stop")).isEqualTo(6);
    assertThat(console.out()).isEqualTo("");
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: "
                + SHOWN
                + " does not run any more (FAILED), and no savepoint is known: FlinkException:"
                + " broken\ntrafficctl: the newest checkpoint is file:/c/chk-7; start it from there"
                + " with: trafficctl restart traffic --from-checkpoint latest --flink "
                + flink.server().url()
                + "\n");
  }

  @Test
  void whatIsLeftOfAJobThatHasFailedMeanwhileIsASavepoint() {
    flink
        .does("stop", failed("org.apache.flink.util.FlinkException: broken"))
        .states("RUNNING", "FAILED")
        .history(
            checkpoint(8, true, "COMPLETED", PATH),
            checkpoint(7, false, "COMPLETED", "file:/c/chk-7"));
    assertThat(run("stop")).isEqualTo(6);
    assertThat(console.err())
        .endsWith(
            "trafficctl: the newest savepoint is "
                + PATH
                + "; start it from there with: trafficctl restart traffic --from-savepoint latest"
                + " --flink "
                + flink.server().url()
                + "\n");
  }

  @Test
  void theSavepointOfSomebodyElseWhoStopsItAtTheSameTimeIsFound() throws IOException {
    flink
        .does("stop", failed("org.apache.flink.util.FlinkException: the job has ended"))
        .states("RUNNING", "FINISHED")
        .history(
            checkpoint(8, true, "COMPLETED", PATH),
            checkpoint(7, false, "COMPLETED", "file:/c/chk-7"));
    assertThat(run("stop")).isZero();
    assertThat(console.out()).isEqualTo(PATH + "\n");
    assertThat(console.err())
        .isEqualTo(
            "somebody else has stopped "
                + SHOWN
                + " with a savepoint at the same time; Flink does not tell whether they drained"
                + " it\n"
                + unchecked(PATH));
    assertThat(last().path("path").asText()).isEqualTo(PATH);
  }

  @ParameterizedTest
  @ValueSource(strings = {IN_PROGRESS, "completed"})
  void aStopThatSomebodyElsesDrainForestalledIsNoPlainSuccess(String theirs) throws IOException {
    flink
        .does("stop", failed("org.apache.flink.util.FlinkException: the job has ended"))
        .results("stop-drain", 1, theirs.equals(IN_PROGRESS) ? IN_PROGRESS : completed(PATH))
        .states("RUNNING", "FINISHED")
        .history(checkpoint(8, true, "COMPLETED", PATH));
    assertThat(run("stop")).isEqualTo(7);
    assertThat(console.out()).isEqualTo(PATH + "\n");
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: somebody else has drained and stopped "
                + SHOWN
                + " with a savepoint at the same time; a drain was not asked for here: windows and"
                + " timers have fired as if no event came any more\n"
                + "trafficctl: look at what they wrote, and whether the job was to end for good,"
                + " before you start it from the savepoint with: trafficctl restart traffic"
                + " --from-savepoint '"
                + PATH
                + "' --flink "
                + flink.server().url()
                + "\n");
    assertThat(last().path("outcome").asText()).isEqualTo("partly_done");
  }

  @Test
  void aDrainThatSomebodyElsesStopForestalledIsKnownByTheirTriggerId() {
    flink
        .does("stop-drain", failed("org.apache.flink.util.FlinkException: the job has ended"))
        .results("stop", 1, completed(PATH))
        .states("RUNNING", "FINISHED")
        .history(checkpoint(8, true, "COMPLETED", PATH));
    assertThat(run("stop", "--drain")).isEqualTo(7);
    assertThat(console.err())
        .startsWith(
            "trafficctl: somebody else has stopped "
                + SHOWN
                + " with a savepoint at the same time; it was not drained\n"
                + "trafficctl: start it from the savepoint with: trafficctl restart traffic ");
  }

  @Test
  void aDrainThatSomebodyElsesStopForestalledIsNotDone() throws IOException {
    flink
        .does("stop-drain", failed("org.apache.flink.util.FlinkException: the job has ended"))
        .states("RUNNING", "FINISHED")
        .history(checkpoint(8, true, "COMPLETED", PATH));
    assertThat(run("stop", "--drain")).isEqualTo(7);
    assertThat(console.out()).isEqualTo(PATH + "\n");
    String flags = " --flink " + flink.server().url() + "\n";
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: somebody else has stopped "
                + SHOWN
                + " with a savepoint at the same time; it was not drained by this request, and"
                + " Flink does not tell whether it was by theirs\n"
                + "trafficctl: if they did not drain it, start it from the savepoint with:"
                + " trafficctl restart traffic --from-savepoint '"
                + PATH
                + "'"
                + flags
                + "trafficctl: and then drain it with: trafficctl stop traffic --drain"
                + flags);
    assertThat(last().path("outcome").asText()).isEqualTo("partly_done");
  }

  @Test
  void completedIsNoSuccessWhileTheJobRunsOn() {
    flink.does("stop", completed(PATH)).states("RUNNING");
    assertThat(run("stop")).isEqualTo(7);
    assertThat(console.out()).isEqualTo(PATH + "\n");
    assertThat(console.err()).contains("the job did not stop: Flink says that it did");
  }

  @Test
  void theResultOfASavepointIsNotTakenForThatOfTheStop() {
    flink
        .server()
        .answer(
            "/jobs/"
                + FakeFlink.JOB
                + "/savepoints/"
                + TriggerId.of("savepoint", new JobId(FakeFlink.JOB), 1),
            completed("file:/s/old"));
    flink.does("stop", completed(PATH)).states("RUNNING", "FINISHED");
    assertThat(run("stop")).isZero();
    assertThat(console.out()).isEqualTo(PATH + "\n");
  }

  @Test
  void drainIsSaidAndSent() {
    assertThat(run("stop", "--drain", "--plan")).isZero();
    assertThat(console.out())
        .startsWith("this would drain and stop the job traffic on ")
        .contains("  1. declare the end of event time, ")
        .hasLineCount(5);
    assertThat(flink.triggered()).isZero();
    flink.does("stop-drain", completed(PATH)).states("RUNNING", "FINISHED");
    assertThat(run("stop", "--drain")).isZero();
    assertThat(flink.server().bodies().get(0)).contains("\"drain\":true");
  }

  @Test
  void neitherStopIsTakenForTheOtherKind() {
    flink
        .triggers("stop", "{}")
        .results("stop", 1, completed(PATH))
        .results("stop-drain", 1, completed(DRAINED))
        .states("RUNNING", "FINISHED");
    assertThat(run("stop", "--drain")).as(console.err()).isZero();
    assertThat(console.out()).isEqualTo(DRAINED + "\n");
  }

  @ParameterizedTest
  @CsvSource({"stop,--drain", "stop-drain,--timeout=30s", "stop,--timeout=30s"})
  void somebodyWhoIsAtItIsTold(String theirs, String ours) {
    flink
        .server()
        .answer(
            "/jobs/"
                + FakeFlink.JOB
                + "/savepoints/"
                + TriggerId.of(theirs, new JobId(FakeFlink.JOB), 1),
            IN_PROGRESS);
    assertThat(run("stop", ours)).isEqualTo(4);
    assertThat(console.err())
        .startsWith("trafficctl: somebody is doing a stop of traffic already, ");
    assertThat(flink.triggered()).isZero();
  }

  @Test
  void aLostAnswerIsFoundByTheId() {
    flink
        .triggers("stop", LOST)
        .results("stop", 1, IN_PROGRESS, completed(PATH))
        .states("RUNNING", "FINISHED");
    assertThat(run("stop")).isZero();
    assertThat(console.out()).isEqualTo(PATH + "\n");
    assertThat(flink.triggered()).isEqualTo(1);
  }

  @Test
  void aJobThatIsGoneWithItsJobManagerIsUnknown() throws IOException {
    flink.does("stop", IN_PROGRESS, MISSING).states("RUNNING", MISSING);
    assertThat(run("stop")).isEqualTo(6);
    assertThat(console.out()).isEqualTo("");
    assertThat(console.err())
        .startsWith(
            "trafficctl: "
                + SHOWN
                + " does not run any more (Flink does not know it), and no savepoint is known: ")
        .contains(
            "trigger id " + FIRST,
            "trafficctl checkpoints traffic --flink " + flink.server().url() + "; ");
    assertThat(last().path("outcome").asText()).isEqualTo("outcome_unknown");
  }

  @Test
  void thePathIsKnownThoughTheConnectionIsLostAfterwards() throws IOException {
    flink.does("stop", completed(PATH)).states("RUNNING", LOST);
    assertThat(run("stop", "--timeout", "20s")).isEqualTo(6);
    assertThat(console.out()).isEqualTo(PATH + "\n");
    assertThat(console.err())
        .contains("the savepoint is complete, but whether the job has ended is not known");
    JsonNode open = last();
    assertThat(open.path("outcome").asText()).isEqualTo("open");
    assertThat(open.path("path").asText()).isEqualTo(PATH);
    flink.states("FINISHED");
    assertThat(run("operations", "resume")).isZero();
    assertThat(console.out()).isEqualTo(PATH + "\n");
    assertThat(run("operations", "resume")).isZero();
    assertThat(console.err()).startsWith("nothing is open on ");
  }

  @Test
  void theTimeIsOverAndResumeSeesTheEnd() throws IOException {
    flink.does("stop", IN_PROGRESS);
    assertThat(run("stop", "--timeout", "1m")).isEqualTo(6);
    assertThat(console.out()).isEqualTo("");
    String said = console.err();
    String id = last().path("id").asText();
    assertThat(said)
        .isEqualTo(
            "trafficctl: the stop of traffic still goes on in Flink after 1m; find out how it ended"
                + " with: trafficctl operations resume "
                + id
                + "\n");
    flink.results("stop", 1, completed(PATH)).states("RUNNING", "FINISHED");
    assertThat(console.run("operations", "resume", id)).isZero();
    assertThat(console.out()).isEqualTo(PATH + "\n");
    assertThat(flink.triggered()).isEqualTo(1);
  }

  @Test
  void theTimeIsOverWhileTheJobEndsWithItsSavepoint() throws IOException {
    flink.does("stop", completed(PATH)).states("RUNNING");
    AtomicReference<Duration> waited = new AtomicReference<>(Duration.ZERO);
    TestConsole counting =
        TestConsole.jumping(time -> waited.updateAndGet(time::plus))
            .with("XDG_STATE_HOME", directory.toString());
    assertThat(counting.run("stop", "--timeout", "5s", "--flink", flink.server().url()))
        .isEqualTo(6);
    assertThat(counting.out()).isEqualTo(PATH + "\n");
    assertThat(counting.err())
        .isEqualTo(
            "trafficctl: the savepoint is complete, but "
                + SHOWN
                + " is still RUNNING; find out how it ended with: trafficctl operations resume "
                + last().path("id").asText()
                + "\n");
    assertThat(waited.get()).isLessThan(Duration.ofSeconds(7));
    flink.states("FINISHED");
    assertThat(run("operations", "resume")).isZero();
    assertThat(console.out()).isEqualTo(PATH + "\n");
  }

  @ParameterizedTest
  @CsvSource({
    "stop, completed",
    "stop, failed",
    "savepoint, completed",
    "savepoint, failed",
    "checkpoint, completed",
    "checkpoint, failed"
  })
  void aServerThatKnowsEveryTriggerIdIsNoFlink(String verb, String what) {
    String known = what.equals("failed") ? failed("a.B: full") : completed(PATH);
    flink
        .does(verb, known)
        .server()
        .disturb(
            (path, answer) ->
                path.matches(".*/(savepoints|checkpoints)/[0-9a-f]{32}")
                    ? FakeFlink.of(200, known)
                    : answer);
    assertThat(run(verb, "--timeout", "5s")).isEqualTo(5);
    assertThat(console.err())
        .contains(
            " says that it knows the results of 1,000 attempts at a "
                + verb
                + " of "
                + FakeFlink.JOB,
            "check that this is the address of Flink's REST API\n");
    assertThat(flink.triggered()).isZero();
  }

  @Test
  void theIdsOfSomebodyElsesAttemptsHaveAnEndToo() {
    flink
        .does("stop", failed("org.apache.flink.util.FlinkException: the job has ended"))
        .states("RUNNING", "FINISHED")
        .history(checkpoint(8, true, "COMPLETED", PATH));
    flink
        .server()
        .disturb(
            (path, answer) ->
                flink.triggered() > 0 && path.matches(".*/savepoints/[0-9a-f]{32}")
                    ? FakeFlink.of(200, failed("a.B: the job has ended"))
                    : answer);
    assertThat(run("stop")).isZero();
    assertThat(console.err()).contains("Flink does not tell whether they drained it");
  }

  @Test
  void whatADeadProcessLeftIsSettledBeforeAnythingElse() throws IOException {
    flink.does("stop", IN_PROGRESS);
    assertThat(run("stop", "--detach")).isZero();
    String id = last().path("id").asText();
    flink.results("stop", 1, completed(PATH)).states("FINISHED");
    assertThat(run("savepoint")).isEqualTo(1);
    assertThat(console.err())
        .contains(
            id
                + ": stopped "
                + SHOWN
                + " with a savepoint\n"
                + unchecked(PATH)
                + id
                + ": "
                + PATH
                + "\n",
            "trafficctl: the job "
                + SHOWN
                + " does not run: it is FINISHED; start it again with: trafficctl restart"
                + " traffic --flink "
                + flink.server().url()
                + "\n");
    assertThat(flink.triggered()).isEqualTo(1);
    assertThat(last().path("outcome").asText()).isEqualTo("done");
  }

  @Test
  void aRequestThatWasWrittenDownButNeverSentIsAFailure() throws IOException {
    flink.does("stop", LOST);
    assertThat(run("stop", "--timeout", "5s")).isEqualTo(6);
    flink.results("stop", 1, MISSING).states("RUNNING");
    assertThat(run("operations", "resume", last().path("id").asText())).isEqualTo(1);
    assertThat(console.err()).contains("was not stopped", "the job is RUNNING");
  }

  @Test
  void resumeOnAnotherClusterIsRefused() throws IOException {
    flink.does("stop", IN_PROGRESS);
    assertThat(run("stop", "--detach")).isZero();
    String id = last().path("id").asText();
    assertThat(console.run("operations", "resume", id, "--flink", "http://other:8081"))
        .isEqualTo(4);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: that was done on "
                + flink.server().url()
                + ", not on http://other:8081/\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--yes", "@file", "a\\u001bb", " "})
  void aNameThatNoCommandTakesIsRecommendedAsAnId(String name) {
    flink
        .server()
        .answer(
            "/jobs/overview", "{\"jobs\":[" + FakeFlink.job(FakeFlink.JOB, name, "RUNNING") + "]}");
    flink.does("stop", failed(STOPPING_FAILED)).states("RUNNING", "RESTARTING", "RUNNING");
    assertThat(run("stop")).isEqualTo(7);
    assertThat(console.err())
        .endsWith(
            "trafficctl: it is RUNNING; stop it with: trafficctl stop "
                + FakeFlink.JOB
                + " --flink "
                + flink.server().url()
                + "\n");
  }
}
