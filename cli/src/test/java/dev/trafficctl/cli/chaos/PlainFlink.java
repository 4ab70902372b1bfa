package dev.trafficctl.cli.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Flink's REST API, read without the client under test. */
final class PlainFlink {
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final JsonMapper json = new JsonMapper();
  private final URI address;

  PlainFlink(String address) {
    this.address = URI.create(address);
  }

  /**
   * A job.
   *
   * @param id its id
   * @param name its name
   * @param state its state, in Flink's word
   * @param began when Flink took it
   * @param ended when it ended, or null
   */
  record Job(String id, String name, String state, Instant began, Instant ended) {
    boolean isLive() {
      return isLive(state);
    }

    static boolean isLive(String state) {
      return !List.of("FINISHED", "CANCELED", "FAILED").contains(state);
    }
  }

  /**
   * A savepoint in the history of a job.
   *
   * @param id its number
   * @param status its status, in Flink's word
   * @param path where it lies, or null
   * @param triggered when Flink began it
   * @param took how long it took, in milliseconds
   */
  record Savepoint(long id, String status, String path, Instant triggered, long took) {}

  /** All jobs, or nothing when Flink does not answer. */
  Optional<List<Job>> jobs() {
    return get("/jobs/overview")
        .map(
            answer -> {
              List<Job> jobs = new ArrayList<>();
              for (JsonNode job : answer.required("jobs")) {
                long end = job.required("end-time").asLong();
                jobs.add(
                    new Job(
                        job.required("jid").asText(),
                        job.required("name").asText(),
                        job.required("state").asText(),
                        Instant.ofEpochMilli(job.required("start-time").asLong()),
                        end < 0 ? null : Instant.ofEpochMilli(end)));
              }
              return jobs;
            });
  }

  /** The state of a job from the list that is never old, or nothing when Flink has no such job. */
  Optional<String> state(String job) {
    return get("/jobs/" + job + "/status").map(answer -> answer.required("status").asText());
  }

  /** The savepoints that Flink remembers of a job. */
  List<Savepoint> savepoints(String job) {
    List<Savepoint> savepoints = new ArrayList<>();
    get("/jobs/" + job + "/checkpoints")
        .ifPresent(
            answer -> {
              for (JsonNode checkpoint : answer.required("history")) {
                if (checkpoint.required("is_savepoint").asBoolean()) {
                  savepoints.add(
                      new Savepoint(
                          checkpoint.required("id").asLong(),
                          checkpoint.required("status").asText(),
                          checkpoint.path("external_path").textValue(),
                          Instant.ofEpochMilli(checkpoint.required("trigger_timestamp").asLong()),
                          checkpoint.required("end_to_end_duration").asLong()));
                }
              }
            });
    return savepoints;
  }

  /** Whether of each two savepoints one was complete before the other was begun. */
  boolean savepointsAreApart(String job) {
    List<Savepoint> savepoints =
        savepoints(job).stream().sorted(Comparator.comparing(Savepoint::triggered)).toList();
    for (int next = 1; next < savepoints.size(); next++) {
      Savepoint before = savepoints.get(next - 1);
      if (before.triggered().plusMillis(before.took()).isAfter(savepoints.get(next).triggered())) {
        return false;
      }
    }
    return true;
  }

  /** The path that a job was restored from, or nothing. */
  Optional<String> restoredFrom(String job) {
    return get("/jobs/" + job + "/checkpoints")
        .map(answer -> answer.at("/latest/restored/external_path").textValue());
  }

  /** Whether all tasks of a job run. */
  boolean allTasksRun(String job) {
    return get("/jobs/" + job)
        .filter(
            answer -> {
              boolean all = !answer.required("vertices").isEmpty();
              for (JsonNode vertex : answer.required("vertices")) {
                all &= vertex.required("status").asText().equals("RUNNING");
              }
              return all;
            })
        .isPresent();
  }

  /** Whether a job has completed a checkpoint since it was started. */
  boolean hasCheckpoint(String job) {
    return get("/jobs/" + job + "/checkpoints")
        .filter(answer -> answer.at("/counts/completed").asLong() > 0)
        .isPresent();
  }

  /** A value of the JobManager's configuration. */
  String configuration(String key) {
    for (JsonNode entry : get("/jobmanager/config").orElseThrow()) {
      if (entry.required("key").asText().equals(key)) {
        return entry.required("value").asText();
      }
    }
    throw new AssertionError("the JobManager has no " + key);
  }

  /** How many TaskManagers are known. */
  int taskManagers() {
    return get("/overview").map(answer -> answer.required("taskmanagers").asInt()).orElse(0);
  }

  private Optional<JsonNode> get(String path) {
    HttpRequest request =
        HttpRequest.newBuilder(address.resolve(path)).timeout(Duration.ofSeconds(5)).build();
    try {
      HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
      return response.statusCode() == 200
          ? Optional.of(json.readTree(response.body()))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
