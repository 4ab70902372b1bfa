package dev.trafficctl.cli.command.restart;

import static dev.trafficctl.cli.ScriptedFlink.checkpoint;
import static dev.trafficctl.cli.ScriptedFlink.completed;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.trafficctl.cli.FakeFlink;
import dev.trafficctl.cli.ScriptedFlink;
import dev.trafficctl.cli.TestConsole;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.state.StateFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What would keep the new job from starting is found out before the job before is ended. */
class RestartRehearsalTest {
  private static final String NEW = JobId.ofStart(FakeFlink.JOB, 1).text();
  private static final String JOB = "/jobs/" + FakeFlink.JOB;
  private static final String SAVEPOINT = "s3://b/savepoint-aaaaaa-1";
  private static final String PLAN = "/jars/1_job.jar/plan";
  private static final String CAUSE =
      "{\"errors\":[\"Internal server error.\",\"<Exception on server side:\\n"
          + "java.util.concurrent.CompletionException:"
          + " org.apache.flink.client.program.ProgramInvocationException: The main method caused an"
          + " error: x\\n\\tat a.b(C.java:1)\\nCaused by: dev.trafficctl.job.%s: %s\\n\\tat"
          + " a.b(C.java:1)\\n\"]}";

  private final ScriptedFlink flink = new ScriptedFlink();
  private final TestConsole console = TestConsole.jumping();
  private Path jar;

  @TempDir Path directory;

  @BeforeEach
  void start() throws IOException {
    console.with("XDG_STATE_HOME", directory.resolve("state").toString());
    jar = Files.writeString(directory.resolve("job.jar"), "a jar");
    flink
        .server()
        .answer(
            JOB + "/config",
            """
            {"execution-config":{"job-parallelism":2,"user-config":{"trafficctl.arguments":
              "[\\"--kafka-url\\",\\"no-such-host.invalid:9092\\",\
            \\"--postgres-url\\",\\"jdbc:postgresql://p/t\\",\\"--postgres-user\\",\\"job\\"]"}}}\
            """);
    flink
        .starts(NEW, SAVEPOINT)
        .history(checkpoint(7, false, "COMPLETED", "s3://b/c/chk-7"))
        .does("stop", completed(SAVEPOINT))
        .states("RUNNING", "FINISHED");
  }

  @AfterEach
  void close() {
    flink.close();
  }

  private int run(String... arguments) {
    return console.run(
        Stream.concat(
                Stream.of("restart", "--jar", jar.toString(), "--flink", flink.server().url()),
                Stream.of(arguments))
            .toArray(String[]::new));
  }

  private List<String> changes() {
    return flink.server().requests().stream()
        .filter(request -> !request.startsWith("GET "))
        .toList();
  }

  private void onlyRehearsed() {
    assertThat(console.out()).isEqualTo("");
    assertThat(changes())
        .containsExactly("POST /jars/upload", "POST " + PLAN, "DELETE /jars/1_job.jar");
    assertThat(directory.resolve("state/trafficctl/operations"))
        .satisfiesAnyOf(
            none -> assertThat(none).doesNotExist(), none -> assertThat(none).isEmptyDirectory());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "32769", "99999999999", "two", "1.5", ""})
  void aParallelismThatFlinkDoesNotHaveIsWrongUsage(String parallelism) {
    for (String[] command :
        new String[][] {
          {"restart", "--parallelism=" + parallelism},
          {"rescale", "--parallelism=" + parallelism},
          {"submit", "--parallelism=" + parallelism},
          {"demo", "--parallelism=" + parallelism}
        }) {
      assertThat(console.run(command)).as(command[0]).isEqualTo(2);
      assertThat(console.err())
          .isEqualTo(
              "trafficctl: --parallelism: '"
                  + parallelism
                  + "' is no parallelism; give a whole number from 1 to 32768\n");
    }
    assertThat(flink.server().requests()).isEmpty();
  }

  @Test
  void theNewJobIsAskedWithItsVeryArgumentsAndThatStateWillBeRestored() throws IOException {
    assertThat(run("--parallelism", "3", "--set", "batch-rows=7")).as(console.err()).isZero();
    JsonNode asked = null;
    JsonNode sent = null;
    for (String body : flink.server().bodies()) {
      JsonNode json = body.startsWith("{") ? new JsonMapper().readTree(body) : null;
      asked = json != null && json.has("programArgsList") && asked == null ? json : asked;
      sent = json != null && json.has("jobId") ? json : sent;
    }
    assertThat(asked.path("programArgsList")).isEqualTo(sent.path("programArgsList"));
    assertThat(asked.path("programArgsList"))
        .extracting(JsonNode::asText)
        .containsSequence("--batch-rows", "7");
    assertThat(asked.path("parallelism").asInt()).isEqualTo(3);
    assertThat(asked.path("flinkConfiguration").path("execution.state-recovery.path").asText())
        .isNotEmpty();
  }

  @Test
  void whatTheNewJobSaysIsSaidAndNothingIsStopped() {
    flink
        .server()
        .answer(
            PLAN,
            500,
            CAUSE.formatted(
                "StartRefusedException",
                "Postgres, p/t, has no table 'sources'; run: trafficctl schema apply"
                    + "\\nKafka has no topic 'x'"));
    assertThat(run()).isEqualTo(4);
    assertThat(console.err())
        .endsWith(
            "letting the new job look whether it could start\n"
                + "trafficctl: Postgres, p/t, has no table 'sources'; run: trafficctl schema apply\n"
                + "trafficctl:   Kafka has no topic 'x'\n"
                + "trafficctl: the new job could not be started, so nothing was changed\n");
    onlyRehearsed();
  }

  @ParameterizedTest
  @ValueSource(strings = {"StartRefusedException$UnreachableException", "StartRefused$Unreachable"})
  void whatItCannotReachIsNoReasonToStopTheOneThatRuns(String type) {
    flink.server().answer(PLAN, 500, CAUSE.formatted(type, "Kafka at k:9092 does not answer"));
    assertThat(run()).isEqualTo(5);
    assertThat(console.err())
        .endsWith(
            "trafficctl: Kafka at k:9092 does not answer\n"
                + "trafficctl: the new job could not be started, so nothing was changed\n");
    onlyRehearsed();
  }

  @Test
  void anAnswerThatIsLostStopsNothing() {
    flink
        .server()
        .answer(
            PLAN,
            exchange -> {
              throw new IOException("the answer is lost");
            });
    assertThat(run()).isEqualTo(5);
    assertThat(console.err()).endsWith("so nothing was changed\n");
    onlyRehearsed();
  }

  @Test
  void whereNothingIsEndedTheStartIsItsOwnRehearsal() {
    flink
        .server()
        .slots(4, 4)
        .answer(
            "/jobs/overview",
            "{\"jobs\":[" + FakeFlink.job(FakeFlink.JOB, "traffic", "FAILED") + "]}");
    assertThat(run("--from-savepoint", SAVEPOINT)).as(console.err()).isZero();
    assertThat(changes()).doesNotContain("POST " + PLAN);
  }

  @Test
  void aStateThatFlinkTurnsOutNotToReadIsNotInTheCommandThatFinishesIt() {
    flink
        .server()
        .answer(
            "/jars/1_job.jar/run",
            400,
            "{\"errors\":[\"Internal.\",\"org.apache.flink.core.fs.UnsupportedFileSystemSchemeException:"
                + " Could not find a file system implementation for scheme 'http'.\"]}");
    assertThat(run("--from-savepoint", "http://example.com/savepoint-1")).isEqualTo(7);
    assertThat(console.out()).isEqualTo(SAVEPOINT + "\n");
    assertThat(console.err())
        .endsWith(
            "trafficctl: the job traffic has ended, but was not started again:"
                + " UnsupportedFileSystemSchemeException: Could not find a file system"
                + " implementation for scheme 'http'.\n"
                + "trafficctl: with the path of a state that Flink can read, this finishes it:"
                + " trafficctl restart traffic --flink %1$s --from-savepoint PATH --parallelism 2 --jar"
                    .formatted(flink.server().url())
                + " %2$s\ntrafficctl: the way back: trafficctl restart traffic --flink %1$s --from-savepoint %3$s"
                    .formatted(flink.server().url(), jar, SAVEPOINT)
                + "\n");
  }

  private void waitsForSlots(String id) {
    flink
        .server()
        .slots(4, 0)
        .answer("/jobs/" + id, FakeFlink.details("RUNNING", 0))
        .answer(
            "/taskmanagers",
            "{\"taskmanagers\":[{\"id\":\"tm:1-a\",\"slotsNumber\":4,\"freeSlots\":0,"
                + "\"timeSinceLastHeartbeat\":1769860790000}]}")
        .answer("/taskmanagers/tm:1-a", "{\"allocatedSlots\":[{\"jobId\":\"%s\"}]}".formatted(id));
  }

  @Test
  void aStartThatWaitsForSlotsTellsItAndTheWayBack() {
    waitsForSlots(NEW);
    assertThat(run("--timeout", "30s", "--allow-missing-slots")).isEqualTo(6);
    assertThat(console.err())
        .contains(
            "trafficctl: there are too few slots: parallelism 2 needs as many, and there is 1 for it;"
                + " add TaskManagers, or start it with less parallelism\n"
                + "trafficctl: the way back: trafficctl restart traffic --flink "
                + flink.server().url()
                + " --from-savepoint "
                + SAVEPOINT);
    assertThat(console.out()).contains("way back: " + SAVEPOINT + "\n");
    // It does not stand in the way of whoever goes that way.
    flink
        .server()
        .answer(
            "/jobs/overview",
            "{\"jobs\":["
                + FakeFlink.job(FakeFlink.JOB, "traffic", "FINISHED")
                + ","
                + FakeFlink.job(NEW, "traffic", "RUNNING")
                + "]}");
    assertThat(run("--from-savepoint", SAVEPOINT, "--set", "batch-rows=0")).isEqualTo(2);
    assertThat(console.err())
        .contains("2 tasks run, traffic (" + NEW + ") was started; see: trafficctl status " + NEW)
        .contains("the way back: trafficctl restart traffic --flink ");
  }

  @Test
  void aJobWithoutACheckpointGoesOnFromWhatItWasStartedFrom() {
    waitsForSlots(FakeFlink.JOB);
    flink
        .server()
        .answer(
            JOB + "/checkpoints",
            FakeFlink.checkpoints(
                "{\"restored\":{\"id\":7,\"restore_timestamp\":1769860800000,"
                    + "\"is_savepoint\":true,\"external_path\":\""
                    + SAVEPOINT
                    + "\"}}"))
        .answer("/jobs/" + NEW, FakeFlink.details("RUNNING", 1).replace("m\":2", "m\":1"));
    flink.states("RUNNING", "CANCELED");
    flink.server().answer(JOB + "?mode=cancel", 202, "{}");
    assertThat(run("--parallelism", "1", "--plan")).as(console.err()).isZero();
    assertThat(console.out())
        .contains(
            "note: it has completed no checkpoint yet: it goes on from what it was itself started"
                + " from, "
                + SAVEPOINT
                + ", and nothing is lost\n");
    assertThat(run("--plan")).isEqualTo(4);
    assertThat(console.err())
        .endsWith(
            "--allow-missing-slots\ntrafficctl: what it would be started from: "
                + SAVEPOINT
                + "\n");
    assertThat(run("--parallelism", "1")).as(console.err()).isZero();
    assertThat(flink.server().bodies().get(flink.server().bodies().size() - 1))
        .contains("\"savepointPath\":\"" + SAVEPOINT + "\"");
    assertThat(console.out()).startsWith("way back: " + SAVEPOINT + "\n");
  }

  @Test
  void anotherMaxParallelismThanThatOfTheStateIsRefused() throws Exception {
    String path = StateFixture.savepoint(directory.resolve("savepoint-aaaaaa-2")).toString();
    assertThat(run("--from-savepoint", path, "--set", "max-parallelism=256")).isEqualTo(4);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: file:"
                + path
                + " was taken with max parallelism 128, and Flink does not restore its state with"
                + " 256; keep max-parallelism 128, or start without state, for example with"
                + " --from-earliest; nothing was changed\n");
    assertThat(changes()).isEmpty();
    assertThat(run("--from-savepoint", path, "--set", "max-parallelism=128", "--plan")).isZero();
  }

  @Test
  void anotherMaxParallelismThanThatOfTheJobThatIsStoppedIsRefused() {
    assertThat(run("--set", "max-parallelism=127")).isEqualTo(4);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: the job traffic runs with max parallelism 128, and Flink does not restore"
                + " its state with 127; keep max-parallelism 128, or start without state, for"
                + " example with --from-earliest; nothing was changed\n");
    assertThat(changes()).isEmpty();
  }

  @Test
  void moreThanThereAreSlotsForIsRefusedUnlessTheyWillCome() {
    // Of 4 slots one is free, the job gives back two, and another job has the last.
    for (String plan : List.of("--plan", "--timeout=1m")) {
      assertThat(run("--parallelism", "64", plan)).isEqualTo(4);
      assertThat(console.out()).isEqualTo("");
      assertThat(console.err())
          .isEqualTo(
              "parallelism 64 needs as many slots, and there are 3 for it; looking again for 4s\n"
                  + "trafficctl: parallelism 64 needs as many slots, but there are 3 for it: it would"
                  + " take them and wait for the others; nothing was changed; give at most"
                  + " --parallelism 3, add TaskManagers, or, where they are added by themselves, give"
                  + " --allow-missing-slots\n");
    }
    assertThat(changes()).isEmpty();
    assertThat(run("--parallelism", "64", "--allow-missing-slots", "--plan")).isZero();
    assertThat(console.out())
        .contains(
            "note: parallelism 64 needs as many slots, but there are 3 for it: it would take them and"
                + " wait for the others until TaskManagers are added\n");
  }

  @Test
  void whereTheStateCannotBeReadAnotherMaxParallelismIsWarnedOf() {
    assertThat(run("--from-savepoint", SAVEPOINT, "--set", "max-parallelism=256", "--plan"))
        .as(console.err())
        .isZero();
    assertThat(console.out())
        .contains(
            "note: max parallelism becomes 256 instead of 128: Flink refuses the state if it was"
                + " taken with another than 256\n");
  }

  @Test
  void aSecondJobOfTheNewNameIsRefusedInThePlanToo() {
    String other = "c".repeat(32);
    flink
        .server()
        .answer(
            "/jobs/overview",
            "{\"jobs\":["
                + FakeFlink.job(FakeFlink.JOB, "traffic", "RUNNING")
                + ","
                + FakeFlink.job(other, "clicks", "RUNNING")
                + "]}");
    assertThat(run("traffic", "--set", "job-name=clicks", "--plan")).isEqualTo(4);
    assertThat(console.err())
        .startsWith("trafficctl: a job named clicks is RUNNING already: " + other);
  }
}
