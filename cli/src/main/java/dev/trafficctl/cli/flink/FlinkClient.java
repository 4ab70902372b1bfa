package dev.trafficctl.cli.flink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trafficctl.cli.CommandException;
import dev.trafficctl.cli.ExitCode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.Request;
import okhttp3.RequestBody;

/**
 * The endpoints of Flink's REST API that the commands use, one method each.
 *
 * <p>Every method throws {@link FlinkUnreachableException} when no answer comes and {@link
 * FlinkErrorException} when Flink answers with an error.
 *
 * @see <a href="https://nightlies.apache.org/flink/flink-docs-release-2.2/docs/ops/rest_api/">REST
 *     API</a>
 */
public final class FlinkClient {
  private static final MediaType JSON = MediaType.get("application/json");
  private static final MediaType JAR = MediaType.get("application/java-archive");
  private static final Duration READ = Duration.ofSeconds(10);
  private static final Duration UPLOAD = Duration.ofMinutes(5);
  // The job's main() runs meanwhile and gives up on Kafka and Postgres after some 20 s.
  private static final Duration SUBMIT = Duration.ofSeconds(60);

  private final FlinkHttp http;

  private FlinkClient(HttpUrl base) {
    this.http = new FlinkHttp(base);
  }

  /**
   * A client of the Flink at an address such as {@code http://127.0.0.1:8081}.
   *
   * @throws CommandException when that is no such address
   */
  public static FlinkClient at(String address) {
    HttpUrl url = HttpUrl.parse(address);
    if (url == null || url.querySize() > 0 || url.fragment() != null) {
      throw new CommandException(
          ExitCode.USAGE,
          "'" + address + "' is not the address of a Flink; give for example http://host:8081");
    }
    return new FlinkClient(url);
  }

  /** The address as it is shown to users. */
  public String address() {
    return http.base().toString();
  }

  /** {@code GET /overview}: how many TaskManagers and slots there are. */
  public Overview overview() {
    JsonNode body = get(http.base().newBuilder().addPathSegment("overview"));
    return new Overview(
        body.path("taskmanagers").asInt(),
        body.path("slots-total").asInt(),
        body.path("slots-available").asInt(),
        body.path("flink-version").asText());
  }

  /**
   * {@code POST /jars/upload}.
   *
   * @return the id that the jar has until it is deleted or the JobManager restarts
   */
  public String uploadJar(Path jar) {
    RequestBody body =
        new MultipartBody.Builder()
            .setType(MultipartBody.FORM)
            .addFormDataPart(
                "jarfile", jar.getFileName().toString(), RequestBody.create(jar.toFile(), JAR))
            .build();
    HttpUrl url = http.base().newBuilder().addPathSegments("jars/upload").build();
    JsonNode answer = http.call(new Request.Builder().url(url).post(body).build(), UPLOAD);
    String path = answer.path("filename").asText();
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /**
   * {@code POST /jars/:id/run}: runs the jar's {@code main} on the JobManager and starts the job
   * that it describes.
   *
   * @param jobId the id that the job gets; Flink refuses an id that it has seen before
   * @param arguments as {@code main} gets them
   */
  public void runJar(String jarId, JobId jobId, int parallelism, List<String> arguments) {
    // Flink ignores fields that it does not know: programArgs would start the job without
    // arguments.
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("jobId", jobId.text()).put("parallelism", parallelism);
    arguments.forEach(body.putArray("programArgsList")::add);
    HttpUrl url = jar(jarId).addPathSegment("run").build();
    RequestBody json = RequestBody.create(body.toString(), JSON);
    http.call(new Request.Builder().url(url).post(json).build(), SUBMIT);
  }

  /** {@code DELETE /jars/:id}; the jobs that were started from it run on. */
  public void deleteJar(String jarId) {
    http.call(new Request.Builder().url(jar(jarId).build()).delete().build(), READ);
  }

  /** {@code GET /jobs/overview}: every job that Flink remembers, ended ones too. */
  public List<JobSummary> jobs() {
    List<JobSummary> jobs = new ArrayList<>();
    JsonNode body = get(http.base().newBuilder().addPathSegments("jobs/overview"));
    for (JsonNode job : body.path("jobs")) {
      jobs.add(
          new JobSummary(
              new JobId(job.path("jid").asText()),
              job.path("name").asText(),
              job.path("state").asText()));
    }
    return jobs;
  }

  /** {@code GET /jobs/:id}, or nothing when Flink knows no such job. */
  public Optional<JobDetails> job(JobId id) {
    JsonNode body;
    try {
      body = get(job(id.text()));
    } catch (FlinkErrorException e) {
      if (e.status() == 404) {
        return Optional.empty();
      }
      throw e;
    }
    List<Vertex> vertices = new ArrayList<>();
    for (JsonNode vertex : body.path("vertices")) {
      vertices.add(
          new Vertex(
              vertex.path("id").asText(),
              vertex.path("name").asText(),
              vertex.path("parallelism").asInt(),
              vertex.path("tasks").path("RUNNING").asInt()));
    }
    return Optional.of(
        new JobDetails(id, body.path("name").asText(), body.path("state").asText(), vertices));
  }

  /**
   * {@code GET /jobs/:id/vertices/:vid}: since when all tasks of a vertex run, or nothing when they
   * do not.
   */
  public Optional<Instant> runningSince(JobId id, Vertex vertex) {
    JsonNode body = get(vertex(id, vertex));
    List<Instant> since = new ArrayList<>();
    for (JsonNode subtask : body.path("subtasks")) {
      if (!subtask.path("status").asText().equals("RUNNING")) {
        return Optional.empty();
      }
      // The start time is that of the state DEPLOYING, and -1 stands for a state never entered.
      JsonNode spent = subtask.path("status-duration");
      long before =
          Math.max(0, spent.path("DEPLOYING").asLong())
              + Math.max(0, spent.path("INITIALIZING").asLong());
      since.add(Instant.ofEpochMilli(subtask.path("start-time").asLong() + before));
    }
    return since.stream().max(Comparator.naturalOrder());
  }

  /**
   * {@code GET /jobs/:id/vertices/:vid/subtasks/metrics}: the sums, over all subtasks, of those
   * metrics whose name is wanted. Names are as {@code filter.read}: operator, then metric. Flink
   * renews them every {@code metrics.fetcher.update-interval}, 10 s by default.
   */
  public Map<String, Long> metrics(JobId id, Vertex vertex, Predicate<String> wanted) {
    List<String> names = new ArrayList<>();
    for (JsonNode metric : get(vertex(id, vertex).addPathSegments("subtasks/metrics"))) {
      String name = metric.path("id").asText();
      if (wanted.test(name)) {
        names.add(name);
      }
    }
    Map<String, Long> sums = new TreeMap<>();
    if (!names.isEmpty()) {
      HttpUrl.Builder url =
          vertex(id, vertex)
              .addPathSegments("subtasks/metrics")
              .addQueryParameter("get", String.join(",", names))
              .addQueryParameter("agg", "sum");
      for (JsonNode metric : get(url)) {
        sums.put(metric.path("id").asText(), Math.round(metric.path("sum").asDouble()));
      }
    }
    return sums;
  }

  /** What the traffic job has counted, of all its vertices together. */
  public JobCounters counters(JobDetails job) {
    Map<String, Long> all = new TreeMap<>();
    for (Vertex vertex : job.vertices()) {
      metrics(job.id(), vertex, JobCounters::isOne)
          .forEach((name, sum) -> all.merge(name, sum, Long::sum));
    }
    return JobCounters.of(all);
  }

  /** {@code GET /jobs/:id/exceptions}: what the job's newest failure was caused by. */
  public Optional<String> failureCause(JobId id) {
    JsonNode entries =
        get(job(id.text()).addPathSegment("exceptions")).path("exceptionHistory").path("entries");
    return ServerError.of(entries.path(0).path("stacktrace").asText()).map(ServerError.Cause::text);
  }

  /** {@code PATCH /jobs/:id?mode=cancel}: asks the job to end; it has not ended yet afterwards. */
  public void cancel(JobId id) {
    HttpUrl url = job(id.text()).addQueryParameter("mode", "cancel").build();
    RequestBody empty = RequestBody.create(new byte[0], JSON);
    http.call(new Request.Builder().url(url).patch(empty).build(), READ);
  }

  private JsonNode get(HttpUrl.Builder url) {
    return http.call(new Request.Builder().url(url.build()).build(), READ);
  }

  private HttpUrl.Builder jar(String jarId) {
    return http.base().newBuilder().addPathSegment("jars").addPathSegment(jarId);
  }

  private HttpUrl.Builder job(String id) {
    return http.base().newBuilder().addPathSegment("jobs").addPathSegment(id);
  }

  private HttpUrl.Builder vertex(JobId id, Vertex vertex) {
    return job(id.text()).addPathSegment("vertices").addPathSegment(vertex.id());
  }
}
