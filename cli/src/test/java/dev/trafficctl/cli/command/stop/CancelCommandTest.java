package dev.trafficctl.cli.command.stop;

import static dev.trafficctl.cli.ScriptedFlink.IN_PROGRESS;
import static dev.trafficctl.cli.ScriptedFlink.LOST;
import static dev.trafficctl.cli.ScriptedFlink.MISSING;
import static dev.trafficctl.cli.ScriptedFlink.checkpoint;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trafficctl.cli.FakeFlink;
import dev.trafficctl.cli.command.OnScriptedFlink;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.flink.TriggerId;
import dev.trafficctl.cli.state.StateFixture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CancelCommandTest extends OnScriptedFlink {
  private static final String JOB = "/jobs/" + FakeFlink.JOB;
  private static final String CHECKPOINT = checkpoint(7, false, "COMPLETED", "file:/c/chk-7");

  @BeforeEach
  void canBeCancelled() {
    flink.history(CHECKPOINT).server().answer(JOB + "?mode=cancel", "{}");
  }

  private boolean asked() {
    return flink.server().requests().contains("PATCH " + JOB + "?mode=cancel");
  }

  private void deletesCheckpointsOnCancel() {
    flink
        .server()
        .answer(
            JOB + "/checkpoints/config",
            "{\"interval\":1,\"timeout\":1,\"externalization\":{\"enabled\":false}}");
  }

  @Test
  void printsTheWayBack() {
    flink.states("RUNNING", "CANCELLING", "CANCELED");
    assertThat(run("cancel")).isZero();
    assertThat(console.out()).isEqualTo("file:/c/chk-7\n");
    assertThat(console.err()).isEqualTo("cancelled " + SHOWN + "\n");
  }

  @Test
  void theWayBackIsLookedForInStorageWhereFlinkHasForgottenTheJob() throws Exception {
    Path checkpoints = directory.resolve("checkpoints");
    Path newer = checkpoints.resolve(FakeFlink.JOB).resolve("chk-8");
    StateFixture.checkpoint(newer, 8, StateFixture.DESCRIPTION);
    flink.states("RUNNING", MISSING);
    assertThat(run("cancel", "--checkpoints", checkpoints.toString())).isEqualTo(6);
    assertThat(console.out()).isEqualTo("file:" + newer + "\n");
  }

  @Test
  void theWayBackIsLookedForInStorageWhereFlinkForgetsTheJobOnceItIsCancelled() throws Exception {
    Path checkpoints = directory.resolve("checkpoints");
    Path newer = checkpoints.resolve(FakeFlink.JOB).resolve("chk-8");
    StateFixture.checkpoint(newer, 8, StateFixture.DESCRIPTION);
    flink.states("RUNNING", "CANCELED");
    String history =
        "{\"counts\":{\"completed\":1,\"failed\":0,\"in_progress\":0},\"latest\":{},\"history\":["
            + CHECKPOINT
            + "]}";
    flink
        .server()
        .answer(
            JOB + "/checkpoints",
            exchange -> {
              byte[] answer =
                  (asked() ? "{\"errors\":[\"a.NotFoundException: not found\"]}" : history)
                      .getBytes(StandardCharsets.UTF_8);
              exchange.sendResponseHeaders(asked() ? 404 : 200, answer.length);
              exchange.getResponseBody().write(answer);
            });
    assertThat(run("cancel", "--checkpoints", checkpoints.toString())).isZero();
    assertThat(console.out()).isEqualTo("file:" + newer + "\n");
  }

  @Test
  void saysWhatIsReadAgain() {
    assertThat(run("cancel", "--plan")).isZero();
    assertThat(console.out())
        .isEqualTo(
            "this would cancel the job traffic without a savepoint on "
                + flink.server().url()
                + ":\n  1. cancel "
                + SHOWN
                + " without a savepoint\n"
                + "  2. keep its checkpoints (RETAIN_ON_CANCELLATION)\n"
                + "  3. lose no event: what was read since the checkpoint file:/c/chk-7, begun 12s"
                + " ago, is read again when the job is started from it\n");
    assertThat(asked()).isFalse();
  }

  @Test
  void refusesToDeleteTheOnlyWayBack() {
    deletesCheckpointsOnCancel();
    assertThat(run("cancel")).isEqualTo(4);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: nothing could be restored after a cancel of traffic: Flink is set to"
                + " delete its checkpoints on cancel, and no savepoint is known; stop it with a"
                + " savepoint: trafficctl stop traffic --flink "
                + flink.server().url()
                + "; or give --discard-state\n");
    assertThat(asked()).isFalse();
    flink.states("RUNNING", "CANCELED").history();
    assertThat(run("cancel", "--discard-state")).isZero();
    assertThat(asked()).isTrue();
  }

  @Test
  void aJobThatHadEndedBeforeWasNotCancelled() {
    flink.states("RUNNING", "FINISHED");
    assertThat(run("cancel")).isEqualTo(1);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: " + SHOWN + " was not cancelled: it had ended as FINISHED before\n");
    assertThat(console.out()).isEqualTo("");
  }

  @Test
  void theCheckpointsOfAJobThatSomebodyElseHasStoppedAreNotPromised() {
    flink.server().answer(JOB + "?mode=cancel", 409, "{\"errors\":[\"it has reached FINISHED\"]}");
    flink.states("RUNNING", "FINISHED");
    assertThat(run("cancel")).isEqualTo(1);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: " + SHOWN + " was not cancelled: it had ended as FINISHED before\n");
    assertThat(console.out()).isEqualTo("");
  }

  @Test
  void aLostAnswerIsFoundInTheState() {
    flink
        .server()
        .answer(
            JOB + "?mode=cancel",
            exchange -> {
              throw new IOException("lost");
            });
    flink.states("RUNNING", "RUNNING", "CANCELLING", "CANCELED");
    assertThat(run("cancel")).isZero();
    assertThat(console.err())
        .isEqualTo(
            "the answer was lost; asking Flink what became of the job\ncancelled " + SHOWN + "\n");
  }

  @Test
  void aRequestWithoutEffectIsAFailure() {
    flink.states("RUNNING");
    assertThat(run("cancel")).isEqualTo(1);
    assertThat(console.out()).isEqualTo("file:/c/chk-7\n");
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: "
                + SHOWN
                + " was not cancelled: it is RUNNING; try again: trafficctl cancel traffic --flink "
                + flink.server().url()
                + "\n");
  }

  @Test
  void aJobThatIsGoneIsUnknownAndTheCheckpointFromBeforeIsPrinted() {
    flink.states("RUNNING", LOST, MISSING);
    assertThat(run("cancel")).isEqualTo(6);
    assertThat(console.out()).isEqualTo("file:/c/chk-7\n");
    assertThat(console.err())
        .endsWith(
            "trafficctl: start it with: trafficctl restart traffic --from-checkpoint latest --flink"
                + " "
                + flink.server().url()
                + "\n");
  }

  private String open() throws IOException {
    JsonNode operation = last();
    assertThat(operation.path("outcome").asText()).isEqualTo("open");
    return operation.path("id").asText();
  }

  @Test
  void theTimeIsOverAndResumeSeesTheEnd() throws IOException {
    flink.states("RUNNING", "CANCELLING");
    assertThat(run("cancel", "--timeout", "1m")).isEqualTo(6);
    assertThat(console.out()).isEqualTo("file:/c/chk-7\n");
    String said = console.err();
    String id = open();
    assertThat(said)
        .isEqualTo(
            "trafficctl: "
                + SHOWN
                + " is still CANCELLING after 1m; find out how it ended with: trafficctl operations"
                + " resume "
                + id
                + "\n");
    flink.states("CANCELED");
    assertThat(console.run("operations", "resume", id)).isZero();
    assertThat(console.out()).isEqualTo("file:/c/chk-7\n");
  }

  private void checkpointEnds(String result) {
    String trigger = TriggerId.of("checkpoint", new JobId(FakeFlink.JOB), 1).text();
    flink
        .server()
        .answer(
            JOB + "/checkpoints/" + trigger,
            exchange -> {
              boolean asked = flink.server().requests().contains("POST " + JOB + "/checkpoints");
              byte[] bytes =
                  (asked ? result : "{\"errors\":[\"a.NotFoundException: no\"]}")
                      .getBytes(StandardCharsets.UTF_8);
              exchange.sendResponseHeaders(asked ? 200 : 404, bytes.length);
              exchange.getResponseBody().write(bytes);
            });
  }

  @Test
  void theTimeIsOverForACheckpointAndResumeSeesTheEnd() throws IOException {
    checkpointEnds(IN_PROGRESS);
    assertThat(run("checkpoint", "--timeout", "1m")).isEqualTo(6);
    String said = console.err();
    String id = open();
    assertThat(said)
        .isEqualTo(
            "trafficctl: the checkpoint of traffic still goes on in Flink after 1m; find out how"
                + " it ended with: trafficctl operations resume "
                + id
                + "\n");
    checkpointEnds("{\"status\":{\"id\":\"COMPLETED\"},\"operation\":{\"checkpointId\":7}}");
    assertThat(console.run("operations", "resume", id)).isZero();
    assertThat(console.out()).isEqualTo("CHECKPOINT  PATH\n7           file:/c/chk-7\n");
  }

  @Test
  void aCheckpointWithoutANumberIsUnknown() {
    checkpointEnds("{\"status\":{\"id\":\"COMPLETED\"},\"operation\":{}}");
    assertThat(run("checkpoint")).isEqualTo(6);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: Flink says that the checkpoint of "
                + SHOWN
                + " is complete, but not which it is; see: trafficctl checkpoints traffic --flink "
                + flink.server().url()
                + "\n");
  }

  @Test
  void aCheckpointHasANumberAndAPath() {
    String trigger = TriggerId.of("checkpoint", new JobId(FakeFlink.JOB), 1).text();
    String before =
        "{\"counts\":{\"completed\":0,\"failed\":0,\"in_progress\":0},\"latest\":{},\"history\":["
            + CHECKPOINT
            + "]}";
    String after =
        "{\"counts\":{\"completed\":0,\"failed\":0,\"in_progress\":0},\"latest\":{},\"history\":["
            + checkpoint(8, false, "COMPLETED", "file:/c/chk-8")
            + ","
            + CHECKPOINT
            + "]}";
    AtomicInteger listed = new AtomicInteger();
    flink
        .server()
        .answer(
            JOB + "/checkpoints",
            exchange -> {
              boolean post = exchange.getRequestMethod().equals("POST");
              // Flink's list of checkpoints lags behind the result.
              String body = post ? "{}" : listed.getAndIncrement() < 2 ? before : after;
              byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
              exchange.sendResponseHeaders(200, bytes.length);
              exchange.getResponseBody().write(bytes);
            })
        .answer(
            JOB + "/checkpoints/" + trigger,
            exchange -> {
              boolean asked = flink.server().requests().contains("POST " + JOB + "/checkpoints");
              String body =
                  asked
                      ? "{\"status\":{\"id\":\"COMPLETED\"},\"operation\":{\"checkpointId\":8}}"
                      : "{\"errors\":[\"a.NotFoundException: no\"]}";
              byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
              exchange.sendResponseHeaders(asked ? 200 : 404, bytes.length);
              exchange.getResponseBody().write(bytes);
            });
    assertThat(run("checkpoint")).isZero();
    assertThat(console.out()).isEqualTo("CHECKPOINT  PATH\n8           file:/c/chk-8\n");
    assertThat(console.err())
        .isEqualTo("took checkpoint 8 of " + SHOWN + "\n" + unchecked("file:/c/chk-8"));
  }
}
