package dev.trafficctl.cli.operation.start;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.trafficctl.cli.FakeFlink;
import dev.trafficctl.cli.TestConsole;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.journal.Author;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code submit} sends, and what it makes of an answer that is lost. */
class SubmissionTest {
  private static final String ID = JobId.ofStart("traffic//tmp/flink-web-1", 1).text();

  private TestConsole console = TestConsole.frozen();
  private final List<String> requests = new ArrayList<>();
  private HttpServer flink;
  private String url;
  private JsonNode run;
  private boolean losesTheAnswer;
  private boolean knowsTheJob = true;
  private boolean refusesTheId;
  private String jobs = "";
  private String startedBy = "alice@bastion";

  @TempDir Path directory;

  @BeforeEach
  void start() throws IOException {
    flink = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    flink.createContext("/", this::handle);
    flink.start();
    url = "http://127.0.0.1:" + flink.getAddress().getPort() + "/";
  }

  @AfterEach
  void stop() {
    flink.stop(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String path = exchange.getRequestURI().getPath();
    try (exchange) {
      if (path.endsWith("/run")) {
        run = new JsonMapper().readTree(body);
      }
      requests.add(exchange.getRequestMethod() + " " + path);
      if (path.endsWith("/run") && losesTheAnswer) {
        exchange.sendResponseHeaders(200, 100);
        return;
      }
      boolean missing = path.equals("/jobs/" + ID) && !knowsTheJob;
      boolean refused = path.endsWith("/run") && refusesTheId;
      byte[] answer = answer(path, missing).getBytes(UTF_8);
      exchange.sendResponseHeaders(missing ? 404 : refused ? 400 : 200, answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  private String answer(String path, boolean missing) {
    if (missing) {
      return "{\"errors\":[\"Job could not be found.\"]}";
    }
    return switch (path) {
      case "/jars/upload" ->
          "{\"filename\":\"/tmp/flink-web-upload/1_job.jar\",\"status\":\"success\"}";
      case "/jars/1_job.jar/run" ->
          refusesTheId
              ? "{\"errors\":[\"org.apache.flink.util.FlinkException: Failed to execute job"
                  + " 'traffic'.\\nCaused by: org.apache.flink.runtime.client"
                  + ".DuplicateJobSubmissionException: Job has already been submitted.\"]}"
              : "{}";
      case "/overview" ->
          "{\"taskmanagers\":2,\"slots-total\":4,\"slots-available\":3,\"flink-version\":\"2.2.1\"}";
      case "/jobs/overview" -> "{\"jobs\":[" + jobs + "]}";
      case "/jobmanager/config" -> "[{\"key\":\"web.tmpdir\",\"value\":\"/tmp/flink-web-1\"}]";
      default ->
          path.endsWith("/config")
              ? "{\"execution-config\":{\"job-parallelism\":3,\"user-config\":"
                  + "{\"trafficctl.submitted-by\":\""
                  + startedBy
                  + "\"}}}"
              : FakeFlink.details("RUNNING", 2);
    };
  }

  private static String job(String id, String state, int started) {
    return """
    {"jid":"%s","name":"traffic","state":"%s","start-time":%d,"last-modification":%d,
     "tasks":{"running":2,"total":2}}\
    """
        .formatted(id, state, started, started);
  }

  private int submit() throws IOException {
    Path jar = Files.writeString(directory.resolve("job.jar"), "a jar");
    Path filter = Files.writeString(directory.resolve("filter.yaml"), "hosts:\n");
    console.with("XDG_STATE_HOME", directory.resolve("state").toString());
    return console.run(
        "submit",
        "--detach",
        "--flink",
        url,
        "--jar",
        jar.toString(),
        "--parallelism",
        "3",
        "--filter-file",
        filter.toString(),
        "--",
        "--kafka-topic",
        "clicks");
  }

  /** The id of the only operation in the journal. */
  private String operation() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("state/trafficctl/operations"))) {
      return files.findFirst().orElseThrow().getFileName().toString().replace(".jsonl", "");
    }
  }

  @Test
  void sendsTheArgumentsUnderTheNameThatFlinkReads() throws IOException {
    assertThat(submit()).isZero();
    assertThat(run)
        .isEqualTo(
            new JsonMapper()
                .readTree(
                    "{\"jobId\":\""
                        + ID
                        + "\",\"parallelism\":3,\"programArgsList\":[\"--kafka-topic\",\"clicks\","
                        + "\"--filter\",\"hosts:\\n\"],\"flinkConfiguration\":"
                        + "{\"trafficctl.submitted-by\":\""
                        + Author.current()
                        + "\",\"trafficctl.operation\":\""
                        + operation()
                        + "\"}}"));
    assertThat(requests)
        .containsExactly(
            "GET /jobs/overview",
            "GET /overview",
            "GET /jobs/overview",
            "GET /jobmanager/config",
            "GET /jobs/overview",
            "POST /jars/upload",
            "GET /jobs/overview",
            "GET /jobmanager/config",
            "GET /jobmanager/config",
            "POST /jars/1_job.jar/run",
            "GET /jobs/" + ID + "/config",
            "DELETE /jars/1_job.jar");
    assertThat(console.out())
        .isEqualTo("JOB ID" + " ".repeat(28) + "FLINK\n" + ID + "  " + url + "\n");
  }

  @Test
  void theIdFollowsFromTheJobBefore() throws IOException {
    String older = "a".repeat(32);
    String newest = "b".repeat(32);
    jobs = job(newest, "FAILED", 2) + "," + job(older, "CANCELED", 1);
    assertThat(submit()).isZero();
    assertThat(console.out()).contains(JobId.ofStart(newest, 1).text());
  }

  @Test
  void aJobOfTheNameThatRunsIsNotDoubled() throws IOException {
    String live = "b".repeat(32);
    jobs = job(live, "RESTARTING", 2);
    assertThat(submit()).isEqualTo(4);
    assertThat(requests).containsExactly("GET /jobs/overview", "GET /jobs/" + live + "/config");
    assertThat(console.err())
        .endsWith(
            "trafficctl: a job named traffic is RESTARTING already: "
                + live
                + ", started by alice@bastion; replace it with: trafficctl restart traffic --flink "
                + url
                + "\n");
  }

  @Test
  void whoWasFasterIsNamed() throws IOException {
    refusesTheId = true;
    assertThat(submit()).isEqualTo(4);
    assertThat(console.out()).isEqualTo("");
    assertThat(console.err())
        .endsWith(
            "trafficctl: alice@bastion has started the job traffic at the same moment, as "
                + ID
                + "; see: trafficctl status "
                + ID
                + " --flink "
                + url
                + "\n");
    assertThat(requests).endsWith("DELETE /jars/1_job.jar");
  }

  @Test
  void theJobOfAnotherIsNotTakenForOnesOwnWhenTheAnswerIsLost() throws IOException {
    losesTheAnswer = true;
    assertThat(submit()).isEqualTo(4);
    assertThat(console.err()).contains("alice@bastion has started the job traffic");
    assertThat(requests)
        .endsWith(
            "POST /jars/1_job.jar/run",
            "GET /jobs/" + ID,
            "GET /jobs/" + ID + "/config",
            "DELETE /jars/1_job.jar");
  }

  @Test
  void saysSoWhenItCannotKnow() throws IOException {
    losesTheAnswer = true;
    knowsTheJob = false;
    console = TestConsole.jumping();
    assertThat(submit()).isEqualTo(6);
    assertThat(console.out()).isEqualTo("");
    assertThat(console.err())
        .endsWith(
            "trafficctl: whether the job was started is not known; it was if this finds it:"
                + " trafficctl status "
                + ID
                + " --flink "
                + url
                + "\ntrafficctl: find out with: trafficctl operations resume "
                + operation()
                + "\n");
  }

  @Test
  void findsTheJobWhenTheAnswerIsLost() throws IOException {
    losesTheAnswer = true;
    startedBy = Author.current().toString();
    assertThat(submit()).isZero();
    assertThat(console.out()).contains(ID);
  }
}
