package dev.trafficctl.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.FakeFlink;
import dev.trafficctl.cli.TestConsole;
import dev.trafficctl.cli.state.StateFixture;
import dev.trafficctl.model.StartDescription;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The commands that need a job's settings find the job in one way, and refuse in the same words.
 */
class KnownJobTest {
  private final TestConsole console = TestConsole.frozen();
  private final FakeFlink flink = new FakeFlink().withTraffic();

  @TempDir Path directory;

  @BeforeEach
  void nothingElseIsKnown() {
    console.with("XDG_STATE_HOME", directory.toString());
    flink.answer("/jobmanager/config", "[]");
  }

  @AfterEach
  void close() {
    flink.close();
  }

  private void refuses(int exitCode, String message, String command, String... more) {
    List<String> all = new ArrayList<>(List.of(command.split(" ")));
    all.addAll(List.of("--flink", flink.url()));
    all.addAll(List.of(more));
    assertThat(console.run(all.toArray(String[]::new))).as(console.err()).isEqualTo(exitCode);
    assertThat(console.out()).isEqualTo("");
    assertThat(console.err()).isEqualTo("trafficctl: " + message + "\n");
  }

  private void starts(String id, String... arguments) {
    flink.answer(
        "/jobs/" + id + "/config",
        "{\"execution-config\":{\"job-parallelism\":1,\"user-config\":{\"trafficctl.arguments\":"
            + "\"%s\"}}}"
                .formatted(StartDescription.json(Arrays.asList(arguments)).replace("\"", "\\\"")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"lag clicks", "offsets --earliest clicks", "verify clicks"})
  void aJobOfWhichNothingIsKnown(String command) {
    refuses(
        1,
        "Flink at "
            + flink.url()
            + " knows no job with the name or id 'clicks'; see: trafficctl jobs --flink "
            + flink.url(),
        command);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lag", "offsets --earliest", "verify"})
  void noJobAtAll(String command) {
    flink.answer("/jobs/overview", "{\"jobs\":[]}");
    refuses(
        1,
        "Flink at "
            + flink.url()
            + " knows no job, and no state of one is found; give the job's name",
        command);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status",
        "lag",
        "offsets --earliest",
        "verify",
        "checkpoints",
        "exceptions",
        "restart"
      })
  void severalJobsThatHaveEnded(String command) {
    flink.answer(
        "/jobs/overview",
        "{\"jobs\":["
            + FakeFlink.job("c".repeat(32), "clicks", "FINISHED")
            + ","
            + FakeFlink.job("d".repeat(32), "views", "CANCELED")
            + "]}");
    refuses(
        4,
        "more than one job is known: clicks, views; give the name of the one that you mean",
        command);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lag", "offsets --earliest", "verify"})
  void severalJobsThatFlinkHasForgotten(String command) throws Exception {
    flink.answer("/jobs/overview", "{\"jobs\":[]}");
    for (String name : List.of("clicks", "views")) {
      Path job = directory.resolve((name.equals("clicks") ? "c" : "d").repeat(32));
      Files.createDirectories(job);
      StateFixture.checkpoint(
          job.resolve("chk-7"), 7, new StartDescription(name, 1, List.of(), null, null));
    }
    refuses(
        4,
        "more than one job is known: views, clicks; give the name of the one that you mean",
        command,
        "--checkpoints",
        directory.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lag",
        "lag clicks",
        "offsets --earliest clicks",
        "verify clicks",
        "rejected list clicks",
        "rejected retry clicks"
      })
  void twoJobsOfOneNameOfWhichNothingButStatesTells(String command) throws Exception {
    flink.answer("/jobs/overview", "{\"jobs\":[]}");
    Path storage = Files.createDirectory(directory.resolve("stück"));
    Path theirs = storage.resolve("savepoint-bbbbbb-0123456789ab");
    StateFixture.savepointWithSource(theirs, of("theirs"), Map.of(0, 7L));
    at("2026-01-31T11:59:00Z", theirs);
    for (int number = 1; number <= 2; number++) {
      at(
          "2026-01-31T11:0" + number + ":00Z",
          StateFixture.checkpoint(
              storage.resolve("c".repeat(32) + "/chk-" + number), number, of("ours")));
    }
    String flags =
        " --flink "
            + flink.url()
            + " --savepoints 'DIR' --checkpoints 'DIR'".replace("DIR", storage.toString());
    refuses(
        4,
        "nothing tells how the job clicks was started, and there are states of 2 jobs of that name;"
            + " start the one that is meant:\n"
            + "trafficctl: trafficctl restart clicks --from-savepoint 'file:%s'%s  (consumer group theirs, of 2026-01-31T11:59:00Z)\n"
                .formatted(theirs, flags)
            + "trafficctl: trafficctl restart clicks --from-checkpoint 'file:%s'%s  (consumer group ours, of 2026-01-31T11:02:00Z)"
                .formatted(storage.resolve("c".repeat(32) + "/chk-2"), flags),
        command,
        "--checkpoints",
        storage.toString(),
        "--savepoints",
        storage.toString());
  }

  private static StartDescription of(String group) {
    return new StartDescription("clicks", 1, List.of("--kafka-group", group), null, null);
  }

  private static void at(String time, Path state) throws Exception {
    Files.setLastModifiedTime(state.resolve("_metadata"), FileTime.from(Instant.parse(time)));
  }

  @ParameterizedTest
  @CsvSource({
    "lag,ask for a group: trafficctl lag --group GROUP --flink FLINK",
    "offsets --earliest,give --topic TOPIC and --kafka-url HOST:PORT",
    "verify,see: trafficctl jobs --all --flink FLINK"
  })
  void aJobThatDoesNotTellHowItWasStarted(String command, String otherwise) {
    flink.answer(
        "/jobs/" + FakeFlink.JOB + "/config",
        "{\"execution-config\":{\"job-parallelism\":2,\"user-config\":{}}}");
    refuses(
        4,
        "nothing tells how the job traffic was started: neither Flink, nor the journal of this"
            + " machine, nor a savepoint or checkpoint that can be read from here; "
            + otherwise.replace("FLINK", flink.url()),
        command);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lag", "offsets --earliest", "verify"})
  void theSettingsAreThoseOfTheJobThatRuns(String command) {
    String failed = "c".repeat(32);
    String later =
        FakeFlink.job(failed, "traffic", "FAILED").replace("1769857200000", "1769857300000");
    flink.answer(
        "/jobs/overview",
        "{\"jobs\":[" + later + "," + FakeFlink.job(FakeFlink.JOB, "traffic", "RUNNING") + "]}");
    starts(failed, "--kafka-url", "k:9092");
    starts(FakeFlink.JOB, "--kafka-topic", "web-traffic");
    refuses(
        1,
        "the settings of the job traffic cannot be used: --kafka-url: is missing; give it,"
            + " or set KAFKA_URL",
        command);
    assertThat(flink.requests())
        .containsOnlyOnce("GET /jobs/overview", "GET /jobs/" + FakeFlink.JOB + "/config")
        .doesNotContain("GET /jobs/" + failed + "/config");
  }
}
