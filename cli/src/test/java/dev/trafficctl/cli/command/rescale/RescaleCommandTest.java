package dev.trafficctl.cli.command.rescale;

import static dev.trafficctl.cli.ScriptedFlink.completed;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.trafficctl.cli.FakeFlink;
import dev.trafficctl.cli.ScriptedFlink;
import dev.trafficctl.cli.TestConsole;
import dev.trafficctl.cli.flink.JobId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RescaleCommandTest {
  private static final String JOB = "/jobs/" + FakeFlink.JOB;
  private static final String VERTEX = "b".repeat(32);
  private static final String A_JAR =
      "fc8bd814a3051a9717431182d5af2a2d654481aac82a028c05c73afa4ca38823";

  private final ScriptedFlink flink = new ScriptedFlink();
  private final TestConsole console = TestConsole.jumping();
  private final AtomicInteger upper = new AtomicInteger(2);

  @TempDir Path directory;

  @BeforeEach
  void keepTheJournalApart() throws IOException {
    console.with("XDG_STATE_HOME", directory.resolve("state").toString()).installedIn(directory);
    flink.server().slots(6, 2);
    Path jars = Files.createDirectories(directory.resolve("job/target"));
    Files.writeString(jars.resolve("traffic-job-1.2.3.jar"), "a jar");
  }

  @AfterEach
  void close() {
    flink.close();
  }

  private int run(String... arguments) {
    String[] all = new String[arguments.length + 5];
    all[0] = "rescale";
    all[1] = "--parallelism";
    all[2] = "4";
    all[3] = "--flink";
    all[4] = flink.server().url();
    System.arraycopy(arguments, 0, all, 5, arguments.length);
    return console.run(all);
  }

  private List<String> changes() {
    return flink.server().requests().stream()
        .filter(request -> !request.startsWith("GET "))
        .toList();
  }

  /** With the scheduler that can do it, which has done it from the second look on. */
  private void adaptive() {
    flink
        .server()
        .answer(
            JOB + "/resource-requirements",
            exchange -> {
              boolean asks = exchange.getRequestMethod().equals("GET");
              if (!asks) {
                upper.set(4);
              }
              byte[] body =
                  (asks
                          ? "{\"%s\":{\"parallelism\":{\"lowerBound\":1,\"upperBound\":%d}}}"
                              .formatted(VERTEX, upper.get())
                          : "{}")
                      .getBytes(UTF_8);
              exchange.sendResponseHeaders(200, body.length);
              exchange.getResponseBody().write(body);
            });
  }

  private static String details(int parallelism) {
    return FakeFlink.details("RUNNING", parallelism)
        .replace("\"parallelism\":2", "\"parallelism\":" + parallelism);
  }

  private void runsWith(int parallelism) {
    flink.server().answer(JOB, details(parallelism));
  }

  private JsonNode last() throws IOException {
    assertThat(console.run("operations", "-n", "1", "-o", "json")).isZero();
    return new JsonMapper().readTree(console.out()).at("/operations/0");
  }

  @Test
  void tellsTheAdaptiveScheduler() {
    adaptive();
    AtomicInteger looks = new AtomicInteger();
    flink
        .server()
        .answer(
            JOB,
            exchange -> {
              byte[] body = details(looks.incrementAndGet() < 4 ? 2 : 4).getBytes(UTF_8);
              exchange.sendResponseHeaders(200, body.length);
              exchange.getResponseBody().write(body);
            });
    assertThat(run()).as(console.err()).isZero();
    assertThat(changes()).containsExactly("PUT " + JOB + "/resource-requirements");
    assertThat(flink.server().bodies())
        .containsExactly(
            "{\"" + VERTEX + "\":{\"parallelism\":{\"lowerBound\":1,\"upperBound\":4}}}");
    assertThat(console.err())
        .isEqualTo("traffic (" + FakeFlink.JOB + ") runs with parallelism 4\n");
  }

  @Test
  void showsWhatItWouldTellTheAdaptiveScheduler() {
    adaptive();
    assertThat(run("--plan")).isZero();
    assertThat(console.out())
        .contains(
            "ask Flink's adaptive scheduler for parallelism 4 of traffic ("
                + FakeFlink.JOB
                + ") instead of 2\n");
    assertThat(changes()).isEmpty();
  }

  @Test
  void moreThanTheMaxParallelismIsRefused() {
    adaptive();
    flink
        .server()
        .answer(JOB, details(2).replace("\"maxParallelism\":128", "\"maxParallelism\":3"));
    assertThat(run()).isEqualTo(4);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: parallelism 4 is more than the job's max parallelism 3; give at most"
                + " that\n");
    assertThat(changes()).isEmpty();
  }

  @Test
  void theTimeIsOverAndResumeSeesTheEnd() throws IOException {
    adaptive();
    assertThat(run("--timeout", "30s")).isEqualTo(6);
    String said = console.err();
    String id = last().path("id").asText();
    assertThat(last().path("outcome").asText()).isEqualTo("open");
    assertThat(said)
        .endsWith(
            "trafficctl: Flink was asked for parallelism 4 of traffic, which is RUNNING with"
                + " parallelism 2: 2 of 2 tasks run; find out with: trafficctl operations resume "
                + id
                + "\n");
    runsWith(4);
    assertThat(console.run("operations", "resume", id)).isZero();
    assertThat(changes()).hasSize(1);
  }

  @Test
  void aJobThatHasTooFewSlotsForItCanStillBeStopped() throws IOException {
    adaptive();
    assertThat(run("--timeout", "30s")).isEqualTo(6);
    String id = last().path("id").asText();
    flink.does("stop", completed("s3://b/savepoint-1")).states("RUNNING", "FINISHED");
    assertThat(console.run("stop", "traffic", "--flink", flink.server().url()))
        .as(console.err())
        .isZero();
    assertThat(console.err())
        .contains(
            id
                + ": Flink was asked for parallelism 4 of traffic, which is RUNNING with"
                + " parallelism 2: 2 of 2 tasks run; Flink gives it more once there are slots\n");
    assertThat(console.run("operations", "-o", "json")).isZero();
    JsonNode rescale = new JsonMapper().readTree(console.out()).at("/operations/1");
    assertThat(rescale.path("id").asText()).isEqualTo(id);
    assertThat(rescale.path("outcome").asText()).isEqualTo("partly_done");
  }

  @Test
  void slotsThatTheJobHoldsAreThereForIt() {
    adaptive();
    flink
        .server()
        .slots(5, 1)
        .answer(
            "/taskmanagers",
            "{\"taskmanagers\":[{\"id\":\"tm:1-a\",\"slotsNumber\":4,\"freeSlots\":1,"
                + "\"timeSinceLastHeartbeat\":1769860790000}]}")
        .answer(
            "/taskmanagers/tm:1-a",
            "{\"allocatedSlots\":[{\"jobId\":\"%1$s\"},{\"jobId\":\"%2$s\"},{\"jobId\":\"%1$s\"},{\"jobId\":\"%1$s\"}]}"
                .formatted(FakeFlink.JOB, "c".repeat(32)));
    assertThat(run("--plan")).isZero();
    assertThat(console.out() + console.err()).doesNotContain("needs as many slots");
  }

  @Test
  void moreThanThereAreSlotsForIsRefusedUnlessTheyWillCome() {
    adaptive();
    flink.server().slots(4, 1);
    for (String plan : List.of("--plan", "--timeout=1m")) {
      assertThat(run(plan)).isEqualTo(4);
      assertThat(console.out()).isEqualTo("");
      assertThat(console.err())
          .isEqualTo(
              "parallelism 4 needs as many slots, and there are 3 for it; looking again for 4s\n"
                  + "trafficctl: parallelism 4 needs as many slots, but there are 3 for it: the job"
                  + " would go on with parallelism 3; nothing was changed; give at most --parallelism"
                  + " 3, add TaskManagers, or, where they are added by themselves, give"
                  + " --allow-missing-slots\n");
    }
    assertThat(changes()).isEmpty();
    assertThat(run("--allow-missing-slots", "--timeout=30s")).isEqualTo(6);
    assertThat(console.err())
        .startsWith(
            "warning: parallelism 4 needs as many slots, but there are 3 for it: the job would go on"
                + " with parallelism 3 until TaskManagers are added\n");
    assertThat(changes()).containsExactly("PUT " + JOB + "/resource-requirements");
  }

  @Test
  void whoeverResumesItIsSentToTheSameClusterWhenTheJobHasEndedMeanwhile() throws IOException {
    adaptive();
    assertThat(run("--timeout", "30s")).isEqualTo(6);
    flink.server().answer(JOB, FakeFlink.details("FAILED", 0));
    assertThat(console.run("operations", "resume", last().path("id").asText())).isEqualTo(1);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: traffic has ended meanwhile; see: trafficctl status traffic --flink "
                + flink.server().url()
                + "\n");
  }

  @Test
  void withAnotherSchedulerItRestartsFromASavepoint() throws IOException {
    // As Flink 2.2.1 says it.
    flink
        .server()
        .answer(
            JOB + "/resource-requirements",
            500,
            "{\"errors\":[\"Internal server error.\",\"<Exception on server side:\\njava.lang"
                + ".UnsupportedOperationException: The DefaultScheduler does not support changing"
                + " the parallelism without a job restart. This feature is currently only expected"
                + " to work with the AdaptiveScheduler.\\n\\tat org.apache.flink.runtime.scheduler"
                + ".SchedulerNG.requestJobResourceRequirements(SchedulerNG.java:218)\\n\"]}")
        .answer(
            JOB + "/config",
            """
            {"execution-config":{"job-parallelism":2,"user-config":{
              "trafficctl.jar-sha256":"%s",
              "trafficctl.arguments":"[\\"--kafka-url\\",\\"k:1\\",\\"--postgres-url\\",\
            \\"jdbc:postgresql://p/t\\",\\"--postgres-user\\",\\"job\\"]"}}}\
            """
                .formatted(A_JAR));
    String id = JobId.ofStart(FakeFlink.JOB, 1).text();
    flink
        .does("stop", completed("s3://b/savepoint-1"))
        .states("RUNNING", "FINISHED")
        .starts(id, "s3://b/savepoint-1");
    flink.server().answer("/jobs/" + id, details(4));
    assertThat(run()).as(console.err()).isZero();
    assertThat(console.err())
        .startsWith(
            "the scheduler of this cluster cannot change the parallelism of a job that runs: it is"
                + " restarted\n");
    assertThat(changes())
        .containsExactly(
            "POST /jars/upload",
            "POST /jars/1_job.jar/plan",
            "POST " + JOB + "/stop",
            "POST /jars/1_job.jar/run",
            "DELETE /jars/1_job.jar");
    assertThat(
            new JsonMapper().readTree(flink.server().bodies().get(3)).path("parallelism").asInt())
        .isEqualTo(4);
    assertThat(console.out())
        .isEqualTo("way back: s3://b/savepoint-1\njob traffic runs as:\n" + id + "\n");
  }
}
