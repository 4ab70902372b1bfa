package dev.trafficctl.cli.command.observe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.FakeFlink;
import dev.trafficctl.cli.TestConsole;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatusCommandTest {
  private static final String PATH = "/jobs/" + FakeFlink.JOB;

  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

  private final Queue<String> ages = new ArrayDeque<>();
  private final TestConsole console = TestConsole.frozen();
  private final FakeFlink flink = new FakeFlink().withTraffic();

  @AfterEach
  void close() {
    flink.close();
  }

  private int run(String... more) {
    String[] all = new String[more.length + 3];
    all[0] = "status";
    all[1] = "--flink";
    all[2] = flink.url();
    System.arraycopy(more, 0, all, 3, more.length);
    return console.run(all);
  }

  private static String failure(String at, String trace) {
    return """
    {"exceptionHistory":{"entries":[{"timestamp":%s,"stacktrace":"%s",
      "taskName":"read (1/2)","taskManagerId":"tm-1"}],"truncated":false}}\
    """
        .formatted(at, trace);
  }

  @Test
  void aRetainedCheckpointThatAJobWasStartedFromIsNoSavepoint() {
    flink.answer(
        "/jobs/" + FakeFlink.JOB + "/checkpoints",
        """
        {"counts":{"completed":0,"failed":0,"in_progress":0},
         "latest":{"restored":{"id":2,"restore_timestamp":1769857200000,"is_savepoint":true,
           "external_path":"file:/c/abc/chk-2"}},"history":[]}\
        """);
    console.run("status", "--flink", flink.url());
    assertThat(console.out())
        .contains(
            "RESTORED FROM     checkpoint 2 at 2026-01-31T11:00:00Z (1h ago): file:/c/abc/chk-2\n");
  }

  @Test
  void aHealthyJob() {
    assertThat(run()).isZero();
    assertThat(console.err()).isEqualTo("");
    assertThat(console.out())
        .isEqualTo(
            """
            FIELD             VALUE
            JOB               traffic (aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa)
            CLUSTER           %s, Flink 2.2.1
            STATE             RUNNING since 2026-01-31T11:00:05Z (59m 55s)
            TASKS             2 of 2 running
            PARALLELISM       2, at most 128
            RESTARTS          1
            CHECKPOINT        7 at 2026-01-31T11:59:50Z (10s ago), 3.3 KiB in 1,000 ms
            FAILED SINCE      0
            CHECKPOINT EVERY  10s, time-out 10m
            RESTORED FROM     savepoint 3 at 2026-01-31T11:00:00Z (1h ago): file:/s/savepoint-3
            LAST FAILURE      -
            LAST MINUTE       -
            TASKMANAGERS      2, slots 4, free 1
            VERSION           1.2.3
            JAR SHA-256       68b5426686f5
            SUBMITTED BY      alice@ops1
            STARTING OFFSETS  earliest
            ARGUMENTS         --kafka-url k:9092
                              --drain
            """
                .formatted(flink.url()));
  }

  /** A job with the adaptive scheduler, which was asked for this parallelism last. */
  private void adaptive(int wanted) {
    flink
        .answer("/jobmanager/config", "[{\"key\":\"jobmanager.scheduler\",\"value\":\"Adaptive\"}]")
        .answer(
            PATH + "/resource-requirements",
            "{\"%s\":{\"parallelism\":{\"lowerBound\":1,\"upperBound\":%d}}}"
                .formatted("b".repeat(32), wanted));
  }

  @Test
  void aParallelismThatAwaitsSlots() {
    adaptive(3);
    assertThat(run()).isZero();
    assertThat(console.out())
        .contains("TASKS             2 of 2 running\nPARALLELISM       2, wanted 3, at most 128\n");
  }

  @Test
  void aParallelismThatAnotherThanTheFirstWasAskedFor() {
    flink.answer(
        PATH, FakeFlink.details("RUNNING", 3).replace("\"parallelism\":2", "\"parallelism\":3"));
    adaptive(3);
    assertThat(run()).isZero();
    assertThat(console.out()).contains("PARALLELISM       3, at most 128\n");
  }

  @Test
  void onlyTheAdaptiveSchedulerIsAskedForTheWantedParallelism() {
    assertThat(run()).isZero();
    assertThat(flink.requests()).doesNotContain("GET " + PATH + "/resource-requirements");
  }

  @Test
  void aHealthyJobAsJson() {
    assertThat(run("traffic", "-o", "json")).isZero();
    assertThat(console.out())
        .isEqualTo(
            """
            {
              "apiVersion" : "trafficctl/v1",
              "context" : null,
              "flink" : "%s",
              "flinkVersion" : "2.2.1",
              "jobId" : "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
              "name" : "traffic",
              "state" : "RUNNING",
              "since" : "2026-01-31T11:00:05Z",
              "started" : "2026-01-31T11:00:00Z",
              "healthy" : true,
              "problems" : [ ],
              "runningTasks" : 2,
              "tasks" : 2,
              "parallelism" : 2,
              "wantedParallelism" : 2,
              "maxParallelism" : 128,
              "restarts" : 1,
              "lastCheckpoint" : {
                "id" : 7,
                "savepoint" : false,
                "completed" : "2026-01-31T11:59:50Z",
                "durationMillis" : 1000,
                "bytes" : 3452,
                "path" : "file:/c/chk-7"
              },
              "failedCheckpoints" : 0,
              "checkpointIntervalMillis" : 10000,
              "checkpointTimeoutMillis" : 600000,
              "restored" : {
                "id" : 3,
                "savepoint" : true,
                "restored" : "2026-01-31T11:00:00Z",
                "path" : "file:/s/savepoint-3"
              },
              "lastFailure" : null,
              "lastMinute" : null,
              "maxRejectedPercent" : 5.0,
              "taskManagers" : 2,
              "slots" : 4,
              "freeSlots" : 1,
              "version" : "1.2.3",
              "jarSha256" : "68b5426686f5bf561b55d8c562a6fb154036f665fa638709f67550c88bbad889",
              "submittedBy" : "alice@ops1",
              "startingOffsets" : "earliest",
              "arguments" : [ "--kafka-url", "k:9092", "--drain" ]
            }
            """
                .formatted(flink.url()));
  }

  @Test
  void whatFlinkDoesNotTellIsUnknown() {
    flink
        .answer(PATH + "/metrics?get=numRestarts", "[]")
        .answer(PATH + "/config", 404, "{\"errors\":[\"a.NotFoundException: gone\"]}")
        .answer(PATH + "/checkpoints", 404, "{\"errors\":[\"a.NotFoundException: none\"]}")
        .answer(PATH + "/checkpoints/config", 404, "{\"errors\":[\"a.NotFoundException: none\"]}");
    assertThat(run()).isZero();
    assertThat(console.out())
        .contains(
            """
            PARALLELISM       2, at most 128
            RESTARTS          -
            CHECKPOINT        -
            FAILED SINCE      -
            CHECKPOINT EVERY  -
            RESTORED FROM     -
            LAST FAILURE      -
            """)
        .contains("VERSION           -\nJAR SHA-256       -\n")
        .endsWith("ARGUMENTS         -\n");
    assertThat(run("-o", "json")).isZero();
    assertThat(console.out())
        .contains("\"restarts\" : null", "\"failedCheckpoints\" : null", "\"arguments\" : null");
  }

  @Test
  void aRestartingJobIsUnhealthyAndItsFailureIsTold() {
    flink
        .answer(PATH, FakeFlink.details("RESTARTING", 0))
        .answer(
            PATH + "/exceptions?maxExceptions=2",
            failure(
                "1769860790000",
                "a.B: outer\\n\\tat a.B.c(B.java:1)\\nCaused by: java.io.IOException: disk"
                    + " \\u001b[31mfull\\n\\tat x.Y.z(Y.java:2)"));
    assertThat(run()).isEqualTo(3);
    assertThat(console.out())
        .contains(
            "LAST FAILURE      2026-01-31T11:59:50Z (10s ago): B: outer (IOException: disk"
                + " \\u001B[31mfull)\n");
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: the job is RESTARTING since 2026-01-31T11:00:05Z (59m 55s); see why:"
                + " trafficctl exceptions aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa --flink "
                + flink.url()
                + "\n");
  }

  /** The job measures, and its last minute ended so many seconds ago. */
  private void lastMinute(int age, int written, int filtered, int malformed, int refused) {
    String metrics =
        "[%s,%s,%s,%s,%s,%s,%s]"
            .formatted(
                rate("filter.rejectedPerSecond", malformed + 1),
                rate("filter.rejectionsPerSecond.malformed_json", malformed),
                rate("filter.rejectionsPerSecond.missing_field", 1),
                rate("filter.filteredPerSecond", filtered),
                rate("write__Writer.writtenPerSecond", written),
                rate("write__Writer.refusedPerSecond", refused),
                "{\"id\":\"filter.measuredAt\",\"sum\":2,\"max\":%d}"
                    .formatted(NOW.minusSeconds(age).toEpochMilli()));
    ages.add(metrics);
    flink.answer(
        "*",
        exchange -> {
          boolean asked = exchange.getRequestURI().getPath().endsWith("/subtasks/metrics");
          byte[] body =
              (asked
                      ? ages.size() > 1 ? ages.remove() : ages.peek()
                      : "{\"errors\":[\"a.NotFoundException: none\"]}")
                  .getBytes(UTF_8);
          exchange.sendResponseHeaders(asked ? 200 : 404, body.length);
          exchange.getResponseBody().write(body);
        });
  }

  private static String rate(String name, int events) {
    return "{\"id\":\"%s\",\"sum\":%s,\"max\":0}".formatted(name, events / 60.0);
  }

  private long questions() {
    return flink.requests().stream().filter(asked -> asked.contains("/subtasks/metrics")).count();
  }

  @Test
  void aJobThatRejectsTooMuchIsUnhealthyAndTheTopReasonIsNamed() {
    lastMinute(2, 480, 20, 490, 9);
    assertThat(run()).isEqualTo(3);
    assertThat(console.out())
        .contains(
            "LAST MINUTE       written 480, filtered 20, rejected 500 (50 %), most as"
                + " malformed_json: 490\n");
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: 500 of the last minute's 1,000 events were rejected, 50 %, more than 5 %,"
                + " most as malformed_json: 490; see which: trafficctl rejected list traffic"
                + " --flink "
                + flink.url()
                + "\n");
    assertThat(questions()).isEqualTo(1);

    assertThat(run("--max-rejected", "49.9")).isEqualTo(3);
    assertThat(run("--max-rejected", "50")).isZero();
    assertThat(run("--max-rejected", "50", "-o", "json")).isZero();
    assertThat(console.out())
        .contains(
            """
              "lastMinute" : {
                "at" : "2026-01-31T11:59:58Z",
                "written" : 480,
                "filtered" : 20,
                "rejected" : 500,
                "rejectedPercent" : 50.0,
                "topReason" : "malformed_json",
                "reasons" : {
                  "malformed_json" : 490,
                  "missing_field" : 1,
                  "refused_by_postgres" : 9
                }
              },
              "maxRejectedPercent" : 50.0,
            """);
  }

  @Test
  void fewBadEventsAreNoAlarm() {
    lastMinute(2, 0, 0, 8, 0);
    assertThat(run("--max-rejected", "0")).isZero();
    assertThat(console.out()).contains("written 0, filtered 0, rejected 9 (100 %), most as");
    ages.clear();
    lastMinute(2, 0, 0, 9, 0);
    assertThat(run("--max-rejected", "0")).isEqualTo(3);
  }

  @Test
  void whatFlinkGatheredLongAgoIsAskedForAgain() {
    TestConsole jumping = TestConsole.jumping();
    lastMinute(3_600, 0, 0, 500, 0);
    lastMinute(1, 70, 0, 0, 0);
    assertThat(jumping.run("status", "--flink", flink.url())).as(jumping.err()).isZero();
    assertThat(jumping.out()).contains("written 70, filtered 0, rejected 1 (1.4 %)");
    assertThat(questions()).isEqualTo(2);

    ages.clear();
    lastMinute(3_600, 0, 0, 500, 0);
    assertThat(jumping.run("status", "--flink", flink.url())).as(jumping.err()).isZero();
    assertThat(jumping.out()).contains("LAST MINUTE       -\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "100.1", "five", "5%", "NaN", ""})
  void whatIsNoShareIsRefused(String share) {
    assertThat(run("--max-rejected=" + share)).isEqualTo(2);
    assertThat(console.err()).contains("no share in percent; give a number from 0 to 100");
    assertThat(console.run("context", "set", "a", "--flink", flink.url(), "--max-rejected", "101"))
        .isEqualTo(2);
  }

  @Test
  void tasksThatDoNotRun() {
    flink.answer(PATH, FakeFlink.details("RUNNING", 1));
    assertThat(run("-o", "json")).isEqualTo(3);
    assertThat(console.out())
        .contains("\"healthy\" : false", "\"problems\" : [ \"only 1 of 2 tasks are running\" ]");
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: only 1 of 2 tasks are running; see why: trafficctl exceptions"
                + " aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa --flink "
                + flink.url()
                + "\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"FINISHED", "CANCELED"})
  void aJobThatHasEnded(String state) {
    flink
        .answer(
            "/jobs/overview", "{\"jobs\":[" + FakeFlink.job(FakeFlink.JOB, "traffic", state) + "]}")
        .answer(PATH, FakeFlink.details(state, 0));
    assertThat(run()).isEqualTo(3);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: the job has ended: it is "
                + state
                + " since 2026-01-31T11:00:05Z (59m 55s); start it again with: trafficctl restart"
                + " traffic --flink "
                + flink.url()
                + "\n");
  }

  @Test
  void readsEverythingButTheLastMinuteInOneRoundAfterItKnowsTheJob() {
    assertThat(run()).isZero();
    assertThat(flink.requests())
        .hasSize(10)
        .startsWith("GET /jobs/overview")
        .contains(
            "GET /overview",
            "GET /jobmanager/config",
            "GET " + PATH,
            "GET " + PATH + "/config",
            "GET " + PATH + "/checkpoints",
            "GET " + PATH + "/checkpoints/config",
            "GET " + PATH + "/metrics?get=numRestarts",
            "GET " + PATH + "/exceptions?maxExceptions=2");
  }

  @Test
  void shortensLongArguments() {
    flink.answer(
        PATH + "/config",
        """
        {"execution-config":{"job-parallelism":2,"user-config":{
          "trafficctl.arguments":"[\\"--filter\\",\\"drop:\\\\n- a\\\\n- b\\",\\"--x\\",\\"%s\\"]"}}}\
        """
            .formatted("y".repeat(101)));
    assertThat(run()).isZero();
    assertThat(console.out())
        .endsWith(
            "ARGUMENTS         --filter drop: ... (3 lines, all with -o json)\n"
                + "                  --x "
                + "y".repeat(100)
                + " ... (101 characters, all with -o json)\n");
    assertThat(run("-o", "json")).isZero();
    assertThat(console.out()).contains("\"drop:\\n- a\\n- b\"", "y".repeat(101));
  }

  @Test
  void anAmbiguousNameIsRefused() {
    flink.answer(
        "/jobs/overview",
        "{\"jobs\":["
            + FakeFlink.job(FakeFlink.JOB, "traffic", "RUNNING")
            + ","
            + FakeFlink.job("cccccccccccccccccccccccccccccccc", "traffic", "RESTARTING")
            + "]}");
    assertThat(run("traffic")).isEqualTo(4);
    assertThat(console.out()).isEqualTo("");
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: more than one job fits: traffic (aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa),"
                + " traffic (cccccccccccccccccccccccccccccccc); give the id of the one that you"
                + " mean\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../jars",
        "%252f..",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
        "traffic\nforged: line",
        ""
      })
  void whatIsNoJobIsNamedInOneLineAndNeverBecomesPartOfAPath(String wanted) {
    assertThat(run(wanted)).isEqualTo(1);
    assertThat(console.out()).isEqualTo("");
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: Flink at "
                + flink.url()
                + " knows no job with the name or id '"
                + wanted.replace("\n", "\\u000A")
                + "'; see: trafficctl jobs --flink "
                + flink.url()
                + "\n");
    assertThat(flink.requests()).containsOnly("GET /jobs/overview");
  }
}
