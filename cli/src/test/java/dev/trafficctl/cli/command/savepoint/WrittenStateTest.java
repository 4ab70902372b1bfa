package dev.trafficctl.cli.command.savepoint;

import static dev.trafficctl.cli.ScriptedFlink.IN_PROGRESS;
import static dev.trafficctl.cli.ScriptedFlink.checkpoint;
import static dev.trafficctl.cli.ScriptedFlink.completed;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.FakeFlink;
import dev.trafficctl.cli.command.OnScriptedFlink;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.flink.TriggerId;
import dev.trafficctl.cli.state.StateFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the commands make of a savepoint or checkpoint that Flink names: whether it is there. */
class WrittenStateTest extends OnScriptedFlink {
  private static final String JOB = "/jobs/" + FakeFlink.JOB;

  private Path place;
  private Path named;

  @BeforeEach
  void makePlace() throws IOException {
    place = Files.createDirectory(directory.resolve("place"));
    named = place.resolve("savepoint-aaaaaa-0123456789ab");
  }

  private String at(String verb) {
    return " --flink " + flink.server().url() + verb;
  }

  private void stops() {
    flink.does("stop", completed("file:" + named)).states("RUNNING", "FINISHED");
  }

  private String isNotThere(String verb) {
    return "trafficctl: Flink says that the "
        + verb
        + " of "
        + SHOWN
        + " has written file:"
        + named
        + ", but there is no "
        + named
        + "; if Flink runs in a container, look whether it is there\n";
  }

  @Test
  void oneThatIsThereIsDoneWithoutAnotherWord() throws Exception {
    StateFixture.savepoint(named);
    stops();
    assertThat(run("stop")).as(console.err()).isZero();
    assertThat(console.out()).isEqualTo("file:" + named + "\n");
    assertThat(console.err()).isEqualTo("stopped " + SHOWN + " with a savepoint\n");
  }

  @Test
  void aStopIsNotDoneWhereItIsNotThere() throws IOException {
    stops();
    assertThat(run("stop")).isEqualTo(7);
    assertThat(console.out()).isEqualTo("");
    assertThat(console.err())
        .isEqualTo(
            isNotThere("stop")
                + "trafficctl: the job is FINISHED\n"
                + "trafficctl: no other state is found that can be read from here; see: trafficctl"
                + " checkpoints traffic"
                + at("\n"));
    assertThat(last().path("outcome").asText()).isEqualTo("partly_done");
    assertThat(last().path("path").isNull()).isTrue();
  }

  @Test
  void theNewestOtherWayBackIsNamed() throws Exception {
    Path newest = StateFixture.checkpoint(place.resolve("chk-7"), 7, StateFixture.DESCRIPTION);
    Path older = StateFixture.savepoint(place.resolve("savepoint-aaaaaa-1"));
    flink.history(
        checkpoint(8, true, "COMPLETED", "file:" + named),
        checkpoint(7, false, "COMPLETED", "file:" + newest),
        checkpoint(6, true, "COMPLETED", "file:" + older));
    stops();
    assertThat(run("stop")).isEqualTo(7);
    assertThat(console.err())
        .startsWith(isNotThere("stop") + "trafficctl: the job is FINISHED\n")
        .contains(
            "the newest state that is there is file:" + newest + ", of 2026-01-31T11:59:50Z; ",
            "; start it from there with: trafficctl restart traffic --from-checkpoint file:"
                + newest
                + at("\n"));
  }

  @Test
  void aSavepointIsNotDoneWhereItIsNotThereAndTheJobRunsOn() {
    flink.does("savepoint", completed("file:" + named));
    assertThat(run("savepoint")).isEqualTo(7);
    assertThat(console.out()).isEqualTo("");
    assertThat(console.err())
        .isEqualTo(
            isNotThere("savepoint")
                + "trafficctl: the job is RUNNING; try again: trafficctl savepoint traffic"
                + at("\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x"})
  void oneThatIsNotWholeIsNotDone(String metadata) throws IOException {
    Files.createDirectory(named);
    if (!metadata.isEmpty()) {
      Files.writeString(named.resolve("_metadata"), metadata);
    }
    stops();
    assertThat(run("stop")).isEqualTo(7);
    assertThat(console.out()).isEqualTo("");
    assertThat(console.err())
        .contains(
            metadata.isEmpty()
                ? ", but " + named + " holds no _metadata, so it is no complete savepoint"
                : ", but " + named + "/_metadata is cut off: it was not written to its end");
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:/no/such/place/savepoint-1", "s3://b/savepoint-1"})
  void whatCannotBeSeenFromHereIsSaidToBeUnchecked(String path) {
    flink.does("stop", completed(path)).states("RUNNING", "FINISHED");
    assertThat(run("stop")).isZero();
    assertThat(console.out()).isEqualTo(path + "\n");
    assertThat(console.err())
        .isEqualTo(
            "stopped "
                + SHOWN
                + " with a savepoint\nnot checked: "
                + path
                + " cannot be read from this machine\n");
  }

  @Test
  void whatAFlinkElsewhereHasWrittenMayLieThere() {
    stops();
    String elsewhere = flink.server().url().replace("127.0.0.1", "0.0.0.0");
    assertThat(console.run("stop", "--flink", elsewhere)).as(console.err()).isZero();
    assertThat(console.out()).isEqualTo("file:" + named + "\n");
    assertThat(console.err())
        .endsWith(
            "\nnot checked: there is no "
                + named
                + " on this machine, and Flink runs on another\n");
  }

  @Test
  void whatIsFoundOutAfterwardsIsLookedAtToo() throws IOException {
    flink.does("stop", IN_PROGRESS);
    assertThat(run("stop", "--detach")).isZero();
    String id = last().path("id").asText();
    flink.results("stop", 1, completed("file:" + named)).states("FINISHED");
    assertThat(console.run("operations", "resume", id)).isEqualTo(7);
    assertThat(console.out()).isEqualTo("");
    assertThat(console.err()).contains(isNotThere("stop"));
  }

  @Test
  void aRestartStartsNothingFromWhatIsNotThere() throws IOException {
    Path jar = Files.writeString(directory.resolve("job.jar"), "a jar");
    flink.starts(JobId.ofStart(FakeFlink.JOB, 1).text(), "file:" + named);
    flink
        .server()
        .answer(
            JOB + "/config",
            """
            {"execution-config":{"job-parallelism":2,"user-config":{"trafficctl.arguments":
              "[\\"--kafka-url\\",\\"no-such-host.invalid:9092\\",\\"--postgres-url\\",\
            \\"jdbc:postgresql://p/t\\",\\"--postgres-user\\",\\"job\\"]"}}}\
            """);
    stops();
    assertThat(run("restart", "--jar", jar.toString())).isEqualTo(7);
    assertThat(console.out()).isEqualTo("");
    assertThat(console.err()).contains(isNotThere("stop"), "trafficctl: no new job was started\n");
    assertThat(flink.server().requests()).doesNotContain("POST /jars/1_job.jar/run");
  }

  private void takesCheckpoint(String history) {
    String trigger = TriggerId.of("checkpoint", new JobId(FakeFlink.JOB), 1).text();
    flink
        .server()
        .answer(JOB + "/checkpoints", history)
        .answer(
            JOB + "/checkpoints/" + trigger,
            exchange -> {
              boolean asked = flink.server().requests().contains("POST " + JOB + "/checkpoints");
              byte[] body =
                  (asked
                          ? "{\"status\":{\"id\":\"COMPLETED\"},\"operation\":{\"checkpointId\":7}}"
                          : "{\"errors\":[\"a.NotFoundException: no\"]}")
                      .getBytes(UTF_8);
              exchange.sendResponseHeaders(asked ? 200 : 404, body.length);
              exchange.getResponseBody().write(body);
            });
  }

  @Test
  void aCheckpointIsNotDoneWhereItIsNotThere() {
    takesCheckpoint(
        FakeFlink.checkpoints("{}", checkpoint(7, false, "COMPLETED", "file:" + named)));
    assertThat(run("checkpoint")).isEqualTo(7);
    assertThat(console.err())
        .isEqualTo(
            isNotThere("checkpoint")
                + "trafficctl: the job is RUNNING; try again: trafficctl checkpoint traffic"
                + at("\n"));
  }

  @Test
  void aCheckpointThatFlinkHasDeletedForANewerOneWasTaken() {
    takesCheckpoint(
        FakeFlink.checkpoints(
            "{}",
            checkpoint(8, false, "COMPLETED", "file:" + place.resolve("chk-8")),
            checkpoint(7, false, "COMPLETED", "file:" + named)));
    assertThat(run("checkpoint")).isZero();
    assertThat(console.err())
        .isEqualTo(
            "took checkpoint 7 of " + SHOWN + "\nFlink has deleted it since, for a newer one\n");
    assertThat(console.out()).contains("7").doesNotContain("file:");
  }
}
