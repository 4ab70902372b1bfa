package dev.trafficctl.cli.command.savepoint;

import static dev.trafficctl.cli.ScriptedFlink.IN_PROGRESS;
import static dev.trafficctl.cli.ScriptedFlink.LOST;
import static dev.trafficctl.cli.ScriptedFlink.MISSING;
import static dev.trafficctl.cli.ScriptedFlink.checkpoint;
import static dev.trafficctl.cli.ScriptedFlink.completed;
import static dev.trafficctl.cli.ScriptedFlink.failed;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.trafficctl.cli.FakeFlink;
import dev.trafficctl.cli.ScriptedFlink;
import dev.trafficctl.cli.command.OnScriptedFlink;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.flink.TriggerId;
import dev.trafficctl.cli.state.StateFixture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SavepointCommandTest extends OnScriptedFlink {
  private static final TriggerId FIRST = TriggerId.of("savepoint", new JobId(FakeFlink.JOB), 1);

  @Test
  void waitsAndPrintsThePath() throws IOException {
    flink.does("savepoint", IN_PROGRESS, IN_PROGRESS, completed("file:/no/savepoints/savepoint-1"));
    assertThat(run("savepoint")).isZero();
    assertThat(console.out()).isEqualTo("file:/no/savepoints/savepoint-1\n");
    assertThat(console.err())
        .isEqualTo(
            "took a savepoint of " + SHOWN + "\n" + unchecked("file:/no/savepoints/savepoint-1"));
    assertThat(flink.server().bodies())
        .containsExactly(
            "{\"triggerId\":\""
                + FIRST
                + "\",\"cancel-job\":false,\"formatType\":\"CANONICAL\",\"target-directory\":\"/no/savepoints\"}");
    JsonNode operation = last();
    assertThat(operation.path("outcome").asText()).isEqualTo("done");
    assertThat(operation.path("path").asText()).isEqualTo("file:/no/savepoints/savepoint-1");
    assertThat(operation.at("/options/trigger").asText()).isEqualTo(FIRST.text());
  }

  @Test
  void asJson() throws IOException {
    flink.does("savepoint", completed("file:/s/savepoint-1"));
    assertThat(run("savepoint", "-o", "json")).isZero();
    JsonNode document = new JsonMapper().readTree(console.out());
    assertThat(document.path("operation").asText()).matches("savepoint-20260131-120000-....");
    assertThat(console.out())
        .isEqualTo(
            """
            {
              "apiVersion" : "trafficctl/v1",
              "operation" : "%s",
              "verb" : "savepoint",
              "job" : "traffic",
              "jobId" : "%s",
              "outcome" : "done",
              "exitCode" : 0,
              "open" : false,
              "checkpoint" : null,
              "path" : "file:/s/savepoint-1",
              "message" : "took a savepoint of %s\\nnot checked: file:/s/savepoint-1 cannot be read from this machine"
            }
            """
                .formatted(document.path("operation").asText(), FakeFlink.JOB, SHOWN));
  }

  @Test
  void aPathWithSpacesAndUnicodeIsTakenAsItIs() {
    flink.does("savepoint", completed("file:/a b;ü/savepoint-1"));
    assertThat(run("savepoint", "--to", "/a b;ü/../a b;ü/", "--format", "native")).isZero();
    assertThat(console.out()).isEqualTo("file:/a b;ü/savepoint-1\n");
    assertThat(flink.server().bodies().get(0))
        .contains("\"formatType\":\"NATIVE\"", "\"target-directory\":\"/a b;ü\"");
  }

  @Test
  void aDirectoryThatIsNoneIsWrongUsage() {
    assertThat(run("savepoint", "--to", "a\nb")).isEqualTo(2);
    assertThat(console.err()).contains("is no directory; give a path, or a URL such as s3://b/d");
    assertThat(flink.triggered()).isZero();
  }

  @Test
  void theIdIsFreshWhileFlinkKnowsAnOlderResult() {
    flink
        .triggers("savepoint", "{}")
        .results("savepoint", 2, IN_PROGRESS, completed("file:/s/savepoint-2"));
    flink
        .server()
        .answer(
            "/jobs/" + FakeFlink.JOB + "/savepoints/" + FIRST, completed("file:/s/savepoint-1"));
    assertThat(run("savepoint")).isZero();
    assertThat(console.out()).isEqualTo("file:/s/savepoint-2\n");
  }

  @Test
  void completedWithAFailureCauseIsAFailure() throws IOException {
    flink.does(
        "savepoint",
        IN_PROGRESS,
        failed(
            "java.util.concurrent.CompletionException: x\\n\\tat a.b(C.java:1)\\nCaused by:"
                + " org.apache.flink.runtime.checkpoint.CheckpointException: Checkpoint expired"
                + " before completing.\\n\\tat a.b(C.java:1)\\n"));
    assertThat(run("savepoint")).isEqualTo(1);
    assertThat(console.out()).isEqualTo("");
    assertThat(console.err())
        .startsWith("trafficctl: the savepoint of " + SHOWN + " failed: ")
        .contains("Checkpoint expired before completing.")
        .endsWith(
            "trafficctl: the job is RUNNING; the savepoint took longer than Flink allows; see:"
                + " trafficctl checkpoints traffic --flink "
                + flink.server().url()
                + "\n")
        .doesNotContain("rO0ABX", "\tat ")
        .hasLineCount(2);
    assertThat(last().path("outcome").asText()).isEqualTo("failed");
  }

  @Test
  void aJobThatEndedMeanwhileIsNamed() {
    flink.does(
        "savepoint",
        IN_PROGRESS,
        failed("org.apache.flink.runtime.checkpoint.CheckpointException: The job has finished."));
    flink.states("RUNNING", "FINISHED");
    assertThat(run("savepoint")).isEqualTo(1);
    assertThat(console.err()).contains("The job has finished.", "the job is FINISHED");
  }

  @Test
  void aRefusedRequestIsAFailure() throws IOException {
    flink
        .results("savepoint", 1, MISSING)
        .triggers("savepoint", "{\"errors\":[\"a.B: no such directory\"]}");
    assertThat(run("savepoint")).isEqualTo(1);
    assertThat(console.err()).isEqualTo("trafficctl: B: no such directory; nothing was done\n");
    assertThat(last().path("outcome").asText()).isEqualTo("failed");
  }

  @Test
  void aLostAnswerIsFoundByTheId() {
    flink.triggers("savepoint", LOST).results("savepoint", 1, IN_PROGRESS, completed("file:/s/1"));
    assertThat(run("savepoint")).isZero();
    assertThat(console.out()).isEqualTo("file:/s/1\n");
    assertThat(console.err())
        .isEqualTo(
            "the answer was lost; asking Flink whether it has the request\ntook a savepoint of "
                + SHOWN
                + "\n"
                + unchecked("file:/s/1"));
    assertThat(flink.triggered()).isEqualTo(1);
  }

  @Test
  void aLostRequestIsSentAgainUnderTheSameId() {
    flink
        .triggers("savepoint", LOST, "{}")
        .results("savepoint", 1, MISSING, IN_PROGRESS, completed("file:/s/1"));
    assertThat(run("savepoint")).isZero();
    assertThat(flink.server().bodies()).hasSize(2);
    assertThat(flink.server().bodies().get(1)).isEqualTo(flink.server().bodies().get(0));
  }

  @Test
  void outlivesALostConnection() {
    flink.does("savepoint", IN_PROGRESS, LOST, LOST, IN_PROGRESS, completed("file:/s/1"));
    assertThat(run("savepoint")).isZero();
    assertThat(console.out()).isEqualTo("file:/s/1\n");
    assertThat(console.err())
        .contains(
            "what was asked goes on in Flink; asking again for up to 14m 59s\n",
            "Flink answers again\n");
  }

  @Test
  void aConnectionThatStaysLostEndsAsUnknownAndStaysOpen() throws IOException {
    flink.does("savepoint", IN_PROGRESS, LOST);
    assertThat(run("savepoint", "--timeout", "30s")).isEqualTo(6);
    assertThat(console.out()).isEqualTo("");
    String said = console.err();
    JsonNode open = last();
    assertThat(open.path("outcome").asText()).isEqualTo("open");
    assertThat(said)
        .endsWith(
            "trafficctl: how the savepoint ends is not known; find out with: trafficctl operations"
                + " resume "
                + open.path("id").asText()
                + "\n");
    flink.results("savepoint", 1, completed("file:/s/1"));
    assertThat(console.run("operations", "resume", open.path("id").asText())).isZero();
    assertThat(console.out()).isEqualTo("file:/s/1\n");
    assertThat(last().path("outcome").asText()).isEqualTo("done");
    assertThat(console.run("operations", "resume", open.path("id").asText())).isZero();
    assertThat(console.out()).isEqualTo("file:/s/1\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"table", "json"})
  void whatBecameOfOneIsNotLostWithTheNextThatCannotBeAskedFor(String format) throws IOException {
    flink.does("savepoint", IN_PROGRESS);
    assertThat(run("savepoint", "--detach")).isZero();
    String id = last().path("id").asText();
    String later = id.replace("-120000-", "-120001-");
    Path entries = directory.resolve("trafficctl/operations");
    Files.writeString(
        entries.resolve(later + ".jsonl"),
        Files.readString(entries.resolve(id + ".jsonl"))
            .replace(id, later)
            .replace("T12:00:00", "T12:00:01")
            .replace("\"trigger\":", "\"no-trigger\":"));
    flink.results("savepoint", 1, completed("file:/s/1"));
    assertThat(run("operations", "resume", "-o", format)).isEqualTo(7);
    assertThat(console.out()).contains("file:/s/1");
    assertThat(console.err())
        .contains(
            "the journal is damaged: " + later,
            "trafficctl: the path: file:/s/1\n",
            "trafficctl: what was done is shown by: trafficctl operations\n");
  }

  @Test
  void theTimeIsOver() throws IOException {
    flink.does("savepoint", IN_PROGRESS);
    assertThat(run("savepoint", "--timeout", "1m")).isEqualTo(6);
    String said = console.err();
    assertThat(said)
        .isEqualTo(
            "trafficctl: the savepoint of traffic still goes on in Flink after 1m; find out how"
                + " it ended with: trafficctl operations resume "
                + last().path("id").asText()
                + "\n");
  }

  @Test
  void nothingElseIsBegunWhileItGoesOn() throws IOException {
    flink.does("savepoint", IN_PROGRESS);
    assertThat(run("savepoint", "--detach")).isZero();
    String id = last().path("id").asText();
    assertThat(run("savepoint", "status", id)).isEqualTo(6);
    assertThat(run("cancel")).isEqualTo(4);
    assertThat(console.err())
        .endsWith("first finish it with: trafficctl operations resume " + id + "\n");
    assertThat(flink.triggered()).isEqualTo(1);
    flink.results("savepoint", 1, completed("file:/s/1"));
    assertThat(run("savepoint", "status", FIRST.text())).isZero();
    assertThat(console.out()).isEqualTo("file:/s/1\n");
  }

  @Test
  void detachPrintsTheOperation() throws IOException {
    flink.does("savepoint", IN_PROGRESS);
    assertThat(run("savepoint", "--detach")).isZero();
    String printed = console.out();
    assertThat(printed).isEqualTo(last().path("id").asText() + "\n");
  }

  @Test
  void anExpiredResultIsFoundInTheHistory() {
    flink.does("savepoint", IN_PROGRESS, MISSING);
    flink.server().answer("/jobs/" + FakeFlink.JOB + "/checkpoints", remembered(flink));
    assertThat(run("savepoint")).isZero();
    assertThat(console.out()).isEqualTo("file:/s/8\n");
    assertThat(console.err())
        .contains("as was found out afterwards: Flink does not know the request");
  }

  /** Before it is triggered there is checkpoint 7, afterwards also two savepoints. */
  private static FakeFlink.Answer remembered(ScriptedFlink flink) {
    String old = checkpoint(7, false, "COMPLETED", "file:/c/chk-7");
    String all =
        String.join(
            ",",
            checkpoint(9, true, "COMPLETED", "file:/s/9"),
            checkpoint(8, true, "COMPLETED", "file:/s/8"),
            old);
    return exchange -> {
      byte[] bytes =
          ("{\"counts\":{\"completed\":0,\"failed\":0,\"in_progress\":0},\"latest\":{},\"history\":["
                  + (flink.triggered() == 0 ? old : all)
                  + "]}")
              .getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    };
  }

  /** Flink tells up to 3 s late of what it has made: the first looks still are of before. */
  private void tellsLate(int looks, String old, String... now) {
    AtomicInteger left = new AtomicInteger(looks);
    flink
        .server()
        .answer(
            "/jobs/" + FakeFlink.JOB + "/checkpoints",
            exchange ->
                FakeFlink.of(
                        200,
                        left.getAndDecrement() > 0
                            ? FakeFlink.checkpoints("{}", old)
                            : FakeFlink.checkpoints("{}", now))
                    .to(exchange));
  }

  /** A savepoint as {@link ScriptedFlink#checkpoint} makes it, triggered before the request. */
  private static String earlier(int id) {
    return checkpoint(id, true, "COMPLETED", "file:/s/" + id).replace("1769860788", "1769860786");
  }

  @Test
  void aSavepointOfAMomentBeforeIsNotTheOneThatWasAskedFor() throws Exception {
    flink.does("savepoint", MISSING);
    String old = checkpoint(6, false, "COMPLETED", "file:/c/chk-6");
    tellsLate(2, old, earlier(7), old);
    savepointAt("2026-01-31T11:59:59Z", directory.resolve("savepoint-aaaaaa-1"));
    assertThat(run("savepoint", "--to", directory.toString())).as(console.err()).isEqualTo(1);
    assertThat(console.err())
        .isEqualTo(noneWasTaken(directory + " holds no new savepoint of the job"));
    tellsLate(2, old, checkpoint(8, true, "COMPLETED", "file:/s/8"), earlier(7), old);
    assertThat(run("savepoint", "--to", directory.toString())).as(console.err()).isZero();
    assertThat(console.out()).isEqualTo("file:/s/8\n");
  }

  @Test
  void whatFlinkNeverMadeIsAFailure() {
    flink.does("savepoint", MISSING);
    assertThat(run("savepoint")).isEqualTo(1);
    assertThat(console.err())
        .isEqualTo(noneWasTaken("/no/savepoints cannot be looked at from this machine"));
  }

  /** What is said when Flink knows neither the request nor a savepoint of it. */
  private static String noneWasTaken(String stored) {
    return "trafficctl: no savepoint of "
        + SHOWN
        + " was taken: Flink does not know the request (trigger id "
        + FIRST
        + "), its checkpoints hold no new savepoint, "
        + stored
        + "\ntrafficctl: the job is RUNNING\n";
  }

  @Test
  void aJobThatIsGoneWithItsJobManagerLeavesTheOutcomeUnknown() throws IOException {
    flink.does("savepoint", IN_PROGRESS, MISSING).states("RUNNING", MISSING);
    flink
        .server()
        .answer(
            "/jobmanager/config",
            exchange -> {
              byte[] bytes =
                  ("[{\"key\":\"execution.checkpointing.savepoint-dir\",\"value\":\"/no/savepoints\"},"
                          + "{\"key\":\"web.tmpdir\",\"value\":\"/tmp/flink-web-"
                          + (flink.triggered() + 1)
                          + "\"}]")
                      .getBytes(StandardCharsets.UTF_8);
              exchange.sendResponseHeaders(200, bytes.length);
              exchange.getResponseBody().write(bytes);
            });
    flink
        .server()
        .answer(
            "/jobs/" + FakeFlink.JOB + "/checkpoints",
            exchange -> {
              boolean before = flink.triggered() == 0;
              byte[] bytes =
                  (before
                          ? "{\"counts\":{\"completed\":0,\"failed\":0,\"in_progress\":0},\"latest\":{},\"history\":[]}"
                          : "{\"errors\":[\"a.NotFoundException: job not found\"]}")
                      .getBytes(StandardCharsets.UTF_8);
              exchange.sendResponseHeaders(before ? 200 : 404, bytes.length);
              exchange.getResponseBody().write(bytes);
            });
    assertThat(run("savepoint")).isEqualTo(6);
    assertThat(console.out()).isEqualTo("");
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: whether a savepoint of "
                + SHOWN
                + " was taken is not known: Flink does not know the request (trigger id "
                + FIRST
                + "), the JobManager was started anew since, Flink does not know the job,"
                + " /no/savepoints cannot be looked at from this machine\n"
                + "trafficctl: the job is gone; look where savepoints go: /no/savepoints\n");
    assertThat(last().path("outcome").asText()).isEqualTo("outcome_unknown");
  }

  /** The JobManager was started anew after the trigger: it knows neither the result nor the job. */
  private void forgetsEverything(String verb) {
    flink.does(verb, IN_PROGRESS, MISSING).states("RUNNING", MISSING);
    flink
        .server()
        .answer(
            "/jobs/" + FakeFlink.JOB + "/checkpoints",
            exchange -> {
              boolean before = flink.triggered() == 0;
              byte[] bytes =
                  (before
                          ? FakeFlink.checkpoints(
                              "{}", checkpoint(6, false, "COMPLETED", "file:/c/chk-6"))
                          : "{\"errors\":[\"a.NotFoundException: job not found\"]}")
                      .getBytes(StandardCharsets.UTF_8);
              exchange.sendResponseHeaders(before ? 200 : 404, bytes.length);
              exchange.getResponseBody().write(bytes);
            });
  }

  private static Path savepointAt(String time, Path place) throws Exception {
    StateFixture.savepoint(place);
    Files.setLastModifiedTime(place.resolve("_metadata"), FileTime.from(Instant.parse(time)));
    return place;
  }

  @Test
  void whatFlinkHasForgottenIsFoundInStorage() throws Exception {
    forgetsEverything("savepoint");
    Path storage = Files.createDirectories(directory.resolve("s p;ü"));
    savepointAt("2026-01-31T11:00:00Z", storage.resolve("savepoint-aaaaaa-000000000001"));
    savepointAt("2026-01-31T12:00:03Z", storage.resolve("savepoint-bbbbbb-000000000002"));
    Path torn = savepointAt("2026-01-31T12:00:03Z", storage.resolve("savepoint-aaaaaa-03"));
    Files.writeString(torn.resolve("_metadata"), "x");
    Files.createDirectories(storage.resolve("savepoint-aaaaaa-000000000004"));
    Path mine =
        savepointAt("2026-01-31T12:00:03Z", storage.resolve("savepoint-aaaaaa-000000000005"));

    assertThat(run("savepoint", "--to", storage.toString())).as(console.err()).isZero();

    assertThat(console.out()).isEqualTo("file:" + mine + "\n");
    assertThat(console.err())
        .isEqualTo(
            "took a savepoint of "
                + SHOWN
                + ", as was found out afterwards: Flink does not know the request (trigger id "
                + FIRST
                + "), Flink does not know the job\n");
    assertThat(last().path("path").asText()).isEqualTo("file:" + mine);
  }

  @Test
  void ofTwoInStorageNoneIsTakenForTheOne() throws Exception {
    forgetsEverything("savepoint");
    Path one = savepointAt("2026-01-31T12:00:03Z", directory.resolve("savepoint-aaaaaa-1"));
    Path other = savepointAt("2026-01-31T12:00:04Z", directory.resolve("savepoint-aaaaaa-2"));
    assertThat(run("savepoint", "--to", directory.toString())).isEqualTo(6);
    assertThat(console.out()).isEqualTo("");
    assertThat(console.err())
        .contains(
            "several savepoints may be the one: file:" + other + ", file:" + one,
            "trafficctl: the job is gone; look where savepoints go: " + directory);
  }

  @Test
  void aStopWhoseJobIsGoneFindsItsSavepointInStorage() throws Exception {
    forgetsEverything("stop");
    Path mine = savepointAt("2026-01-31T12:00:03Z", directory.resolve("savepoint-aaaaaa-1"));
    assertThat(run("stop", "--to", directory.toString())).isEqualTo(7);
    assertThat(console.out()).isEqualTo("file:" + mine + "\n");
    assertThat(console.err())
        .contains("is complete, but the job is gone with its JobManager: ")
        .endsWith(
            "trafficctl: start it from the savepoint with: trafficctl restart traffic"
                + " --from-savepoint file:"
                + mine
                + " --flink "
                + flink.server().url()
                + "\n");
  }

  @Test
  void anErrorWhileItWaitsIsNoAnswerToHowItEnded() throws IOException {
    flink.does("savepoint", IN_PROGRESS, "{\"errors\":[\"a.B: bad request\"]}");
    assertThat(run("savepoint")).isEqualTo(6);
    String said = console.err();
    String id = last().path("id").asText();
    assertThat(last().path("outcome").asText()).isEqualTo("open");
    assertThat(said)
        .isEqualTo(
            "trafficctl: B: bad request\ntrafficctl: how the savepoint ends is not known; find out"
                + " with: trafficctl operations resume "
                + id
                + "\n");
  }

  @Test
  void warnsOfASlowAndOfAFailedCheckpoint() {
    flink.does("savepoint", completed("file:/s/1"));
    String slow =
        checkpoint(7, false, "COMPLETED", "file:/c/chk-7")
            .replace("\"end_to_end_duration\":2000", "\"end_to_end_duration\":301000");
    String failed =
        checkpoint(8, false, "FAILED", null)
            .replace(
                "\"discarded\"",
                "\"failure_message\":\"Checkpoint expired \\u001b[31m\\n\\tat a.b\",\"discarded\"");
    flink
        .server()
        .answer(
            "/jobs/" + FakeFlink.JOB + "/checkpoints",
            FakeFlink.checkpoints("{\"completed\":" + slow + ",\"failed\":" + failed + "}"));
    assertThat(run("savepoint")).isZero();
    assertThat(console.err())
        .isEqualTo(
            "warning: the last checkpoint took 5m 1s, and Flink gives a savepoint up after 10m\n"
                + "warning: the last checkpoint failed: Checkpoint expired \\u001B[31m\n"
                + "took a savepoint of "
                + SHOWN
                + "\n"
                + unchecked("file:/s/1"));
  }

  @Test
  void looksAgainRightAfterAStart() {
    flink
        .does("savepoint", completed("file:/s/1"))
        .details(
            FakeFlink.details("CREATED", 0),
            FakeFlink.details("RUNNING", 1),
            FakeFlink.details("RUNNING", 2));
    assertThat(run("savepoint")).as(console.err()).isZero();
    assertThat(console.out()).isEqualTo("file:/s/1\n");
    assertThat(console.err())
        .isEqualTo(
            "0 of 2 tasks of traffic run, as Flink tells it up to 3 s late; looking again for 4s\n"
                + "took a savepoint of "
                + SHOWN
                + "\n"
                + unchecked("file:/s/1"));
  }

  @Test
  void looksOnceAtAJobThatRuns() {
    flink.does("savepoint", completed("file:/s/1"));
    assertThat(run("savepoint")).isZero();
    assertThat(looks()).isEqualTo(1);
  }

  @Test
  void looksOnceAtAJobThatHasEnded() {
    flink.details(FakeFlink.details("FAILED", 0));
    assertThat(run("savepoint")).isEqualTo(1);
    assertThat(console.err())
        .startsWith("trafficctl: the job traffic is FAILED with 0 of 2 tasks running; ");
    assertThat(looks()).isEqualTo(1);
  }

  private long looks() {
    String look = "GET /jobs/" + FakeFlink.JOB;
    return flink.server().requests().stream().filter(look::equals).count();
  }

  @Test
  void needsAllTasks() {
    flink.server().answer("/jobs/" + FakeFlink.JOB, FakeFlink.details("RUNNING", 1));
    assertThat(run("savepoint")).isEqualTo(1);
    assertThat(console.err())
        .isEqualTo(
            "1 of 2 tasks of traffic run, as Flink tells it up to 3 s late; looking again for 4s\n"
                + "trafficctl: the job traffic is RUNNING with 1 of 2 tasks running; it takes all"
                + " of them; nothing was asked; see: trafficctl status traffic --flink "
                + flink.server().url()
                + "\n");
    // After 250 ms, and each time a quarter more.
    assertThat(looks()).isEqualTo(9);
    assertThat(console.run("operations")).isZero();
    assertThat(console.out()).hasLineCount(1);
  }

  @Test
  void needsADirectory() {
    flink.server().answer("/jobmanager/config", "[]");
    assertThat(run("savepoint")).isEqualTo(1);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: there is no directory for savepoints: neither the context nor the cluster"
                + " (execution.checkpointing.savepoint-dir) has one; give one with --to\n");
    assertThat(flink.triggered()).isZero();
  }

  @Test
  void warnsOfBackpressure() {
    flink.backpressure("high").does("savepoint", completed("file:/s/1"));
    assertThat(run("savepoint")).isZero();
    assertThat(console.err())
        .startsWith(
            "warning: backpressure is high at Source: read -> filter, and a savepoint waits");
  }

  @Test
  void planChangesNothing() {
    assertThat(run("savepoint", "--plan")).isZero();
    assertThat(console.out())
        .isEqualTo(
            "this would take a savepoint of the job traffic on "
                + flink.server().url()
                + ":\n  1. take a savepoint of "
                + SHOWN
                + ", which runs on, in the canonical format to /no/savepoints\n");
    assertThat(flink.triggered()).isZero();
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void somebodyElsesSavepointIsLeftAlone() {
    flink.server().answer("/jobs/" + FakeFlink.JOB + "/savepoints/" + FIRST, IN_PROGRESS);
    assertThat(run("savepoint")).isEqualTo(4);
    assertThat(console.err())
        .startsWith("trafficctl: somebody is doing a savepoint of traffic already");
    assertThat(flink.triggered()).isZero();
  }

  @Test
  void anUnreachableFlinkIsNoOperation() {
    assertThat(console.run("savepoint", "--flink", "http://127.0.0.1:1/")).isEqualTo(5);
    assertThat(console.err()).hasLineCount(1);
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aDamagedJournalRefusesEveryChangeAndIsNamed() throws IOException {
    flink.does("savepoint", completed("file:/s/1"));
    assertThat(run("savepoint")).isZero();
    Path damaged =
        Files.writeString(
            directory.resolve("trafficctl/operations/stop-20260131-110000-0000.jsonl"), "{}\n");
    assertThat(run("savepoint")).isEqualTo(1);
    assertThat(console.err())
        .startsWith("trafficctl: the journal is damaged: " + damaged + ", line 1; ")
        .hasLineCount(1);
    assertThat(flink.triggered()).isEqualTo(1);
    assertThat(console.run("operations")).isZero();
    assertThat(console.out()).hasLineCount(2);
    assertThat(console.err()).startsWith("trafficctl: the journal is damaged: " + damaged);
  }

  @Test
  void statusOfAnUnknownIdIsOneLine() {
    for (String id : List.of("nothing", "../jars", "\u001b[31m")) {
      assertThat(run("savepoint", "status", id)).isEqualTo(1);
      assertThat(console.err()).contains("has begun no operation").hasLineCount(1);
    }
  }
}
