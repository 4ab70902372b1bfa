package dev.trafficctl.cli;

import static dev.trafficctl.cli.ScriptedFlink.checkpoint;
import static dev.trafficctl.cli.ScriptedFlink.completed;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.state.StateFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A change that reaches Flink twice, because a proxy repeats it, is one change that is done. */
class RepeatedRequestTest {
  private static final String JOB = "/jobs/" + FakeFlink.JOB;
  private static final String SAVEPOINT = "s3://b/savepoint-aaaaaa-1";
  private static final String DUPLICATE =
      "{\"errors\":[\"org.apache.flink.util.FlinkException: Failed to execute job.\\nCaused by:"
          + " org.apache.flink.runtime.client.DuplicateJobSubmissionException: Job has already"
          + " been submitted.\"]}";

  private final ScriptedFlink flink = new ScriptedFlink();
  private final TestConsole console = TestConsole.jumping();
  private final AtomicInteger starts = new AtomicInteger();
  private final AtomicReference<String> says = new AtomicReference<>();
  private RepeatingProxy proxy;
  private Path jar;

  @TempDir Path directory;

  @BeforeEach
  void start() throws IOException {
    proxy = new RepeatingProxy(flink.server().url());
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
        .history(checkpoint(7, false, "COMPLETED", "s3://b/c/chk-7"))
        .does("stop", completed(SAVEPOINT))
        .states("RUNNING", "FINISHED");
  }

  @AfterEach
  void close() {
    proxy.close();
    flink.close();
  }

  /** A job that can be started once, and then says of itself what it was started with. */
  private void starts(String id) {
    flink.starts(id, SAVEPOINT);
    flink
        .server()
        .answer(
            "/jars/1_job.jar/run",
            exchange -> {
              if (starts.getAndIncrement() == 0) {
                says.compareAndSet(null, newestConfiguration());
                send(exchange, 200, "{\"jobid\":\"" + id + "\"}");
              } else {
                send(exchange, 400, DUPLICATE);
              }
            })
        .answer(
            "/jobs/" + id + "/config",
            exchange ->
                send(
                    exchange,
                    200,
                    "{\"execution-config\":{\"job-parallelism\":2,\"user-config\":"
                        + says.get()
                        + "}}"));
  }

  private String newestConfiguration() throws IOException {
    List<JsonNode> sent = new ArrayList<>();
    for (String body : flink.server().bodies()) {
      if (body.startsWith("{") && body.contains("jobId")) {
        sent.add(new JsonMapper().readTree(body).path("flinkConfiguration"));
      }
    }
    return sent.get(sent.size() - 1).toString();
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private int run(String... command) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of("--flink", proxy.url()));
    return console.run(all.toArray(String[]::new));
  }

  @Test
  void aRestartIsDone() {
    String id = JobId.ofStart(FakeFlink.JOB, 1).text();
    starts(id);
    assertThat(run("restart", "--jar", jar.toString())).as(console.err()).isZero();
    assertThat(console.out()).endsWith("job traffic runs as:\n" + id + "\n");
    assertThat(starts).hasValue(2);
  }

  @Test
  void aSubmissionIsDone() {
    String id = JobId.ofStart("clicks//tmp/flink-web-1", 1).text();
    starts(id);
    assertThat(
            console.run(
                "submit",
                "--flink",
                proxy.url(),
                "--jar",
                jar.toString(),
                "--",
                "--job-name",
                "clicks"))
        .as(console.err())
        .isZero();
    assertThat(console.out()).contains(id);
    assertThat(starts).hasValue(2);
  }

  @Test
  void theSameRequestOfTheSamePersonFromElsewhereIsAnother() {
    says.set(
        "{\"trafficctl.submitted-by\":\"me@here\",\"trafficctl.operation\":"
            + "\"restart-20260131-120000-0000\"}");
    starts(JobId.ofStart(FakeFlink.JOB, 1).text());
    assertThat(run("restart", "--jar", jar.toString())).isEqualTo(4);
    assertThat(console.err()).contains("me@here has started the job traffic at the same moment");
  }

  @Test
  void aJobThatSaysNothingOfItselfMayBeAnybodys() {
    says.set("{}");
    starts(JobId.ofStart(FakeFlink.JOB, 1).text());
    assertThat(run("restart", "--jar", jar.toString())).isEqualTo(6);
    assertThat(console.err())
        .contains("whether this request or another one has started it is not known")
        .contains("find out with: trafficctl operations resume restart-");
  }

  @Test
  void aStopIsDone() {
    assertThat(run("stop")).as(console.err()).isZero();
    assertThat(console.out()).isEqualTo(SAVEPOINT + "\n");
    assertThat(flink.triggered()).isEqualTo(2);
  }

  @Test
  void aSavepointIsDone() {
    flink.does("savepoint", completed(SAVEPOINT)).states("RUNNING");
    assertThat(run("savepoint")).as(console.err()).isZero();
    assertThat(console.out()).isEqualTo(SAVEPOINT + "\n");
    assertThat(flink.triggered()).isEqualTo(2);
  }

  @Test
  void aCancelIsDoneAlthoughTheSecondFindsNothingToCancel() {
    AtomicInteger asked = new AtomicInteger();
    flink.states("RUNNING", "CANCELED");
    flink
        .server()
        .answer(
            JOB + "?mode=cancel",
            exchange -> {
              boolean first = asked.getAndIncrement() == 0;
              send(
                  exchange,
                  first ? 202 : 409,
                  first
                      ? "{}"
                      : "{\"errors\":[\"a.B: Job cancellation failed because the job has already"
                          + " reached another terminal state.\"]}");
            });
    assertThat(run("cancel")).as(console.err()).isZero();
    assertThat(asked).hasValue(2);
  }

  @Test
  void aSavepointThatIsGoneWasDeleted() throws Exception {
    Path savepoint = StateFixture.savepoint(directory.resolve("savepoint-aaaaaa-0123456789ab"));
    String id = "d".repeat(32);
    flink
        .server()
        .answer(
            "/savepoint-disposal",
            exchange -> {
              Files.deleteIfExists(savepoint.resolve("_metadata"));
              Files.deleteIfExists(savepoint);
              send(exchange, 202, "{\"request-id\":\"" + id + "\"}");
            })
        .answer(
            "/savepoint-disposal/" + id,
            "{\"status\":{\"id\":\"COMPLETED\"},\"operation\":{\"failure-cause\":{\"class\":\"a.B\","
                + "\"stack-trace\":\"java.io.FileNotFoundException: Cannot find it\"}}}");
    assertThat(run("savepoint", "delete", savepoint.toString())).as(console.err()).isZero();
    assertThat(console.out()).endsWith("file:" + savepoint + "\n");
  }
}
