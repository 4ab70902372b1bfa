package dev.trafficctl.cli.command.start;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import dev.trafficctl.cli.FakeFlink;
import dev.trafficctl.cli.TestConsole;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.journal.Asked;
import dev.trafficctl.cli.journal.Entry;
import dev.trafficctl.cli.journal.JobLock;
import dev.trafficctl.cli.journal.Journal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code submit} says, and what a journal makes of one that was cut off. */
class SubmitCommandTest {
  private static final String ID = JobId.ofStart("traffic//tmp/flink-web-1", 1).text();
  private static final String RUN = "POST /jars/1_job.jar/run";
  private static final String NO_FAILURE =
      "{\"exceptionHistory\":{\"entries\":[],\"truncated\":false}}";

  private final TestConsole console = TestConsole.jumping();
  private final FakeFlink flink = new FakeFlink();
  private Path jar;

  @TempDir Path directory;

  @BeforeEach
  void start() throws IOException {
    jar = Files.writeString(directory.resolve("job.jar"), "not read here");
    console.with("XDG_STATE_HOME", directory.resolve("state").toString());
    flink
        .slots(2, 2)
        .answer("/jobs/overview", "{\"jobs\":[]}")
        .answer("/jobmanager/config", "[{\"key\":\"web.tmpdir\",\"value\":\"/tmp/flink-web-1\"}]")
        .answer("/jars/upload", "{\"filename\":\"/u/1_job.jar\",\"status\":\"success\"}")
        .answer("/jars/1_job.jar", "{}")
        .answer("/jars/1_job.jar/run", "{\"jobid\":\"" + ID + "\"}")
        .answer(
            "/jobs/" + ID + "/config",
            """
            {"execution-config":{"job-parallelism":1,"user-config":{"trafficctl.version":"1.2.3",
              "trafficctl.arguments":"[\\"--kafka-topic\\",\\"clicks\\",\\"--postgres-user\\",\\"u\\"]"}}}\
            """);
    job("RUNNING", 2, NO_FAILURE);
  }

  @AfterEach
  void stop() {
    flink.close();
  }

  private void job(String state, int running, String exceptions) {
    flink
        .answer("/jobs/" + ID, FakeFlink.details(state, running))
        .answer("/jobs/" + ID + "/exceptions?maxExceptions=20", exceptions);
  }

  private int submit(String... options) {
    List<String> all = new ArrayList<>(List.of("submit", "--flink", flink.url()));
    all.addAll(List.of("--jar", jar.toString()));
    List<String> given = Arrays.asList(options);
    all.addAll(given);
    all.addAll(given.contains("--") ? List.of() : List.of("--"));
    all.addAll(List.of("--kafka-topic", "clicks"));
    return console.run(all.toArray(String[]::new));
  }

  @Test
  void passesOnWhatTheJobFoundOutAsItWasSubmitted() {
    flink.answer(
        "/jobs/" + ID + "/config",
        """
        {"execution-config":{"job-parallelism":1,"user-config":{"trafficctl.warning":"8 are not read",
          "trafficctl.arguments":"[]"}}}\
        """);
    assertThat(submit("--detach")).isZero();
    assertThat(console.err()).startsWith(announced() + "warning: 8 are not read\n");
  }

  private JsonNode operation() throws IOException {
    assertThat(console.run("operations", "-o", "json")).isZero();
    return new JsonMapper().readTree(console.out()).path("operations").path(0);
  }

  private String announced() {
    return "submitting " + jar + " to " + flink.url() + "\n";
  }

  private int resume() {
    return console.run("operations", "resume", "--flink", flink.url());
  }

  private static String failure(String cause) {
    return "{\"exceptionHistory\":{\"entries\":[%s],\"truncated\":false}}"
        .formatted(
            String.join(
                ",",
                List.of("1", "2", "3").stream()
                    .map(
                        at ->
                            "{\"timestamp\":176986080000"
                                + at
                                + ",\"exceptionName\":\"a.B\",\"stacktrace\":\""
                                + cause
                                + "\"}")
                    .toList()));
  }

  @Test
  void isDoneWhenAllTasksRun() throws IOException {
    assertThat(submit()).isZero();
    assertThat(console.err()).isEqualTo(announced() + "all tasks of traffic (" + ID + ") run\n");
    assertThat(console.out())
        .isEqualTo("JOB ID" + " ".repeat(28) + "FLINK\n" + ID + "  " + flink.url() + "\n");
    JsonNode operation = operation();
    assertThat(operation.path("verb").asText()).isEqualTo("submit");
    assertThat(operation.path("jobId").asText()).isEqualTo(ID);
    assertThat(operation.path("outcome").asText()).isEqualTo("done");
    assertThat(operation.path("steps").findValuesAsText("name"))
        .containsExactly("starting", "started");
    assertThat(operation.path("steps").path(1).path("details").path("start").asText())
        .isEqualTo(
            "{\"jobName\":\"traffic\",\"parallelism\":1,\"version\":\"1.2.3\",\"jarSha256\":null,"
                + "\"arguments\":[\"--kafka-topic\",\"clicks\",\"--postgres-user\",\"u\"]}");
  }

  @Test
  void settingsThatTheJobWouldNotTakeAreWrongUsage() {
    for (String plan : List.of("--plan", "--detach")) {
      assertThat(
              console.run(
                  "submit",
                  "--flink",
                  flink.url(),
                  "--jar",
                  jar.toString(),
                  plan,
                  "--",
                  "--kafka-url",
                  "127.0.0.1:",
                  "--nonsense"))
          .isEqualTo(2);
      assertThat(console.err())
          .isEqualTo(
              "trafficctl: --nonsense: there is no such setting; see --help\n"
                  + "trafficctl: --kafka-url: '127.0.0.1:' is not host:port; give for example"
                  + " broker-1:9092\n");
    }
    assertThat(flink.requests()).isEmpty();
  }

  @Test
  void saysWhatToDoWhereAJobFailsForWantOfSlots() {
    job(
        "RUNNING",
        0,
        failure(
            "org.apache.flink.runtime.jobmanager.scheduler.NoResourceAvailableException: Could not"
                + " acquire the minimum required resources."));
    assertThat(submit("--parallelism", "2")).isEqualTo(7);
    assertThat(console.err())
        .contains(
            "fails again and again: there were too few slots for parallelism 2; add TaskManagers, or"
                + " start it with less parallelism\n");
    flink.slots(2, 1);
    assertThat(submit("--parallelism", "2", "--allow-missing-slots")).isEqualTo(7);
    assertThat(console.err())
        .contains(
            "fails again and again: there are too few slots: parallelism 2 needs as many, and there"
                + " is 1 for it; add TaskManagers, or start it with less parallelism\n")
        .doesNotContain("NoResourceAvailableException");
  }

  @Test
  void slotsOfAJobThatIsGoneWithItsJobManagerAreThereForAnother() {
    flink
        .slots(2, 0)
        .answer(
            "/jobs/overview",
            "{\"jobs\":[" + FakeFlink.job(FakeFlink.JOB, "beside", "RUNNING") + "]}")
        .answer(
            "/taskmanagers",
            "{\"taskmanagers\":[{\"id\":\"tm\",\"slotsNumber\":2,\"freeSlots\":0,"
                + "\"timeSinceLastHeartbeat\":1769860790000}]}")
        .answer(
            "/taskmanagers/tm",
            "{\"allocatedSlots\":[{\"jobId\":\"%s\"},{\"jobId\":\"%s\"}]}"
                .formatted(FakeFlink.JOB, "c".repeat(32)));
    assertThat(submit("--detach", "--parallelism", "1")).as(console.err()).isZero();
    assertThat(console.err()).doesNotContain("needs as many slots");
    assertThat(submit("--detach", "--parallelism", "2")).isEqualTo(4);
    assertThat(console.err()).contains("parallelism 2 needs as many slots, but there is 1 for it");
  }

  @Test
  void warnsOfAWayToPostgresThatIsNotKeptFromOthers() {
    String url = "jdbc:postgresql://db.example.com/traffic";
    assertThat(submit("--detach", "--", "--postgres-url", url)).as(console.err()).isZero();
    assertThat(console.err())
        .startsWith(
            "warning: Postgres at db.example.com:5432 is not asked who it is (no sslmode): whoever is"
                + " on the way could read and change what is sent; add sslmode=verify-full to"
                + " POSTGRES_URL, or sslmode=disable where the network is trusted\n");
    String full = url + "?sslmode=verify-full";
    assertThat(submit("--detach", "--", "--postgres-url", full)).isZero();
    assertThat(console.err()).doesNotContain("warning: Postgres");
  }

  @Test
  void isRefusedWhereThereAreTooFewSlots() {
    for (String plan : List.of("--plan", "--detach")) {
      assertThat(submit(plan, "--parallelism", "64")).isEqualTo(4);
      assertThat(console.out()).isEqualTo("");
      assertThat(console.err())
          .isEqualTo(
              "parallelism 64 needs as many slots, and there are 2 for it; looking again for 4s\n"
                  + "trafficctl: parallelism 64 needs as many slots, but there are 2 for it: it would"
                  + " take them and wait for the others; nothing was changed; give at most"
                  + " --parallelism 2, add TaskManagers, or, where they are added by themselves, give"
                  + " --allow-missing-slots\n");
    }
    assertThat(flink.requests()).allMatch(request -> request.startsWith("GET "));
    assertThat(submit("--detach", "--parallelism", "64", "--allow-missing-slots")).isZero();
    assertThat(console.err())
        .startsWith(
            "warning: parallelism 64 needs as many slots, but there are 2 for it: it would take them"
                + " and wait for the others until TaskManagers are added\n");
    assertThat(flink.requests()).contains(RUN);
  }

  @Test
  void waitsForTaskManagersThatAJobManagerWhichWasStartedAnewDoesNotKnowYet() {
    AtomicInteger looks = new AtomicInteger();
    flink.answer(
        "/overview",
        exchange -> {
          int slots = looks.incrementAndGet() < 10 ? 0 : 2;
          byte[] body =
              "{\"taskmanagers\":0,\"slots-total\":%1$d,\"slots-available\":%1$d,\"flink-version\":\"2.2.1\"}"
                  .formatted(slots)
                  .getBytes(UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
        });
    assertThat(submit("--parallelism", "2")).as(console.err()).isZero();
    assertThat(console.err())
        .startsWith(
            "parallelism 2 needs as many slots, and there are 0 for it; looking again for 30s\n");
    flink.slots(0, 0);
    assertThat(submit("--parallelism", "2")).isEqualTo(4);
    assertThat(console.err())
        .endsWith(
            "trafficctl: parallelism 2 needs as many slots, but there are 0 for it: it would wait;"
                + " nothing was changed; add TaskManagers, or, where they are added by themselves,"
                + " give --allow-missing-slots\n");
  }

  @Test
  void isNotDoneWhenAJobFails() throws IOException {
    job("FAILED", 0, failure("java.io.IOException: no route"));
    assertThat(submit("-o", "json")).isEqualTo(1);
    assertThat(console.err())
        .isEqualTo(
            announced()
                + "trafficctl: the job traffic ("
                + ID
                + ") has failed: IOException: no route\n"
                + "trafficctl: see: trafficctl exceptions "
                + ID
                + " --flink "
                + flink.url()
                + "\n");
    JsonNode shown = new JsonMapper().readTree(console.out());
    assertThat(shown.path("jobId").asText()).isEqualTo(ID);
    assertThat(shown.path("outcome").asText()).isEqualTo("failed");
    assertThat(shown.path("exitCode").asInt()).isEqualTo(1);
    assertThat(operation().path("outcome").asText()).isEqualTo("failed");
  }

  @Test
  void isPartlyDoneWhenAJobFailsAgainAndAgain() {
    job("RESTARTING", 0, failure("java.io.IOException: no route"));
    assertThat(submit()).isEqualTo(7);
    assertThat(console.out()).isEqualTo("");
    assertThat(console.err())
        .contains("was started, but fails again and again: IOException: no route")
        .endsWith("give it up with: trafficctl cancel " + ID + " --flink " + flink.url() + "\n");
  }

  @Test
  void whatDoesNotRunInTimeIsOpen() throws IOException {
    job("CREATED", 0, NO_FAILURE);
    assertThat(submit("--timeout", "30s")).isEqualTo(6);
    assertThat(console.err()).contains("the job is CREATED, 0 of 2 tasks run, traffic (" + ID);
    String id = operation().path("id").asText();
    assertThat(operation().path("outcome").asText()).isEqualTo("open");
    job("RUNNING", 2, NO_FAILURE);
    assertThat(console.run("operations", "resume", id)).isZero();
    assertThat(console.err()).isEqualTo("all tasks of traffic (" + ID + ") run\n");
  }

  @Test
  void refusesFilterRulesThatAreTooLarge() throws IOException {
    Path large = Files.write(directory.resolve("large.yaml"), new byte[262_145]);
    assertThat(submit("--filter-file", large.toString())).isEqualTo(1);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: "
                + large
                + " has more than 262,144 bytes, which filter rules cannot have; check"
                + " --filter-file\n");
    assertThat(console.out()).isEqualTo("");
  }

  @Test
  @Timeout(30)
  void refusesFilterRulesThatAreInNoFile() throws Exception {
    Path pipe = directory.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    for (Path other : List.of(pipe, Path.of("/dev/zero"), directory)) {
      assertThat(submit("--filter-file", other.toString())).isEqualTo(1);
      assertThat(console.err())
          .endsWith(
              "trafficctl: "
                  + other
                  + " is a directory, a pipe or a device, not a file; write the filter rules into a"
                  + " file, and give that with --filter-file\n");
    }
  }

  @Test
  void aPlanChangesNothing() {
    assertThat(submit("--plan")).isZero();
    assertThat(console.err()).isEqualTo("");
    assertThat(console.out())
        .isEqualTo(
            """
            this would start the job traffic on %s:
              1. upload %s
              2. start traffic with parallelism 1, without state and with --kafka-topic clicks
              3. wait until all its tasks run
            """
                .formatted(flink.url(), jar));
    assertThat(flink.requests()).allMatch(request -> request.startsWith("GET "));
    assertThat(directory.resolve("state")).doesNotExist();
  }

  @Test
  void whatIsBehindTheDashesIsTheJobsOwn() {
    String[] words = {
      "submit",
      "--jar",
      jar.toString(),
      "--plan",
      "--flink",
      flink.url(),
      "--kafka-url",
      "here:1",
      "--",
      "--kafka-url",
      "there:1",
      "--postgres-user",
      "x"
    };
    assertThat(console.run(words)).isZero();
    assertThat(console.out()).contains("and with --kafka-url there:1 --postgres-user x\n");
  }

  @Test
  void aProtectedClusterAsksForTheName() {
    console.with("XDG_CONFIG_HOME", directory.resolve("config").toString());
    assertThat(console.run("context", "set", "prod", "--flink", flink.url(), "--protected"))
        .isZero();
    assertThat(submit()).isEqualTo(4);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: prod ("
                + flink.url()
                + ") is protected, and this will start the job traffic; confirm it with"
                + " --yes=traffic; nothing was changed\n");
    assertThat(flink.requests()).allMatch(request -> request.startsWith("GET "));
    assertThat(submit("--yes=traffic", "--detach")).isZero();
    assertThat(flink.requests()).contains(RUN);
  }

  @Test
  void whoIsAtTheJobIsNamed() {
    Journal journal = Journal.of(console.environment());
    try (JobLock lock = journal.lock(flink.url(), "traffic", "stop")) {
      assertThat(lock.job()).isEqualTo("traffic");
      assertThat(submit()).isEqualTo(4);
    }
    assertThat(console.err()).contains("is doing stop on traffic since");
    assertThat(flink.requests()).isEmpty();
  }

  @Test
  void aParallelismOfNothingIsWrong() {
    assertThat(submit("--parallelism", "0")).isEqualTo(2);
    assertThat(console.err())
        .contains("'0' is no parallelism; give a whole number from 1 to 32768");
  }

  /** Leaves the journal as a process does that was killed. */
  private void cutOff(boolean sent) {
    Journal journal = Journal.of(console.environment());
    Asked asked =
        new Asked(
            "submit",
            flink.url(),
            null,
            new JobId(ID),
            "traffic",
            Map.of("jobmanager", "/tmp/flink-web-1"));
    try (JobLock lock = journal.lock(flink.url(), "traffic", "submit");
        Entry entry = journal.begin(lock, asked)) {
      if (sent) {
        entry.step("starting", Map.of("job-id", ID));
      }
    }
  }

  @Test
  void aJobThatIsThereWasStarted() throws IOException {
    cutOff(true);
    assertThat(resume()).isZero();
    assertThat(console.err()).isEqualTo("all tasks of traffic (" + ID + ") run\n");
    assertThat(operation().path("outcome").asText()).isEqualTo("done");
    assertThat(flink.requests()).allMatch(request -> request.startsWith("GET "));
  }

  @Test
  void aJobThatIsNotThereWasNotStarted() throws IOException {
    flink.answer("/jobs/" + ID, SubmitCommandTest::missing);
    cutOff(true);
    assertThat(resume()).isEqualTo(1);
    assertThat(console.err()).isEqualTo("trafficctl: the job traffic was not started\n");
    assertThat(operation().path("outcome").asText()).isEqualTo("failed");
  }

  @Test
  void nothingWasStartedBeforeItWasSaid() {
    cutOff(false);
    assertThat(resume()).isEqualTo(1);
    assertThat(console.err()).isEqualTo("trafficctl: the job traffic was not started\n");
    assertThat(flink.requests()).isEmpty();
  }

  @Test
  void aNewJobManagerCannotKnow() throws IOException {
    flink
        .answer("/jobs/" + ID, SubmitCommandTest::missing)
        .answer("/jobmanager/config", "[{\"key\":\"web.tmpdir\",\"value\":\"/tmp/flink-web-2\"}]");
    cutOff(true);
    assertThat(resume()).isEqualTo(6);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: whether traffic ("
                + ID
                + ") was started is not known: the JobManager was started anew since, and does not"
                + " know it; see: trafficctl jobs --all --flink "
                + flink.url()
                + "\n");
    assertThat(operation().path("outcome").asText()).isEqualTo("outcome_unknown");
  }

  @Test
  void theJobOfAnotherIsNotTakenForOnesOwn() {
    flink.answer(
        "/jobs/" + ID + "/config",
        """
        {"execution-config":{"job-parallelism":1,
          "user-config":{"trafficctl.submitted-by":"alice@bastion"}}}\
        """);
    cutOff(true);
    assertThat(resume()).isEqualTo(4);
    assertThat(console.err()).startsWith("trafficctl: alice@bastion has started the job traffic");
  }

  @Test
  void theNextChangeSettlesWhatIsOpenFirst() throws IOException {
    cutOff(true);
    flink.answer("/jobs/overview", "{\"jobs\":[" + FakeFlink.job(ID, "traffic", "RUNNING") + "]}");
    assertThat(submit()).isEqualTo(4);
    assertThat(console.err())
        .contains(
            "the job traffic ("
                + ID
                + ") was started; it is RUNNING; see: trafficctl status "
                + ID
                + " --flink "
                + flink.url()
                + "\n",
            "a job named traffic is RUNNING already: " + ID);
    assertThat(operation().path("outcome").asText()).isEqualTo("done");
  }

  private static void missing(HttpExchange exchange) throws IOException {
    byte[] body = "{\"errors\":[\"Job could not be found.\"]}".getBytes(UTF_8);
    exchange.sendResponseHeaders(404, body.length);
    exchange.getResponseBody().write(body);
  }
}
