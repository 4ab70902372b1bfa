package dev.trafficctl.cli.command.savepoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.trafficctl.cli.FakeFlink;
import dev.trafficctl.cli.TestConsole;
import dev.trafficctl.cli.state.StateFixture;
import dev.trafficctl.job.ReadProgress;
import dev.trafficctl.model.StartDescription;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code checkpoints} and {@code savepoint list}. */
class CheckpointsCommandTest {
  private static final String OTHER = "b".repeat(32);

  private final TestConsole console = TestConsole.frozen();
  private final FakeFlink flink = new FakeFlink().withTraffic();

  @TempDir Path storage;
  private Path checkpoint;
  private Path savepoint;

  @BeforeEach
  void store() throws Exception {
    console.with("XDG_STATE_HOME", storage.resolve("journal").toString());
    checkpoint =
        StateFixture.checkpoint(
            storage.resolve(FakeFlink.JOB + "/chk-7"), 7, StateFixture.DESCRIPTION);
    savepoint = StateFixture.savepoint(storage.resolve("savepoint-bbbbbb-0123456789ab"));
    at("2026-01-31T11:58:00Z", checkpoint);
    at("2026-01-31T11:50:00Z", savepoint);
  }

  @AfterEach
  void close() {
    flink.close();
  }

  private static void at(String time, Path state) throws Exception {
    Files.setLastModifiedTime(state.resolve("_metadata"), FileTime.from(Instant.parse(time)));
  }

  private void history(String... entries) {
    flink.answer("/jobs/" + FakeFlink.JOB + "/checkpoints", FakeFlink.checkpoints("{}", entries));
  }

  /** An entry that was triggered at 11:59 plus its number in seconds. */
  private static String entry(int id, String status, boolean savepoint, String more) {
    return """
    {"id":%d,"status":"%s","is_savepoint":%s,"trigger_timestamp":%d,"end_to_end_duration":1250,
     "state_size":2048,"num_subtasks":2,"num_acknowledged_subtasks":2,%s}\
    """
        .formatted(
            id,
            status,
            savepoint,
            Instant.parse("2026-01-31T11:59:00Z").toEpochMilli() + id * 1000L,
            more);
  }

  @Test
  void tellsWhatFlinkRemembersAndWhetherEachCanBeRestored() {
    Path deleted = storage.resolve("savepoint-aaaaaa-ffffffffffff");
    history(
        entry(12, "IN_PROGRESS", false, "\"discarded\":false"),
        entry(11, "FAILED", false, "\"failure_message\":\"Checkpoint expired\\nat a.B\""),
        entry(10, "COMPLETED", true, "\"external_path\":\"s3://b/savepoint-1\""),
        entry(9, "COMPLETED", true, "\"external_path\":\"file:" + deleted + "\""),
        entry(7, "COMPLETED", false, "\"external_path\":\"file:" + checkpoint + "\""),
        entry(6, "COMPLETED", false, "\"external_path\":\"file:/x/chk-6\",\"discarded\":true"));

    assertThat(console.run("checkpoints", "--flink", flink.url())).isZero();

    assertThat(console.err()).isEqualTo("");
    String gap = " ".repeat(("file:" + checkpoint).length() - "PATH".length());
    assertThat(console.out())
        .startsWith(
            "ID  TYPE        STATUS       AGE  DURATION  SIZE     JOB      WHERE          "
                + " RESTORABLE  PATH"
                + gap
                + "  PROBLEM\n")
        .hasLineCount(7);
    assertThat(console.out().lines().skip(1).map(line -> line.replaceAll(" {2,}", " | ")))
        .isEqualTo(
            List.of(
                "12 | checkpoint | IN_PROGRESS | 48s | 1s | - | traffic | flink | no | - | -",
                "11 | checkpoint | FAILED | 49s | 1s | - | traffic | flink | no | - | Checkpoint"
                    + " expired",
                "10 | savepoint | COMPLETED | 50s | 1s | 2.0 KiB | traffic | flink | - |"
                    + " s3://b/savepoint-1 | s3://b/savepoint-1 cannot be read from this machine",
                " 9 | savepoint | COMPLETED | 51s | 1s | 2.0 KiB | traffic | flink | no | file:"
                    + deleted
                    + " | there is no "
                    + deleted,
                " 7 | checkpoint | COMPLETED | 53s | 1s | 2.0 KiB | traffic | flink, storage | yes"
                    + " | file:"
                    + checkpoint
                    + " | -",
                " 6 | checkpoint | COMPLETED | 54s | 1s | 2.0 KiB | traffic | flink | no |"
                    + " file:/x/chk-6 | Flink has deleted it"));
  }

  @Test
  void doesNotTakeADiskThatIsNotHereForOneThatIsEmpty() {
    history(entry(9, "COMPLETED", true, "\"external_path\":\"file:/no/such/disk/savepoint-1\""));

    console.run("checkpoints", "--flink", flink.url(), "-o", "json");

    assertThat(console.out())
        .contains("\"restorable\" : null")
        .contains("file:/no/such/disk/savepoint-1 cannot be read from this machine");
  }

  @Test
  void addsWhatLiesInADirectoryAndShowsEachOnce() throws Exception {
    history(entry(7, "COMPLETED", false, "\"external_path\":\"file:" + checkpoint + "\""));
    Path unfinished = Files.createDirectories(storage.resolve(OTHER + "/chk-3"));
    Files.setLastModifiedTime(unfinished, FileTime.from(Instant.parse("2026-01-31T11:00:00Z")));

    assertThat(console.run("checkpoints", "--flink", flink.url(), "--storage", "file://" + storage))
        .isZero();

    assertThat(console.out().lines().skip(1).map(line -> line.replaceAll(" {2,}", " | ")))
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .startsWith(" 7 | checkpoint | COMPLETED | 53s | 1s")
                    .contains("flink, storage"),
            line ->
                assertThat(line)
                    .startsWith(" 7 | savepoint | COMPLETED | 10m | - |")
                    .endsWith("| traffic | storage | yes | file:" + savepoint + " | -"),
            line ->
                assertThat(line)
                    .isEqualTo(
                        " 3 | checkpoint | INCOMPLETE | 1h | - | - | "
                            + OTHER
                            + " | storage | no | file:"
                            + unfinished
                            + " | there is no _metadata"));
  }

  @Test
  void tellsWhatLiesInStorageWhenFlinkIsGone() {
    assertThat(
            console.run(
                "checkpoints",
                "traffic",
                "--flink",
                "http://127.0.0.1:1/",
                "--storage",
                storage.toString(),
                "-o",
                "json"))
        .isZero();

    assertThat(console.err())
        .isEqualTo(
            "trafficctl: cannot reach Flink at http://127.0.0.1:1/: the connection is refused;"
                + " check the address and that Flink runs (the local one: trafficctl local status);"
                + " this is what lies in storage\n");
    assertThat(console.out())
        .startsWith(
            """
            {
              "apiVersion" : "trafficctl/v1",
              "checkpoints" : [ {
                "id" : 7,
                "type" : "checkpoint",
                "status" : "COMPLETED",
                "jobId" : "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "jobName" : "traffic",
                "at" : "2026-01-31T11:58:00Z",
                "durationMillis" : null,
            """)
        .contains(
            """
                "path" : "file:%s",
                "inFlink" : false,
                "inStorage" : true,
                "restorable" : true,
                "problem" : null,
                "note" : null
            """
                .formatted(checkpoint));
  }

  @Test
  void failsWhenThereIsNeitherFlinkNorADirectory() {
    assertThat(console.run("checkpoints", "--flink", "http://127.0.0.1:1/")).isEqualTo(5);
    assertThat(console.out()).isEqualTo("");
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: cannot reach Flink at http://127.0.0.1:1/: the connection is refused;"
                + " check the address and that Flink runs (the local one: trafficctl local status);"
                + " to see what lies in storage, name the directory with --storage DIR\n");
  }

  @Test
  void searchesTheDirectoriesOfTheClusterWhenFlinkHasForgottenTheJob() {
    flink.answer("/jobs/overview", "{\"jobs\":[]}");
    flink.answer(
        "/jobmanager/config",
        """
        [{"key":"execution.checkpointing.dir","value":"file:%s"},
         {"key":"execution.checkpointing.savepoint-dir","value":"s3://b/savepoints"}]\
        """
            .formatted(storage));

    assertThat(console.run("checkpoints", "traffic", "--flink", flink.url())).isZero();

    assertThat(console.err())
        .isEqualTo(
            "trafficctl: Flink at "
                + flink.url()
                + " knows no job traffic; this is what lies in storage\n"
                + "trafficctl: s3://b/savepoints cannot be read from this machine without Flink's"
                + " file-system plug-in for it; set FLINK_PLUGINS_DIR to the plugins directory of a"
                + " Flink\n"
                + "trafficctl: start it again with: trafficctl restart traffic --from-checkpoint"
                + " latest --flink "
                + flink.url()
                + "\n");
    assertThat(console.out()).hasLineCount(3);
  }

  @Test
  void searchesStorageWhenFlinkRemembersNothingThatCanBeRestored() {
    history(
        entry(8, "FAILED", false, "\"failure_message\":\"Checkpoint expired\""),
        entry(6, "COMPLETED", false, "\"external_path\":\"file:/x/chk-6\",\"discarded\":true"));
    flink.answer(
        "/jobmanager/config",
        "[{\"key\":\"execution.checkpointing.dir\",\"value\":\"" + storage + "\"}]");

    assertThat(console.run("checkpoints", "traffic", "--flink", flink.url())).isZero();

    assertThat(console.err())
        .isEqualTo(
            "trafficctl: Flink remembers nothing of traffic ("
                + FakeFlink.JOB
                + ") that can be restored; this also lies in storage\n");
    assertThat(console.out().lines().skip(1).map(line -> line.replaceAll(" {2,}", " | ")))
        .satisfiesExactly(
            line -> assertThat(line).startsWith(" 8 | checkpoint | FAILED"),
            line -> assertThat(line).startsWith(" 6 | checkpoint").contains("Flink has deleted it"),
            line -> assertThat(line).startsWith(" 7 | checkpoint").contains("file:" + checkpoint),
            line -> assertThat(line).startsWith(" 7 | savepoint").contains("file:" + savepoint));
  }

  @Test
  void leavesOutTheStateOfOtherJobs() {
    assertThat(
            console.run(
                "checkpoints", "other", "--storage", storage.toString(), "--flink", flink.url()))
        .isZero();
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: Flink at "
                + flink.url()
                + " knows no job other\ntrafficctl: nothing found in "
                + storage
                + "\n");
    assertThat(console.out()).hasLineCount(1);

    console.run("checkpoints", OTHER, "--storage", storage.toString(), "--flink", flink.url());
    assertThat(console.out()).contains(savepoint.toString()).hasLineCount(2);
  }

  private Path ofGroup(String group, int minute) throws Exception {
    Path state =
        StateFixture.checkpoint(
            storage.resolve("%032x/chk-%d".formatted(minute, minute)),
            minute,
            new StartDescription("traffic", 1, List.of("--kafka-group", group), "1.2.3", null));
    at("2026-01-31T11:%02d:00Z".formatted(minute), state);
    return state;
  }

  @Test
  void saysWhichAreOfAnotherJobOfThatNameThanTheOneThatIsStartedAgain() throws Exception {
    flink.answer(
        "/jobs/" + FakeFlink.JOB + "/config",
        """
        {"execution-config":{"job-parallelism":2,"user-config":{"trafficctl.version":"1.2.3",
          "trafficctl.arguments":"[\\"--kafka-group\\",\\"ours\\"]"}}}\
        """);
    history();
    ofGroup("ours", 20);
    ofGroup("theirs", 59);

    List<String> list =
        List.of("checkpoints", "traffic", "--flink", flink.url(), "--storage", storage.toString());
    assertThat(console.run(list.toArray(String[]::new))).isZero();
    assertThat(console.out().lines().skip(1).map(line -> line.replaceAll(" {2,}", " | ")))
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .startsWith("59 | ")
                    .endsWith(" | of another job: consumer group theirs"),
            line -> assertThat(line).startsWith(" 7 | checkpoint").endsWith(" | -"),
            line -> assertThat(line).startsWith(" 7 | savepoint").endsWith(" | -"),
            line -> assertThat(line).startsWith("20 | ").endsWith(" | -"));
    assertThat(
            console.run(
                Stream.concat(list.stream(), Stream.of("-o", "json")).toArray(String[]::new)))
        .isZero();
    assertThat(new JsonMapper().readTree(console.out()).path("checkpoints"))
        .extracting(state -> state.path("note").asText(null))
        .containsExactly("of another job: consumer group theirs", null, null, null);
  }

  @Test
  void saysThatNothingTellsWhichOfTwoJobsOfThatNameIsMeant() throws Exception {
    flink.answer("/jobs/overview", "{\"jobs\":[]}");
    flink.answer(
        "/jobmanager/config",
        "[{\"key\":\"execution.checkpointing.dir\",\"value\":\"" + storage + "\"}]");
    ofGroup("ours", 20);
    ofGroup("theirs", 59);

    assertThat(console.run("checkpoints", "traffic", "--flink", flink.url())).isZero();

    assertThat(console.err())
        .isEqualTo(
            "trafficctl: nothing tells how the job traffic was started, and these are states of 2"
                + " jobs of that name: restore one by its path, not with latest\n"
                + "trafficctl: Flink at "
                + flink.url()
                + " knows no job traffic; this is what lies in storage\n");
    assertThat(console.out())
        .contains(
            "of one of 2 jobs of that name: consumer group theirs\n",
            "of one of 2 jobs of that name: consumer group ours\n");
  }

  @Test
  void saysTheSameWhenFlinkIsGone() throws Exception {
    ofGroup("ours", 20);
    ofGroup("theirs", 59);
    assertThat(
            console.run(
                "checkpoints",
                "traffic",
                "--flink",
                "http://127.0.0.1:1/",
                "--storage",
                storage.toString()))
        .isZero();
    assertThat(console.err())
        .startsWith(
            "trafficctl: without Flink nothing tells how the job traffic was started, and these are"
                + " states of 2 jobs of that name: restore one by its path, not with latest\n");
    assertThat(console.out())
        .contains(
            "of one of 2 jobs of that name: consumer group theirs\n",
            "of one of 2 jobs of that name: consumer group ours\n");
  }

  @Test
  void saysWhichWereMadeBeforeTheTopicWasMadeAnew() throws Exception {
    Path directory = Files.createDirectory(storage.resolve("anew"));
    String before = "AAAAAAAAAAAAAAAAAAAAAQ";
    String after = "AAAAAAAAAAAAAAAAAAAAAg";
    ofTopic(directory, before, 20);
    ofTopic(directory, before, 21);
    ofTopic(directory, after, 59);
    for (String address : List.of("http://127.0.0.1:1/", flink.url())) {
      assertThat(
              console.run(
                  "checkpoints", "traffic", "--flink", address, "--storage", directory.toString()))
          .isZero();
      String note =
          "of another topic than the newest: topic web was made anew, and had the id "
              + before
              + " before it was "
              + after;
      assertThat(console.out().lines().skip(1).map(line -> line.replaceAll(" {2,}", " | ")))
          .satisfiesExactly(
              line -> assertThat(line).startsWith("59 | ").endsWith(" | -"),
              line -> assertThat(line).startsWith("21 | ").endsWith(" | " + note),
              line -> assertThat(line).startsWith("20 | ").endsWith(" | " + note));
    }
  }

  private static void ofTopic(Path directory, String id, int minute) throws Exception {
    Path state =
        StateFixture.checkpoint(
            directory.resolve("%032x/chk-%d".formatted(minute, minute)),
            minute,
            new StartDescription("traffic", 1, List.of("--kafka-topic", "web"), "1.2.3", null),
            new ReadProgress(id, -1, -1),
            new ReadProgress(id, 0, 12));
    at("2026-01-31T11:%02d:00Z".formatted(minute), state);
  }

  @Test
  void listsSavepointsAlone() {
    history(
        entry(9, "COMPLETED", true, "\"external_path\":\"s3://b/savepoint-1\""),
        entry(7, "COMPLETED", false, "\"external_path\":\"file:" + checkpoint + "\""));
    flink.answer(
        "/jobmanager/config",
        "[{\"key\":\"execution.checkpointing.savepoint-dir\",\"value\":\"" + storage + "\"}]");

    assertThat(console.run("savepoint", "list", "--flink", flink.url())).isZero();

    assertThat(console.out().lines().skip(1).map(line -> line.replaceAll(" {2,}", " | ")))
        .satisfiesExactly(
            line -> assertThat(line).startsWith(" 9 | savepoint").contains("s3://b/savepoint-1"),
            line -> assertThat(line).startsWith(" 7 | savepoint").contains("file:" + savepoint));
  }
}
