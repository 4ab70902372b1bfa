package dev.trafficctl.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;

/** The few calls of Flink's REST API that the tests of the job need. */
final class FlinkRest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final HttpClient http = HttpClient.newHttpClient();
  private final String url;

  FlinkRest(String url) {
    this.url = url;
  }

  /** A call that Flink answered with an error. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }

    /** The message of the last exception in the chain, with the lines that belong to it. */
    String rootCause() {
      String text = getMessage();
      String last = text.substring(text.lastIndexOf("Caused by: ") + "Caused by: ".length());
      String message = last.substring(last.indexOf(": ") + 2);
      StringBuilder lines = new StringBuilder();
      for (String line : message.split("\n", -1)) {
        if (line.startsWith("\tat ") || line.startsWith("\t...")) {
          break;
        }
        lines.append(lines.length() == 0 ? "" : "\n").append(line);
      }
      return lines.toString();
    }
  }

  String upload(Path jar) throws IOException {
    String boundary = "----job-jar";
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(
        ("--%s\r\nContent-Disposition: form-data; name=\"jarfile\"; filename=\"job.jar\"\r\n"
                + "Content-Type: application/x-java-archive\r\n\r\n")
            .formatted(boundary)
            .getBytes(StandardCharsets.UTF_8));
    body.writeBytes(Files.readAllBytes(jar));
    body.writeBytes("\r\n--%s--\r\n".formatted(boundary).getBytes(StandardCharsets.UTF_8));
    JsonNode answer =
        send(
            HttpRequest.newBuilder(URI.create(url + "/jars/upload"))
                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                .POST(BodyPublishers.ofByteArray(body.toByteArray()))
                .build());
    String path = answer.get("filename").asText();
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** Starts a job and returns its id. */
  String run(String jarId, List<String> arguments, int parallelism, String savepointPath) {
    ObjectNode request = JSON.createObjectNode();
    arguments.forEach(request.withArray("programArgsList")::add);
    request.put("parallelism", parallelism);
    request.putObject("flinkConfiguration").put("trafficctl.submitted-by", "somebody@somewhere");
    if (savepointPath != null) {
      request.put("savepointPath", savepointPath).put("claimMode", "NO_CLAIM");
    }
    return post("/jars/" + jarId + "/run", request).get("jobid").asText();
  }

  JsonNode get(String path) {
    return send(HttpRequest.newBuilder(URI.create(url + path)).GET().build());
  }

  private JsonNode post(String path, JsonNode body) {
    return send(
        HttpRequest.newBuilder(URI.create(url + path))
            .POST(BodyPublishers.ofString(body.toString()))
            .build());
  }

  String state(String jobId) {
    return get("/jobs/" + jobId).get("state").asText();
  }

  void awaitState(String jobId, String state) {
    Awaitility.await("state of job " + jobId)
        .atMost(PATIENCE)
        .until(() -> state(jobId), state::equals);
  }

  void awaitRunning(String jobId) {
    Awaitility.await("tasks of job " + jobId)
        .atMost(PATIENCE)
        .until(
            () -> {
              JsonNode job = get("/jobs/" + jobId);
              JsonNode tasks = job.get("vertices").get(0);
              return tasks.get("tasks").get("RUNNING").asInt() == tasks.get("parallelism").asInt();
            });
  }

  void cancel(String jobId) {
    send(
        HttpRequest.newBuilder(URI.create(url + "/jobs/" + jobId + "?mode=cancel"))
            .method("PATCH", BodyPublishers.noBody())
            .build());
    awaitState(jobId, "CANCELED");
  }

  /** Stops a job with a savepoint and returns the savepoint's path. */
  String stop(String jobId) {
    String trigger =
        post("/jobs/" + jobId + "/stop", JSON.createObjectNode().put("drain", false))
            .get("request-id")
            .asText();
    JsonNode done =
        Awaitility.await("savepoint of job " + jobId)
            .atMost(PATIENCE)
            .until(
                () -> get("/jobs/" + jobId + "/savepoints/" + trigger),
                answer -> answer.get("status").get("id").asText().equals("COMPLETED"));
    awaitState(jobId, "FINISHED");
    return done.get("operation").get("location").asText();
  }

  /** The path of the newest completed checkpoint that is not older than the call. */
  String awaitNextCheckpoint(String jobId) {
    int before = get("/jobs/" + jobId + "/checkpoints").at("/counts/completed").asInt();
    // The first one that completes may have begun before the call.
    return Awaitility.await("checkpoint of job " + jobId)
        .atMost(PATIENCE)
        .until(
            () -> get("/jobs/" + jobId + "/checkpoints"),
            answer -> answer.at("/counts/completed").asInt() >= before + 2)
        .at("/latest/completed/external_path")
        .asText();
  }

  /** How often Flink restarted the job. */
  int restarts(String jobId) {
    return Awaitility.await("number of restarts of job " + jobId)
        .atMost(PATIENCE)
        .until(
            () -> get("/jobs/" + jobId + "/metrics?get=numRestarts"), answer -> !answer.isEmpty())
        .get(0)
        .get("value")
        .asInt();
  }

  /**
   * The sums over all subtasks of an operator's counters, by name; Flink refreshes them about once
   * a second, and knows none until it has been asked for the first time.
   */
  Map<String, Long> counters(String jobId, String operator) {
    String vertex = get("/jobs/" + jobId).at("/vertices/0/id").asText();
    String path = "/jobs/" + jobId + "/vertices/" + vertex + "/subtasks/metrics";
    String prefix = operator + ".";
    Map<String, Long> counters = new TreeMap<>();
    StringBuilder names = new StringBuilder();
    get(path)
        .forEach(
            metric -> {
              String id = metric.get("id").asText();
              if (id.startsWith(prefix)) {
                names.append(names.length() == 0 ? "" : ",").append(id);
              }
            });
    if (names.length() == 0) {
      return counters;
    }
    get(path + "?agg=sum&get=" + names)
        .forEach(
            metric ->
                counters.put(
                    metric.get("id").asText().substring(prefix.length()),
                    (long) metric.get("sum").asDouble()));
    return counters;
  }

  /** The root cause of the job's newest failure. */
  String failure(String jobId) {
    JsonNode entries = get("/jobs/" + jobId + "/exceptions").at("/exceptionHistory/entries");
    return entries.get(0).get("stacktrace").asText();
  }

  private JsonNode send(HttpRequest request) {
    try {
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      JsonNode body = JSON.readTree(response.body());
      if (response.statusCode() >= 300) {
        throw new Refused(body.at("/errors").path(body.at("/errors").size() - 1).asText());
      }
      return body;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
