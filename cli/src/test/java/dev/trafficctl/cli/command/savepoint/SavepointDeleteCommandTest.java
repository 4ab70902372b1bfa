package dev.trafficctl.cli.command.savepoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.FakeFlink;
import dev.trafficctl.cli.TestConsole;
import dev.trafficctl.cli.journal.Asked;
import dev.trafficctl.cli.journal.Entry;
import dev.trafficctl.cli.journal.JobLock;
import dev.trafficctl.cli.journal.Journal;
import dev.trafficctl.cli.state.StateFixture;
import dev.trafficctl.model.StartDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SavepointDeleteCommandTest {
  private static final String ID = "0123456789abcdef0123456789abcdef";

  private final TestConsole console = TestConsole.jumping();
  private final FakeFlink flink = new FakeFlink().withTraffic();

  @TempDir Path storage;
  private Path savepoint;

  @TempDir Path journal;

  @BeforeEach
  void store() throws Exception {
    console.with("XDG_STATE_HOME", journal.toString());
    savepoint = StateFixture.savepoint(storage.resolve("savepoint-aaaaaa-0123456789ab"));
  }

  @AfterEach
  void close() {
    flink.close();
  }

  private int delete(String path, String... more) {
    String[] all = new String[more.length + 5];
    all[0] = "savepoint";
    all[1] = "delete";
    all[2] = path;
    all[3] = "--flink";
    all[4] = flink.url();
    System.arraycopy(more, 0, all, 5, more.length);
    return console.run(all);
  }

  private boolean wasAsked() {
    return flink.requests().contains("POST /savepoint-disposal");
  }

  private void deletes() {
    flink.answer(
        "/savepoint-disposal",
        exchange -> {
          remove();
          byte[] body = ("{\"request-id\":\"" + ID + "\"}").getBytes(UTF_8);
          exchange.sendResponseHeaders(202, body.length);
          exchange.getResponseBody().write(body);
        });
    ends("{}");
  }

  private void doesNotDelete() {
    flink.answer("/savepoint-disposal", 202, "{\"request-id\":\"" + ID + "\"}");
  }

  private void ends(String operation) {
    flink.answer(
        "/savepoint-disposal/" + ID,
        "{\"status\":{\"id\":\"COMPLETED\"},\"operation\":" + operation + "}");
  }

  private void remove() throws IOException {
    Files.deleteIfExists(savepoint.resolve("_metadata"));
    Files.deleteIfExists(savepoint);
  }

  @Test
  void deletesASavepointAndSaysWhich() {
    deletes();

    assertThat(delete(savepoint.toString())).isZero();

    assertThat(console.err()).isEqualTo("deleted, and gone:\n");
    assertThat(console.out())
        .startsWith("ID  JOB      SIZE ")
        .endsWith(" file:" + savepoint + "\n")
        .contains(" 7  traffic  ");
  }

  @Test
  void showsWhatItWouldDelete() {
    assertThat(delete("file:" + savepoint, "--plan", "-o", "json")).isZero();

    assertThat(console.out())
        .startsWith(
            """
            {
              "apiVersion" : "trafficctl/v1",
              "path" : "file:%s",
              "jobName" : "traffic",
              "id" : 7,
              "bytes" : \
            """
                .formatted(savepoint))
        .endsWith(",\n  \"deleted\" : false\n}\n");
    assertThat(wasAsked()).isFalse();
  }

  @Test
  void refusesWhatIsNoSavepoint() throws Exception {
    Path checkpoint =
        StateFixture.checkpoint(storage.resolve("chk-3"), 3, StateFixture.DESCRIPTION);
    Path torn = StateFixture.savepoint(storage.resolve("savepoint-aaaaaa-1"));
    Files.writeString(torn.resolve("_metadata"), "x");

    refused(storage + "/none", "there is no " + storage + "/none");
    refused(
        storage.toString(),
        storage + " holds no _metadata, so it is no complete savepoint or checkpoint");
    refused(torn.toString(), torn + "/_metadata is cut off: it was not written to its end");
    refused(
        checkpoint.toString(), "file:" + checkpoint + " is a checkpoint, which belongs to its job");
    refused("s3://b/x/chk-3", "s3://b/x/chk-3 is a checkpoint, which belongs to its job");
    assertThat(wasAsked()).isFalse();
  }

  private void refused(String path, String why) {
    assertThat(delete(path)).as(path).isEqualTo(4);
    assertThat(console.err()).isEqualTo("trafficctl: " + why + "; nothing was deleted\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%s",
        "file://%s",
        "FILE:%s/",
        "file://localhost%s",
        "/%s/_metadata",
        "%s/./",
        "%s-link"
      })
  void refusesASavepointThatAJobStillNeeds(String spelling) throws IOException {
    Files.createSymbolicLink(storage.resolve(savepoint.getFileName() + "-link"), savepoint);
    flink.answer(
        "/jobs/overview",
        "{\"jobs\":[" + FakeFlink.job(FakeFlink.JOB, "a\\u001bb", "RESTARTING") + "]}");
    flink.answer(
        "/jobs/" + FakeFlink.JOB + "/checkpoints",
        FakeFlink.checkpoints(
            """
            {"restored":{"id":7,"restore_timestamp":1,"is_savepoint":true,
              "external_path":"file:%s"}}\
            """
                .formatted(savepoint)));

    refused(
        spelling.formatted(savepoint),
        "the job a\\u001Bb (%s) was restored from file:%s and has completed no checkpoint since"
            .formatted(FakeFlink.JOB, savepoint));
    assertThat(wasAsked()).isFalse();
  }

  private void jobHasEnded(String directories) {
    flink
        .answer("/jobs/overview", "{\"jobs\":[" + FakeFlink.job(ID, "traffic", "FINISHED") + "]}")
        .answer("/jobmanager/config", "[" + directories + "]");
  }

  private String storageIsKnown() {
    return "{\"key\":\"execution.checkpointing.dir\",\"value\":\"file:%s\"},".formatted(storage)
        + "{\"key\":\"execution.checkpointing.savepoint-dir\",\"value\":\"file:%s\"}"
            .formatted(storage);
  }

  @Test
  void refusesTheLastWayBackOfAJobThatDoesNotRun() {
    for (String directories : List.of(storageIsKnown(), "")) {
      jobHasEnded(directories);
      assertThat(delete(savepoint.toString())).isEqualTo(4);
      assertThat(console.err())
          .isEqualTo(
              "trafficctl: file:"
                  + savepoint
                  + " is the newest state of the job traffic, which does not run: it could not be"
                  + " started from there again; nothing was deleted\n"
                  + "trafficctl: if that is meant: trafficctl savepoint delete file:"
                  + savepoint
                  + " --last-way-back --flink "
                  + flink.url()
                  + "\n");
      assertThat(wasAsked()).isFalse();
    }
    deletes();
    assertThat(delete(savepoint.toString(), "--last-way-back")).as(console.err()).isZero();
    assertThat(savepoint).doesNotExist();
  }

  @Test
  void anOlderStateAndOneOfAnotherJobAreNoOtherWayBack() throws Exception {
    jobHasEnded(storageIsKnown());
    checkpoint("a", StateFixture.DESCRIPTION, -60);
    checkpoint(
        "b",
        new StartDescription("traffic", 2, List.of("--kafka-topic", "other"), "0.1.0", null),
        60);
    assertThat(delete(savepoint.toString())).isEqualTo(4);
    assertThat(wasAsked()).isFalse();
  }

  @Test
  void deletesASavepointOfAJobThatHasANewerState() throws Exception {
    jobHasEnded(storageIsKnown());
    checkpoint("a", StateFixture.DESCRIPTION, 60);
    deletes();
    assertThat(delete(savepoint.toString())).as(console.err()).isZero();
  }

  private void checkpoint(String digit, StartDescription description, int secondsLater)
      throws Exception {
    Path state =
        StateFixture.checkpoint(storage.resolve(digit.repeat(32) + "/chk-3"), 3, description);
    Instant written = Files.getLastModifiedTime(savepoint.resolve("_metadata")).toInstant();
    Files.setLastModifiedTime(
        state.resolve("_metadata"), FileTime.from(written.plusSeconds(secondsLater)));
  }

  @Test
  void refusesASavepointBesideWhichSomethingElseLies() throws IOException {
    Files.writeString(savepoint.resolve("notes.txt"), "do not lose");
    Files.createDirectory(savepoint.resolve("more"));
    refused(
        savepoint.toString(),
        "file:%s also holds what is not of the savepoint: %s/more, %s/notes.txt; move it away first"
            .formatted(savepoint, savepoint, savepoint));
    assertThat(savepoint.resolve("_metadata")).exists();
    assertThat(wasAsked()).isFalse();
  }

  @Test
  void refusesASavepointThatNamesFilesOutsideItsDirectory() throws Exception {
    Path precious = storage.resolve("other").resolve("state");
    Path hostile = StateFixture.savepointWithFile(storage.resolve("savepoint-bbbbbb-1"), precious);
    String words =
        "the metadata of file:%s names files outside its directory, which Flink would delete too: file:%s"
            .formatted(hostile, precious);

    refused(hostile.toString(), words);
    Path climbing = hostile.resolve("../other/state");
    StateFixture.savepointWithFile(hostile, climbing);
    refused(hostile.toString(), words);
    assertThat(wasAsked()).isFalse();
    assertThat(precious).exists();

    StateFixture.savepointWithFile(hostile, hostile.resolve("state"));
    assertThat(delete(hostile.toString(), "--plan")).as(console.err()).isZero();
  }

  @Test
  void asksAgainOfAJobThatFlinkHasOnlyJustStarted() {
    flink.answer("/jobs/" + FakeFlink.JOB + "/checkpoints", FakeFlink.checkpoints("{}"));
    deletes();

    assertThat(delete(savepoint.toString())).isZero();

    // Each time that is looked whether it may be deleted: before the lock is held, and under it.
    assertThat(flink.requests().stream().filter(request -> request.endsWith("/checkpoints")))
        .hasSize(4);
  }

  @Test
  void asksForTheNameOfTheJobWhoseSavepointItIs() {
    deletes();

    assertThat(delete(savepoint.toString(), "--yes", "other")).isEqualTo(4);

    assertThat(console.err())
        .isEqualTo("trafficctl: --yes names other, but the job is traffic; nothing was changed\n");
    assertThat(savepoint).exists();
    assertThat(wasAsked()).isFalse();
  }

  @Test
  void saysWhyFlinkCouldNotDeleteIt() {
    doesNotDelete();
    ends("{\"failure-cause\":{\"stack-trace\":\"java.io.IOException: disk on fire\\n\\tat a.B\"}}");

    assertThat(delete(savepoint.toString())).isEqualTo(1);

    assertThat(console.err())
        .isEqualTo(
            "trafficctl: Flink could not delete file:"
                + savepoint
                + ": IOException: disk on fire\n");
  }

  @Test
  void doesNotBelieveThatItIsGoneWhileItIsThere() {
    doesNotDelete();
    ends("{}");

    assertThat(delete(savepoint.toString())).isEqualTo(6);

    assertThat(console.out()).isEqualTo("");
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: Flink says that it has deleted file:"
                + savepoint
                + ", but it is still there on this machine; perhaps Flink runs on another; see what"
                + " is left with: trafficctl savepoint list --flink "
                + flink.url()
                + "\n");
  }

  @Test
  void givesUpWaiting() {
    doesNotDelete();
    flink.answer("/savepoint-disposal/" + ID, "{\"status\":{\"id\":\"IN_PROGRESS\"}}");

    assertThat(delete(savepoint.toString(), "--timeout", "3s")).isEqualTo(6);

    assertThat(console.err())
        .isEqualTo(
            "trafficctl: Flink is still deleting file:"
                + savepoint
                + "; see what is left with: trafficctl savepoint list --flink "
                + flink.url()
                + "\n");
  }

  @Test
  void doesNotKnowWhetherItIsDeletedWhenTheAnswerIsLost() {
    flink.answer(
        "/savepoint-disposal",
        exchange -> {
          throw new IOException("cut");
        });

    assertThat(delete(savepoint.toString())).isEqualTo(6);

    assertThat(console.err())
        .contains("whether file:" + savepoint + " is deleted is not known; see what is left with")
        .hasLineCount(2);
  }

  private String operation() {
    assertThat(console.run("operations", "-o", "json")).isZero();
    return console.out();
  }

  @Test
  void isInTheJournal() {
    deletes();
    assertThat(delete(savepoint.toString())).isZero();
    assertThat(operation())
        .contains(
            "\"verb\" : \"savepoint-delete\"",
            "\"job\" : \"traffic\"",
            "\"path\" : \"file:" + savepoint + "\"",
            "\"outcome\" : \"done\"",
            "\"message\" : \"deleted file:" + savepoint + "\"");
  }

  @Test
  void aFailureIsInTheJournal() {
    doesNotDelete();
    ends("{\"failure-cause\":{\"class\":\"a.B\",\"stack-trace\":\"a.B: no\"}}");
    assertThat(delete(savepoint.toString())).isEqualTo(1);
    assertThat(operation()).contains("\"outcome\" : \"failed\"");
  }

  /** Leaves the journal as a process does that was killed. */
  private void cutOff() {
    Journal entries = Journal.of(console.environment());
    Asked asked =
        new Asked(
            "savepoint-delete",
            flink.url(),
            null,
            null,
            "traffic",
            Map.of("path", "file:" + savepoint));
    try (JobLock lock = entries.lock(flink.url(), "traffic", "savepoint-delete");
        Entry entry = entries.begin(lock, asked)) {
      assertThat(entry.id()).startsWith("savepoint-delete-");
    }
  }

  @Test
  void oneThatWasCutOffIsDoneWhenNothingIsThere() throws IOException {
    cutOff();
    remove();
    assertThat(console.run("operations", "resume", "--flink", flink.url())).isZero();
    assertThat(console.err()).isEqualTo("deleted file:" + savepoint + "\n");
    assertThat(operation()).contains("\"outcome\" : \"done\"");
  }

  @Test
  void oneThatWasCutOffHasFailedWhenItIsStillThere() {
    cutOff();
    assertThat(console.run("operations", "resume", "--flink", flink.url())).isEqualTo(1);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: file:"
                + savepoint
                + " was not deleted, or not all of it; again: trafficctl savepoint delete file:"
                + savepoint
                + " --flink "
                + flink.url()
                + "\n");
    assertThat(operation()).contains("\"outcome\" : \"failed\"");
  }

  @Test
  void whoIsAtTheJobIsNamed() {
    Journal entries = Journal.of(console.environment());
    try (JobLock lock = entries.lock(flink.url(), "traffic", "restart")) {
      assertThat(lock.job()).isEqualTo("traffic");
      assertThat(delete(savepoint.toString())).isEqualTo(4);
    }
    assertThat(console.err()).contains("is doing restart on traffic since");
    assertThat(wasAsked()).isFalse();
  }
}
