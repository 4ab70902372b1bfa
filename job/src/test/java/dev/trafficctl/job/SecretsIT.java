package dev.trafficctl.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.local.Security;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SecretsIT {
  private final RunningStack stack = RunningStack.with(Security.SASL_SSL);
  private final Map<String, String> secrets = new TreeMap<>(stack.addresses().environment());

  SecretsIT() {
    secrets
        .keySet()
        .retainAll(
            List.of("KAFKA_WEB_TRAFFIC_KEY", "KAFKA_WEB_TRAFFIC_SECRET", "POSTGRES_PASSWORD"));
    secrets.put("POSTGRES_OWNER_PASSWORD", stack.addresses().ownersPassword());
  }

  @Test
  void leavesNoSecretInLogsAnswersArgumentsOrCheckpoints() throws Exception {
    assertThat(secrets).hasSize(4).doesNotContainValue(null);
    try (TestTopic topic = new TestTopic(stack, 2);
        TestJob job = new TestJob(stack, topic)) {
      topic.send(0, Events.numbered(0, 99));
      topic.send(1, List.of("not JSON".getBytes(StandardCharsets.UTF_8)));
      job.start().awaitRows(100, 1);
      stack.flink().awaitNextCheckpoint(job.id());

      assertThat(answersWithASecret(job)).isEmpty();
      assertThat(argumentsWithASecret()).isEmpty();

      String savepoint = stack.flink().stop(job.id());
      assertThat(Path.of(URI.create(savepoint)).resolve("_metadata")).exists();
      assertThat(filesWithASecret()).isEmpty();
    }
  }

  @Test
  void findsASecretWhereThereIsOne() {
    String secret = secrets.get("KAFKA_WEB_TRAFFIC_SECRET");
    assertThat(secretsIn("before " + secret + " after"))
        .isEqualTo(List.of("KAFKA_WEB_TRAFFIC_SECRET"));
  }

  private List<String> secretsIn(String text) {
    return secrets.entrySet().stream()
        .filter(secret -> text.contains(secret.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  private List<String> answersWithASecret(TestJob job) throws IOException {
    String vertex = stack.flink().get("/jobs/" + job.id()).at("/vertices/0/id").asText();
    String taskManager = stack.flink().get("/taskmanagers").at("/taskmanagers/0/id").asText();
    List<String> found = new ArrayList<>();
    for (String path :
        List.of(
            "/config",
            "/overview",
            "/jars",
            "/jobs/overview",
            "/jobs/" + job.id(),
            "/jobs/" + job.id() + "/config",
            "/jobs/" + job.id() + "/plan",
            "/jobs/" + job.id() + "/exceptions",
            "/jobs/" + job.id() + "/checkpoints",
            "/jobs/" + job.id() + "/checkpoints/config",
            "/jobs/" + job.id() + "/vertices/" + vertex,
            "/jobmanager/config",
            "/jobmanager/environment",
            "/jobmanager/log",
            "/jobmanager/stdout",
            "/taskmanagers/" + taskManager,
            "/taskmanagers/" + taskManager + "/log",
            "/taskmanagers/" + taskManager + "/stdout")) {
      String answer = answer(path);
      secretsIn(answer).forEach(secret -> found.add(path + ": " + secret));
    }
    return found;
  }

  private String answer(String path) throws IOException {
    var connection =
        (HttpURLConnection) URI.create(stack.addresses().flink() + path).toURL().openConnection();
    try (InputStream body =
        connection.getResponseCode() < 400
            ? connection.getInputStream()
            : connection.getErrorStream()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private List<String> argumentsWithASecret() throws IOException {
    List<String> found = new ArrayList<>();
    ProcessHandle.allProcesses()
        .forEach(
            process -> {
              Path arguments = Path.of("/proc", Long.toString(process.pid()), "cmdline");
              try {
                secretsIn(Files.readString(arguments, StandardCharsets.ISO_8859_1))
                    .forEach(secret -> found.add(process.pid() + ": " + secret));
              } catch (IOException e) {
                // The process has ended, and its arguments with it.
              }
            });
    return found;
  }

  /** Only the stack's own store of secrets and the broker's list of users may hold them. */
  private List<String> filesWithASecret() throws IOException {
    List<String> found = new ArrayList<>();
    Path root = stack.directory();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = root.relativize(file).toString();
        if (name.startsWith("postgres/bin") || Files.size(file) > (64 << 20)) {
          continue;
        }
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        secretsIn(text).forEach(secret -> found.add(name + ": " + secret));
      }
    }
    found.removeIf(
        line ->
            line.startsWith("secrets.env:") || line.matches("kafka/[^/]*server.properties: .*"));
    return found;
  }
}
