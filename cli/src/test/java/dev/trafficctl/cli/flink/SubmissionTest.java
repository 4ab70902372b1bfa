package dev.trafficctl.cli.flink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.trafficctl.cli.TestConsole;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code submit} sends, and what it makes of an answer that is lost. */
class SubmissionTest {
  private final TestConsole console = TestConsole.frozen();
  private final List<String> requests = new ArrayList<>();
  private HttpServer flink;
  private String url;
  private JsonNode run;
  private boolean losesTheAnswer;
  private boolean knowsTheJob = true;

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
      boolean missing = path.startsWith("/jobs/") && !knowsTheJob;
      String answer =
          path.equals("/jars/upload")
              ? "{\"filename\":\"/tmp/flink-web-upload/1_job.jar\",\"status\":\"success\"}"
              : missing ? "{\"errors\":[\"Job could not be found.\"]}" : "{}";
      exchange.sendResponseHeaders(missing ? 404 : 200, answer.length());
      exchange.getResponseBody().write(answer.getBytes(UTF_8));
    }
  }

  private int submit() throws IOException {
    Path jar = Files.writeString(directory.resolve("job.jar"), "a jar");
    Path filter = Files.writeString(directory.resolve("filter.yaml"), "hosts:\n");
    return console.run(
        "submit",
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

  @Test
  void sendsTheArgumentsUnderTheNameThatFlinkReads() throws IOException {
    assertThat(submit()).isZero();
    String id = run.path("jobId").asText();
    assertThat(id).matches("[0-9a-f]{32}");
    assertThat(run)
        .isEqualTo(
            new JsonMapper()
                .readTree(
                    "{\"jobId\":\""
                        + id
                        + "\",\"parallelism\":3,\"programArgsList\":[\"--kafka-topic\",\"clicks\","
                        + "\"--filter\",\"hosts:\\n\"]}"));
    assertThat(requests)
        .containsExactly("POST /jars/upload", "POST /jars/1_job.jar/run", "DELETE /jars/1_job.jar");
    assertThat(console.out())
        .isEqualTo("JOB ID" + " ".repeat(28) + "FLINK\n" + id + "  " + url + "\n");
  }

  @Test
  void findsTheJobWhenTheAnswerIsLost() throws IOException {
    losesTheAnswer = true;
    assertThat(submit()).isZero();
    String id = run.path("jobId").asText();
    assertThat(console.out()).contains(id);
    assertThat(requests)
        .containsExactly(
            "POST /jars/upload",
            "POST /jars/1_job.jar/run",
            "GET /jobs/" + id,
            "DELETE /jars/1_job.jar");
  }

  @Test
  void saysSoWhenItCannotKnow() throws IOException {
    losesTheAnswer = true;
    knowsTheJob = false;
    assertThat(submit()).isEqualTo(6);
    assertThat(console.out()).isEqualTo("");
    assertThat(console.err())
        .endsWith(
            "trafficctl: whether the job was started is not known; it has started if this finds"
                + " it: curl "
                + url
                + "jobs/"
                + run.path("jobId").asText()
                + "\n");
  }
}
