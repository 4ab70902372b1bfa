package dev.trafficctl.cli.flink;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trafficctl.cli.process.CommandException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

  // Flink's server takes no request line of more than 4,096 characters.
  private static final int LONGEST_QUERY = 3_500;

  // The words of StopWithSavepointStoppingException.
  private static final Pattern SAVEPOINT_OF_FAILED_STOP =
      Pattern.compile("savepoint has been created at: (.+?), but the corresponding job ");

  private final FlinkHttp http;

  private FlinkClient(FlinkHttp http) {
    this.http = http;
  }

  /**
   * A client of the Flink at an address such as {@code http://127.0.0.1:8081}.
   *
   * @throws CommandException when that is no such address
   */
  public static FlinkClient at(String address) {
    return of(FlinkConnection.to(address));
  }

  /**
   * A client of the Flink that a connection leads to; nothing is sent yet.
   *
   * @throws CommandException when a file with certificates cannot be used
   */
  public static FlinkClient of(FlinkConnection connection) {
    return new FlinkClient(new FlinkHttp(connection));
  }

  /** The address as it is shown to users. */
  public String address() {
    return http.base().toString();
  }

  /** {@code GET /overview}: how many TaskManagers and slots there are. */
  public Overview overview() {
    Body body = get(path("overview"));
    return new Overview(
        body.count("taskmanagers"),
        body.count("slots-total"),
        body.count("slots-available"),
        body.text("flink-version"));
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
    HttpUrl url = path("jars/upload").build();
    Request request = new Request.Builder().url(url).post(body).build();
    String path = Body.object(http, http.call(request, UPLOAD)).text("filename");
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /**
   * {@code POST /jars/:id/run}: runs the jar's {@code main} on the JobManager and starts the job
   * that it describes.
   */
  public void runJar(String jarId, StartRequest start) {
    ObjectNode body =
        main(start.parallelism(), start.arguments(), start.configuration())
            .put("jobId", start.jobId().text());
    if (start.restorePath() != null) {
      body.put("savepointPath", start.restorePath())
          .put("claimMode", "NO_CLAIM")
          .put("allowNonRestoredState", start.allowNonRestoredState());
    }
    post(jar(jarId).addPathSegment("run"), body, SUBMIT);
  }

  /**
   * {@code POST /jars/:id/plan}: runs the jar's {@code main} on the JobManager up to the point
   * where it would start the job, and starts nothing.
   *
   * @param parallelism from 1
   * @param arguments as {@code main} gets them
   * @param configuration options of Flink, as {@code main} sees them
   */
  public void planJar(
      String jarId, int parallelism, List<String> arguments, Map<String, String> configuration) {
    post(jar(jarId).addPathSegment("plan"), main(parallelism, arguments, configuration), SUBMIT);
  }

  /**
   * How a jar's {@code main} is called. Flink ignores fields that it does not know: programArgs
   * would call it without arguments.
   */
  private static ObjectNode main(
      int parallelism, List<String> arguments, Map<String, String> configuration) {
    ObjectNode body = object().put("parallelism", parallelism);
    arguments.forEach(body.putArray("programArgsList")::add);
    if (!configuration.isEmpty()) {
      configuration.forEach(body.putObject("flinkConfiguration")::put);
    }
    return body;
  }

  /** {@code DELETE /jars/:id}; the jobs that were started from it run on. */
  public void deleteJar(String jarId) {
    http.call(new Request.Builder().url(jar(jarId).build()).delete().build(), READ);
  }

  /** {@code GET /jobs/overview}: every job that Flink remembers, ended ones too. */
  public List<JobSummary> jobs() {
    List<JobSummary> jobs = new ArrayList<>();
    for (Body job : get(path("jobs/overview")).list("jobs")) {
      Body tasks = job.at("tasks");
      jobs.add(
          new JobSummary(
              job.jobId("jid"),
              job.text("name"),
              job.text("state"),
              job.time("start-time"),
              job.time("last-modification"),
              tasks.count("total"),
              tasks.count("running")));
    }
    return jobs;
  }

  /** {@code GET /jobs/:id}, or nothing when Flink knows no such job. */
  public Optional<JobDetails> job(JobId id) {
    return find(job(id.text())).map(body -> details(id, body));
  }

  private static JobDetails details(JobId id, Body body) {
    List<Vertex> vertices = new ArrayList<>();
    for (Body vertex : body.list("vertices")) {
      vertices.add(
          new Vertex(
              vertex.text("id"),
              vertex.text("name"),
              vertex.count("parallelism"),
              vertex.at("tasks").count("RUNNING")));
    }
    return new JobDetails(
        id,
        body.text("name"),
        body.text("state"),
        body.time("start-time"),
        body.at("timestamps").times(),
        body.count("maxParallelism"),
        vertices,
        body.time("now"));
  }

  /**
   * {@code GET /jobs/:id/status}: Flink's word for the job's state, such as {@code RUNNING}, or
   * nothing when Flink knows no such job. Unlike what else it tells of a job this comes from no
   * cache.
   */
  public Optional<String> jobState(JobId id) {
    try {
      return find(job(id.text()).addPathSegment("status")).map(body -> body.text("status"));
    } catch (FlinkErrorException e) {
      // This one endpoint answers 500 where the others answer 404.
      if (e.getMessage().contains("Could not find Flink job")) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * {@code GET /jobs/:id/config}, or nothing when Flink knows no such job, or one that failed
   * before it had a configuration.
   */
  public Optional<JobConfig> jobConfig(JobId id) {
    return find(job(id.text()).addPathSegment("config"))
        .flatMap(body -> body.find("execution-config"))
        .map(
            config ->
                new JobConfig(config.count("job-parallelism"), config.at("user-config").texts()));
  }

  /** {@code GET /jobs/:id/checkpoints}, or nothing when Flink knows no such job. */
  public Optional<Checkpoints> checkpoints(JobId id) {
    return find(job(id.text()).addPathSegment("checkpoints")).map(CheckpointsReader::read);
  }

  /** {@code GET /jobs/:id/checkpoints/config}. */
  public CheckpointConfig checkpointConfig(JobId id) {
    Body body = get(job(id.text()).addPathSegments("checkpoints/config"));
    Body kept = body.at("externalization");
    boolean retained = kept.flag("enabled");
    return new CheckpointConfig(
        Duration.ofMillis(body.number("interval")),
        Duration.ofMillis(body.number("timeout")),
        retained,
        retained && !kept.flag("delete_on_cancellation"));
  }

  /**
   * {@code POST /jobs/:id/savepoints}: triggers a savepoint; under a trigger id that Flink knows
   * already, nothing happens.
   *
   * @param directory where it goes, or null for the cluster's {@code
   *     execution.checkpointing.savepoint-dir}
   */
  public void triggerSavepoint(
      JobId id, TriggerId trigger, String directory, SavepointFormat format) {
    ObjectNode body =
        object()
            .put("triggerId", trigger.text())
            .put("cancel-job", false)
            .put("formatType", format.name());
    if (directory != null) {
      body.put("target-directory", directory);
    }
    post(job(id.text()).addPathSegment("savepoints"), body, READ);
  }

  /**
   * {@code POST /jobs/:id/stop}: triggers stop-with-savepoint (FLIP-34); under a trigger id that
   * Flink knows already, nothing happens.
   *
   * @param directory where the savepoint goes, or null for the cluster's {@code
   *     execution.checkpointing.savepoint-dir}
   * @param drain whether the end of time is declared first, after which the job cannot go on from
   *     the savepoint as if nothing had happened
   */
  public void triggerStop(JobId id, TriggerId trigger, String directory, boolean drain) {
    // The directory is spelled otherwise here than for savepoints.
    ObjectNode body = object().put("triggerId", trigger.text()).put("drain", drain);
    if (directory != null) {
      body.put("targetDirectory", directory);
    }
    post(job(id.text()).addPathSegment("stop"), body, READ);
  }

  /**
   * {@code GET /jobs/:id/savepoints/:triggerid}: what has become of a savepoint or of a
   * stop-with-savepoint.
   */
  public AsyncResult savepointResult(JobId id, TriggerId trigger) {
    return result(
        job(id.text()).addPathSegment("savepoints").addPathSegment(trigger.text()), "location");
  }

  /** {@code POST /jobs/:id/checkpoints}: triggers a checkpoint. */
  public void triggerCheckpoint(JobId id, TriggerId trigger) {
    ObjectNode body = object().put("triggerId", trigger.text()).put("checkpointType", "FULL");
    post(job(id.text()).addPathSegment("checkpoints"), body, READ);
  }

  /** {@code GET /jobs/:id/checkpoints/:triggerid}: the result is the number of the checkpoint. */
  public AsyncResult checkpointResult(JobId id, TriggerId trigger) {
    return result(
        job(id.text()).addPathSegment("checkpoints").addPathSegment(trigger.text()),
        "checkpointId");
  }

  /**
   * {@code POST /savepoint-disposal}: asks for a savepoint to be deleted. Flink chooses the id
   * itself, so that every question is a new one.
   *
   * @return the id under which Flink tells what has become of it
   */
  public TriggerId triggerDisposal(String path) {
    Body answer = post(path("savepoint-disposal"), object().put("savepoint-path", path), READ);
    return answer.triggerId("request-id");
  }

  /** {@code GET /savepoint-disposal/:triggerid}. */
  public AsyncResult disposalResult(TriggerId trigger) {
    return result(path("savepoint-disposal").addPathSegment(trigger.text()), "none");
  }

  /**
   * {@code GET /jobs/:id/resource-requirements}: by the vertex's id, or nothing when the job's
   * scheduler cannot change its parallelism while it runs; only the adaptive one can.
   */
  public Optional<Map<String, ParallelismBounds>> parallelismBounds(JobId id) {
    try {
      Map<String, ParallelismBounds> bounds = new TreeMap<>();
      get(job(id.text()).addPathSegment("resource-requirements"))
          .objects()
          .forEach(
              (vertex, requirement) -> {
                Body parallelism = requirement.at("parallelism");
                bounds.put(
                    vertex,
                    new ParallelismBounds(
                        parallelism.count("lowerBound"), parallelism.count("upperBound")));
              });
      return Optional.of(bounds);
    } catch (FlinkErrorException e) {
      if (e.getMessage().contains("UnsupportedOperationException")) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** {@code PUT /jobs/:id/resource-requirements}: asks for another parallelism of each vertex. */
  public void requireParallelism(JobId id, Map<String, ParallelismBounds> bounds) {
    ObjectNode body = object();
    bounds.forEach(
        (vertex, wanted) ->
            body.putObject(vertex)
                .putObject("parallelism")
                .put("lowerBound", wanted.lower())
                .put("upperBound", wanted.upper()));
    HttpUrl url = job(id.text()).addPathSegment("resource-requirements").build();
    http.call(
        new Request.Builder().url(url).put(RequestBody.create(body.toString(), JSON)).build(),
        READ);
  }

  /** {@code GET /jobs/:id/exceptions}: the newest 20 at most, the newest first. */
  public List<JobFailure> failures(JobId id) {
    return failures(id, 20);
  }

  /**
   * {@code GET /jobs/:id/exceptions}: the newest first. Flink remembers {@code
   * web.exception-history-size} of them, 16 by default.
   *
   * @param most how many at most, from 1
   */
  public List<JobFailure> failures(JobId id, int most) {
    List<JobFailure> failures = new ArrayList<>();
    HttpUrl.Builder url =
        job(id.text())
            .addPathSegment("exceptions")
            .addQueryParameter("maxExceptions", Integer.toString(most));
    for (Body entry : get(url).at("exceptionHistory").list("entries")) {
      String trace = entry.trace("stacktrace");
      failures.add(
          new JobFailure(
              entry.time("timestamp"),
              ServerError.of(trace).map(ServerError.Cause::text).orElse(trace),
              entry.optionalText("taskName").orElse(null),
              entry.optionalText("taskManagerId").orElse(null),
              trace));
    }
    return failures;
  }

  /**
   * {@code GET /jobs/:id/vertices/:vid/backpressure}: the first question after a while only makes
   * Flink begin to measure.
   */
  public Backpressure backpressure(JobId id, Vertex vertex) {
    Body body = get(vertex(id, vertex).addPathSegment("backpressure"));
    List<Backpressure.Subtask> subtasks = new ArrayList<>();
    boolean known = body.text("status").equals("ok");
    if (known) {
      for (Body each : body.list("subtasks")) {
        Backpressure.Subtask subtask = subtask(each);
        subtasks.add(subtask);
        known &= !Double.isNaN(subtask.backpressured());
      }
    }
    return new Backpressure(known, known ? body.text("backpressureLevel") : null, subtasks);
  }

  private static Backpressure.Subtask subtask(Body body) {
    int number = body.count("subtask");
    double backpressured = body.share("ratio");
    double idle = body.share("idleRatio");
    double busy = body.share("busyRatio");
    // Flink says 0 for each of what it has not measured yet, although they add up to 1.
    boolean measured = backpressured + idle + busy != 0;
    return measured
        ? new Backpressure.Subtask(number, backpressured, idle, busy)
        : new Backpressure.Subtask(number, Double.NaN, Double.NaN, Double.NaN);
  }

  /** {@code GET /taskmanagers}. */
  public List<TaskManager> taskManagers() {
    List<TaskManager> found = new ArrayList<>();
    for (Body each : get(path("taskmanagers")).list("taskmanagers")) {
      found.add(
          new TaskManager(
              each.text("id"),
              each.count("slotsNumber"),
              each.count("freeSlots"),
              each.time("timeSinceLastHeartbeat")));
    }
    return found;
  }

  /**
   * {@code GET /taskmanagers/:id} of each: the job of each slot that Flink has given away. A job
   * can have more than its tasks use, and one that has ended or is gone can have some too, for
   * Flink takes slots back only after a while.
   */
  public List<JobId> slotOwners() {
    List<JobId> owners = new ArrayList<>();
    for (TaskManager each : taskManagers()) {
      Optional<Body> details = find(path("taskmanagers").addPathSegment(each.id()));
      if (details.isPresent()) {
        for (Body slot : details.get().list("allocatedSlots")) {
          owners.add(slot.jobId("jobId"));
        }
      }
    }
    return owners;
  }

  /**
   * {@code GET /jobs/:id/vertices/:vid/taskmanagers}: the ids of the TaskManagers that a vertex
   * runs on, or ran on last.
   */
  public Set<String> taskManagersOf(JobId id, Vertex vertex) {
    Set<String> ids = new TreeSet<>();
    for (Body each : get(vertex(id, vertex).addPathSegment("taskmanagers")).list("taskmanagers")) {
      // Flink's words for a task that has no TaskManager.
      each.optionalText("taskmanager-id")
          .filter(found -> !found.startsWith("("))
          .ifPresent(ids::add);
    }
    return ids;
  }

  /**
   * {@code GET /jobmanager/log}, or {@code GET /jobmanager/logs/:name}.
   *
   * @param file the name of one of its log files, or null for its own log
   * @param lines how many of the last lines, from 1
   * @param timeout for all of the log, which Flink sends from its beginning
   */
  public LogTail jobManagerLog(String file, int lines, Duration timeout) {
    return log(path("jobmanager"), file, lines, timeout);
  }

  /**
   * {@code GET /taskmanagers/:id/log}, or {@code GET /taskmanagers/:id/logs/:name}.
   *
   * @param taskManager its id
   * @param file the name of one of its log files, or null for its own log
   * @param lines how many of the last lines, from 1
   * @param timeout for all of the log, which Flink sends from its beginning
   */
  public LogTail taskManagerLog(String taskManager, String file, int lines, Duration timeout) {
    return log(path("taskmanagers").addPathSegment(taskManager), file, lines, timeout);
  }

  private LogTail log(HttpUrl.Builder of, String file, int lines, Duration timeout) {
    HttpUrl.Builder url =
        file == null ? of.addPathSegment("log") : of.addPathSegment("logs").addPathSegment(file);
    return http.tail(new Request.Builder().url(url.build()).build(), lines, timeout);
  }

  /** {@code GET /jobmanager/config}: the options of the cluster that are set, secrets hidden. */
  public Map<String, String> clusterConfig() {
    Map<String, String> options = new TreeMap<>();
    for (Body option : list(path("jobmanager/config"))) {
      options.put(option.text("key"), option.text("value"));
    }
    return options;
  }

  /**
   * {@code GET /jobs/:id/vertices/:vid}: since when all tasks of a vertex run, or nothing when they
   * do not.
   */
  public Optional<Instant> runningSince(JobId id, Vertex vertex) {
    List<Instant> since = new ArrayList<>();
    for (Body subtask : get(vertex(id, vertex)).list("subtasks")) {
      if (!subtask.text("status").equals("RUNNING")) {
        return Optional.empty();
      }
      // The start time is that of the state DEPLOYING, and -1 stands for a state never entered.
      Body spent = subtask.at("status-duration");
      long before =
          Math.max(0, spent.number("DEPLOYING")) + Math.max(0, spent.number("INITIALIZING"));
      since.add(subtask.time("start-time").plusMillis(before));
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
    for (Body metric : list(vertex(id, vertex).addPathSegments("subtasks/metrics"))) {
      String name = metric.text("id");
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
      for (Body metric : list(url)) {
        sums.put(metric.text("id"), Math.round(metric.share("sum")));
      }
    }
    return sums;
  }

  /**
   * {@code GET /jobs/:id/vertices/:vid/metrics}: the names of those metrics of the source, as
   * {@code subtask.operator.metric}, that tell of a topic. Flink begins to look for them, and for
   * their values, when it is asked; a question some 100 ms later finds what is new.
   */
  public List<String> sourceMetricNames(JobId id, Vertex vertex, String topic) {
    List<String> names = new ArrayList<>();
    for (Body metric : list(vertex(id, vertex).addPathSegment("metrics"))) {
      String name = metric.text("id");
      if (SourceMetrics.isOne(name, topic)) {
        names.add(name);
      }
    }
    return names;
  }

  /** {@code GET /jobs/:id/vertices/:vid/metrics?get=...}: the values of metrics of the source. */
  public SourceMetrics sourceMetrics(JobId id, Vertex vertex, List<String> names) {
    Map<String, String> values = new TreeMap<>();
    int from = 0;
    while (from < names.size()) {
      int length = 0;
      int to = from;
      while (to < names.size() && (to == from || length + names.get(to).length() < LONGEST_QUERY)) {
        // A comma is three characters in a URL.
        length += names.get(to).length() + 3;
        to++;
      }
      HttpUrl.Builder url =
          vertex(id, vertex)
              .addPathSegment("metrics")
              .addQueryParameter("get", String.join(",", names.subList(from, to)));
      for (Body metric : list(url)) {
        metric.optionalText("value").ifPresent(value -> values.put(metric.text("id"), value));
      }
      from = to;
    }
    return SourceMetrics.of(values);
  }

  /**
   * {@code GET /jobs/:id/metrics?get=numRestarts}: how often the job was restarted by Flink since
   * it was started on this JobManager, or nothing while Flink does not know: it begins to look
   * after the first question, and renews the number every {@code metrics.fetcher.update-interval}.
   */
  public OptionalLong restarts(JobId id) {
    HttpUrl.Builder url =
        job(id.text()).addPathSegment("metrics").addQueryParameter("get", "numRestarts");
    for (Body metric : list(url)) {
      String value = metric.optionalText("value").orElse("");
      if (metric.text("id").equals("numRestarts") && value.matches("\\d{1,18}")) {
        return OptionalLong.of(Long.parseLong(value));
      }
    }
    return OptionalLong.empty();
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

  /**
   * What became of the last minute's events: one question {@code GET
   * /jobs/:id/vertices/:vid/subtasks/metrics?get=...} for each vertex that holds the filter or the
   * writer, at once. Flink answers with what it gathered last.
   *
   * @return nothing if the job does not measure it, or Flink does not tell yet
   */
  public Optional<LastMinute> lastMinute(JobDetails job) {
    List<CompletableFuture<List<Body>>> answers =
        job.vertices().stream()
            .filter(vertex -> vertex.name().contains("filter") || vertex.name().contains("write"))
            .map(vertex -> Question.ask(() -> rates(job.id(), vertex)))
            .toList();
    Map<String, Double> sums = new TreeMap<>();
    Map<String, Double> highest = new TreeMap<>();
    for (CompletableFuture<List<Body>> answer : answers) {
      for (Body metric : Question.answer(answer)) {
        sums.merge(metric.text("id"), metric.share("sum"), Double::sum);
        highest.merge(metric.text("id"), metric.share("max"), Math::max);
      }
    }
    return LastMinute.of(sums, highest);
  }

  private List<Body> rates(JobId id, Vertex vertex) {
    try {
      return list(
          vertex(id, vertex)
              .addPathSegments("subtasks/metrics")
              .addQueryParameter("get", String.join(",", LastMinute.names()))
              .addQueryParameter("agg", "sum,max"));
    } catch (FlinkErrorException e) {
      if (e.status() == 404) {
        return List.of();
      }
      throw e;
    }
  }

  /** {@code PATCH /jobs/:id?mode=cancel}: asks the job to end; it has not ended yet afterwards. */
  public void cancel(JobId id) {
    HttpUrl url = job(id.text()).addQueryParameter("mode", "cancel").build();
    RequestBody empty = RequestBody.create(new byte[0], JSON);
    http.call(new Request.Builder().url(url).patch(empty).build(), READ);
  }

  private AsyncResult result(HttpUrl.Builder url, String field) {
    Optional<Body> body = find(url);
    if (body.isEmpty()) {
      return new AsyncResult.Missing();
    }
    String status = body.get().at("status").text("id");
    if (status.equals("IN_PROGRESS")) {
      return new AsyncResult.InProgress();
    }
    Body operation = body.get().at("operation");
    Optional<Body> failure = operation.find("failure-cause");
    if (failure.isEmpty()) {
      return new AsyncResult.Completed(operation.scalar(field).orElse(""));
    }
    String trace = failure.get().optionalTrace("stack-trace").orElse("");
    Matcher savepoint = SAVEPOINT_OF_FAILED_STOP.matcher(trace);
    return new AsyncResult.Failed(
        ServerError.of(trace).map(ServerError.Cause::text).orElse("Flink does not say why"),
        savepoint.find() ? savepoint.group(1) : null);
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  private Body post(HttpUrl.Builder url, ObjectNode body, Duration timeout) {
    RequestBody json = RequestBody.create(body.toString(), JSON);
    Request request = new Request.Builder().url(url.build()).post(json).build();
    return Body.object(http, http.call(request, timeout));
  }

  private Body get(HttpUrl.Builder url) {
    return Body.object(http, http.call(new Request.Builder().url(url.build()).build(), READ));
  }

  private List<Body> list(HttpUrl.Builder url) {
    return Body.array(http, http.call(new Request.Builder().url(url.build()).build(), READ));
  }

  /** The answer, or nothing when Flink says that there is no such thing. */
  private Optional<Body> find(HttpUrl.Builder url) {
    try {
      return Optional.of(get(url));
    } catch (FlinkErrorException e) {
      if (e.status() == 404) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private HttpUrl.Builder path(String segments) {
    return http.base().newBuilder().addPathSegments(segments);
  }

  private HttpUrl.Builder jar(String jarId) {
    return path("jars").addPathSegment(jarId);
  }

  private HttpUrl.Builder job(String id) {
    return path("jobs").addPathSegment(id);
  }

  private HttpUrl.Builder vertex(JobId id, Vertex vertex) {
    return job(id.text()).addPathSegment("vertices").addPathSegment(vertex.id());
  }
}
