package dev.trafficctl.cli;

import static dev.trafficctl.cli.ScriptedFlink.IN_PROGRESS;
import static dev.trafficctl.cli.ScriptedFlink.checkpoint;
import static dev.trafficctl.cli.ScriptedFlink.completed;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.flink.TriggerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ctrl-C, sent to a process of its own while it waits for a Flink that takes its time. */
@Timeout(120)
class CtrlCTest {
  private final ScriptedFlink flink = new ScriptedFlink();
  private final TestConsole console = TestConsole.jumping();

  @TempDir Path directory;

  @BeforeEach
  void keepTheJournalApart() {
    console.with("XDG_STATE_HOME", directory.toString());
  }

  @AfterEach
  void close() {
    flink.close();
  }

  private Process start(String... arguments) throws IOException {
    return start(List.of(), arguments);
  }

  private Process start(List<String> properties, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dtrafficctl.checkout=" + directory));
    command.addAll(properties);
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), TrafficCtl.class.getName()));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--flink", flink.server().url()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(directory.resolve("out").toFile())
            .redirectError(directory.resolve("err").toFile());
    builder.environment().put("XDG_STATE_HOME", directory.toString());
    builder.environment().put("XDG_CONFIG_HOME", directory.toString());
    return builder.start();
  }

  private Process watch(FakeKafka kafka, CountDownLatch rounds, boolean terminal)
      throws IOException {
    flink
        .server()
        .answer("/jobmanager/config", "[]")
        .answer("/jobs/" + FakeFlink.JOB + "/vertices/" + "b".repeat(32) + "/metrics", "[]")
        .answer(
            "/jobs/" + FakeFlink.JOB + "/config",
            """
            {"execution-config":{"job-parallelism":1,"user-config":{"trafficctl.arguments":
              "[\\"--kafka-url\\",\\"%s\\",\\"--kafka-topic\\",\\"web-traffic\\",\
            \\"--kafka-group\\",\\"traffic\\",\\"--postgres-url\\",\\"jdbc:postgresql://p/t\\",\
            \\"--postgres-user\\",\\"job\\"]"}}}\
            """
                .formatted(kafka.address()))
        .answer(
            "/jobs/overview",
            exchange -> {
              rounds.countDown();
              byte[] body =
                  ("{\"jobs\":[" + FakeFlink.job(FakeFlink.JOB, "traffic", "RUNNING") + "]}")
                      .getBytes(UTF_8);
              exchange.sendResponseHeaders(200, body.length);
              exchange.getResponseBody().write(body);
            });
    return start(
        List.of("-Dtrafficctl.terminal=" + terminal, "-Dtrafficctl.terminal.out=" + terminal),
        "lag",
        "--watch",
        "--interval",
        "1s");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void isHowAWatchEnds(boolean terminal) throws IOException, InterruptedException {
    CountDownLatch rounds = new CountDownLatch(3);
    try (FakeKafka kafka = new FakeKafka(answer -> {})) {
      Process process = watch(kafka, rounds, terminal);
      try {
        assertThat(rounds.await(60, TimeUnit.SECONDS)).isTrue();
        interrupt(process);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
      } finally {
        process.destroyForcibly();
      }
    }
    String out = Files.readString(directory.resolve("out"));
    String err = Files.readString(directory.resolve("err"));
    assertThat(out).endsWith("\n");
    if (terminal) {
      // Whole pictures, nothing switched on that would have to be switched off, a fresh line.
      assertThat(out.replaceAll("\u001b\\[\\d+A\r\u001b\\[J", "")).doesNotContain("\u001b");
      assertThat(out.lines().filter(line -> line.startsWith("total: lag 1, ")))
          .hasSizeGreaterThanOrEqualTo(2);
      assertThat(err).isEqualTo("\n");
    } else {
      assertThat(out.lines()).hasSizeGreaterThanOrEqualTo(2);
      assertThat(out.lines()).allMatch(line -> line.contains("Z  lag 1, time lag "));
      assertThat(err).doesNotContain("interrupted");
    }
  }

  /** Counts down when it is asked for the second time what has become of a request. */
  private CountDownLatch waits(String verb) {
    CountDownLatch waits = new CountDownLatch(3);
    TriggerId trigger = TriggerId.of(verb, new JobId(FakeFlink.JOB), 1);
    flink.triggers(verb, "{}");
    flink
        .server()
        .answer(
            "/jobs/" + FakeFlink.JOB + "/savepoints/" + trigger,
            exchange -> {
              waits.countDown();
              boolean before = flink.triggered() == 0;
              byte[] body = (before ? "{\"errors\":[\"none\"]}" : IN_PROGRESS).getBytes(UTF_8);
              exchange.sendResponseHeaders(before ? 404 : 200, body.length);
              exchange.getResponseBody().write(body);
            });
    return waits;
  }

  private JsonNode last() throws IOException {
    assertThat(console.run("operations", "-n", "1", "-o", "json")).isZero();
    return new JsonMapper().readTree(console.out()).at("/operations/0");
  }

  private static void interrupt(Process process) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor())
        .isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"savepoint", "stop"})
  void saysThatItGoesOnAndHowToComeBack(String verb) throws IOException, InterruptedException {
    CountDownLatch waits = waits(verb);
    Process process = start(verb);
    try {
      assertThat(waits.await(60, TimeUnit.SECONDS)).isTrue();
      interrupt(process);
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(6);
    } finally {
      process.destroyForcibly();
    }
    JsonNode open = last();
    String id = open.path("id").asText();
    assertThat(open.path("verb").asText()).isEqualTo(verb);
    assertThat(open.path("outcome").asText()).isEqualTo("open");
    assertThat(directory.resolve("out")).isEmptyFile();
    assertThat(Files.readString(directory.resolve("err")))
        .isEqualTo(
            "\ntrafficctl: interrupted; what was asked goes on in Flink; find out how it ends with:"
                + " trafficctl operations resume "
                + id
                + "\n");

    flink.results(verb, 1, completed("file:/s/1")).states("RUNNING", "FINISHED");
    assertThat(console.run("operations", "resume", id)).as(console.err()).isZero();
    assertThat(console.out()).isEqualTo("file:/s/1\n");
    assertThat(last().path("outcome").asText()).isEqualTo("done");
    assertThat(flink.triggered()).isEqualTo(1);
  }

  private int interrupted(CountDownLatch waits, String... command)
      throws IOException, InterruptedException {
    Process process = start(command);
    try {
      assertThat(waits.await(60, TimeUnit.SECONDS)).isTrue();
      interrupt(process);
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  /** The operation that is open, of which whoever left was told. */
  private String told(String verb) throws IOException {
    assertThat(console.run("operations", "-o", "json")).isZero();
    for (JsonNode operation : new JsonMapper().readTree(console.out()).path("operations")) {
      if (operation.path("verb").asText().equals(verb)) {
        assertThat(operation.path("outcome").asText()).isEqualTo("open");
        String id = operation.path("id").asText();
        assertThat(Files.readString(directory.resolve("err")))
            .endsWith(
                "\ntrafficctl: interrupted; what was asked goes on in Flink; find out how it ends"
                    + " with: trafficctl operations resume "
                    + id
                    + "\n");
        return id;
      }
    }
    throw new AssertionError("no " + verb);
  }

  private String outcome(String id) throws IOException {
    assertThat(console.run("operations", "show", id, "-o", "json")).as(console.err()).isZero();
    return new JsonMapper().readTree(console.out()).findPath("outcome").asText();
  }

  private List<String> changes() {
    return flink.server().requests().stream()
        .filter(request -> !request.startsWith("GET "))
        .toList();
  }

  /** Counts down when something is asked for the second time after a request has come. */
  private CountDownLatch waits(String request, String path, String answer) {
    CountDownLatch waits = new CountDownLatch(2);
    flink
        .server()
        .answer(
            path,
            exchange -> {
              if (changes().contains(request)) {
                waits.countDown();
              }
              byte[] body = answer.getBytes(UTF_8);
              exchange.sendResponseHeaders(200, body.length);
              exchange.getResponseBody().write(body);
            });
    return waits;
  }

  @Test
  void aCancelGoesOn() throws IOException, InterruptedException {
    String job = "/jobs/" + FakeFlink.JOB;
    String request = "PATCH " + job + "?mode=cancel";
    flink.history(checkpoint(7, false, "COMPLETED", "file:/c/chk-7"));
    flink.server().answer(job + "?mode=cancel", "{}");
    CountDownLatch waits = waits(request, job + "/status", "{\"status\":\"CANCELLING\"}");
    assertThat(interrupted(waits, "cancel")).isEqualTo(6);
    String id = told("cancel");

    flink.states("CANCELED");
    assertThat(console.run("operations", "resume", id)).as(console.err()).isZero();
    assertThat(console.out()).isEqualTo("file:/c/chk-7\n");
    assertThat(outcome(id)).isEqualTo("done");
    assertThat(changes()).containsExactly(request);
  }

  @Test
  void aRescalingGoesOn() throws IOException, InterruptedException {
    String job = "/jobs/" + FakeFlink.JOB;
    String request = "PUT " + job + "/resource-requirements";
    String vertex = "b".repeat(32);
    flink
        .server()
        .answer(
            job + "/resource-requirements",
            "{\"%s\":{\"parallelism\":{\"lowerBound\":1,\"upperBound\":3}}}".formatted(vertex));
    CountDownLatch waits = waits(request, job, FakeFlink.details("RUNNING", 2));
    assertThat(interrupted(waits, "rescale", "--parallelism", "3")).isEqualTo(6);
    String id = told("rescale");

    flink
        .server()
        .answer(
            job, FakeFlink.details("RUNNING", 3).replace("\"parallelism\":2", "\"parallelism\":3"));
    assertThat(console.run("operations", "resume", id)).as(console.err()).isZero();
    assertThat(outcome(id)).isEqualTo("done");
    assertThat(changes()).containsExactly(request);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whoLeavesARestartComesBackToAllOfIt(boolean whileItStarts)
      throws IOException, InterruptedException {
    String savepoint = "s3://b/savepoint-aaaaaa-1";
    String started = JobId.ofStart(FakeFlink.JOB, 1).text();
    Path jar = Files.writeString(directory.resolve("job.jar"), "a jar");
    flink
        .starts(started, savepoint)
        .history(checkpoint(7, false, "COMPLETED", "s3://b/c/chk-7"))
        .server()
        .answer(
            "/jobs/" + FakeFlink.JOB + "/config",
            """
            {"execution-config":{"job-parallelism":2,"user-config":{
              "trafficctl.arguments":"[\\"--kafka-url\\",\\"no-such-host.invalid:9092\\",\
            \\"--postgres-url\\",\\"jdbc:postgresql://p/t\\",\\"--postgres-user\\",\\"job\\"]"}}}\
            """);
    CountDownLatch waits;
    if (whileItStarts) {
      flink.does("stop", completed(savepoint)).states("RUNNING", "FINISHED");
      waits =
          waits(
              "POST /jars/1_job.jar/run", "/jobs/" + started, FakeFlink.details("INITIALIZING", 0));
    } else {
      waits = waits("stop");
    }
    assertThat(interrupted(waits, "restart", "--jar", jar.toString())).isEqualTo(6);
    String id = told("restart");

    if (whileItStarts) {
      flink.server().answer("/jobs/" + started, FakeFlink.details("RUNNING", 2));
    } else {
      flink.results("stop", 1, completed(savepoint)).states("FINISHED");
    }
    assertThat(console.run("operations", "resume", id)).as(console.err()).isZero();
    assertThat(console.out()).endsWith(savepoint + "\n");
    assertThat(outcome(id)).isEqualTo("done");
    assertThat(changes())
        .containsOnlyOnce("POST /jobs/" + FakeFlink.JOB + "/stop", "POST /jars/1_job.jar/run");
  }

  @Test
  void beforeAnythingIsAskedForNothingIsLeftBehind() throws IOException, InterruptedException {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    flink
        .server()
        .answer(
            "/jobs/overview",
            exchange -> {
              asked.countDown();
              try {
                interrupted.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    Process process = start("stop");
    try {
      assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
      interrupt(process);
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(130);
    } finally {
      process.destroyForcibly();
      interrupted.countDown();
    }
    assertThat(directory.resolve("out")).isEmptyFile();
    assertThat(console.run("operations")).isZero();
    assertThat(console.out()).hasLineCount(1);
    assertThat(flink.triggered()).isZero();
  }
}
