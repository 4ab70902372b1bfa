package dev.trafficctl.cli.flink;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.NextCommands;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import okhttp3.HttpUrl;
import okhttp3.Request;

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
  private final FlinkHttp http;
  private final RestCalls rest;
  private final JarClient jars;
  private final AsyncOperations asyncOperations;
  private final MetricsClient metrics;

  private FlinkClient(FlinkHttp http) {
    this.http = http;
    this.rest = new RestCalls(http);
    this.jars = new JarClient(rest);
    this.asyncOperations = new AsyncOperations(rest);
    this.metrics = new MetricsClient(rest);
  }

  /**
   * A client of the Flink at an address such as {@code http://127.0.0.1:8081}.
   *
   * @param next what is recommended when it cannot be asked
   * @throws CommandException when that is no such address
   */
  public static FlinkClient at(String address, NextCommands next) {
    return of(FlinkConnection.to(address, next), next);
  }

  /**
   * A client of the Flink that a connection leads to; nothing is sent yet.
   *
   * @param next what is recommended when it cannot be asked
   * @throws CommandException when a file with certificates cannot be used
   */
  public static FlinkClient of(FlinkConnection connection, NextCommands next) {
    return new FlinkClient(new FlinkHttp(connection, next));
  }

  /** The address as it is shown to users. */
  public String address() {
    return http.base().toString();
  }

  /** The endpoints for jars. */
  public JarClient jars() {
    return jars;
  }

  /** The endpoints for savepoints, checkpoints, and stopping with a savepoint. */
  public AsyncOperations asyncOperations() {
    return asyncOperations;
  }

  /** The endpoints for metrics. */
  public MetricsClient metrics() {
    return metrics;
  }

  /** {@code GET /overview}: how many TaskManagers and slots there are. */
  public Overview overview() {
    Body body = rest.get(rest.path("overview"));
    return new Overview(
        body.count("taskmanagers"),
        body.count("slots-total"),
        body.count("slots-available"),
        body.text("flink-version"));
  }

  /** {@code GET /jobs/overview}: every job that Flink remembers, ended ones too. */
  public List<JobSummary> jobs() {
    List<JobSummary> jobs = new ArrayList<>();
    for (Body job : rest.get(rest.path("jobs/overview")).list("jobs")) {
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
    return rest.find(rest.job(id.text())).map(body -> details(id, body));
  }

  private static JobDetails details(JobId id, Body body) {
    List<JobVertex> vertices = new ArrayList<>();
    for (Body vertex : body.list("vertices")) {
      vertices.add(
          new JobVertex(
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
      return rest.find(rest.job(id.text()).addPathSegment("status"))
          .map(body -> body.text("status"));
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
    return rest.find(rest.job(id.text()).addPathSegment("config"))
        .flatMap(body -> body.find("execution-config"))
        .map(
            config ->
                new JobConfig(config.count("job-parallelism"), config.at("user-config").texts()));
  }

  /** {@code GET /jobs/:id/checkpoints}, or nothing when Flink knows no such job. */
  public Optional<Checkpoints> checkpoints(JobId id) {
    return rest.find(rest.job(id.text()).addPathSegment("checkpoints"))
        .map(CheckpointsReader::read);
  }

  /** {@code GET /jobs/:id/checkpoints/config}. */
  public CheckpointConfig checkpointConfig(JobId id) {
    Body body = rest.get(rest.job(id.text()).addPathSegments("checkpoints/config"));
    Body kept = body.at("externalization");
    boolean retained = kept.flag("enabled");
    return new CheckpointConfig(
        Duration.ofMillis(body.number("interval")),
        Duration.ofMillis(body.number("timeout")),
        retained,
        retained && !kept.flag("delete_on_cancellation"));
  }

  /**
   * {@code GET /jobs/:id/resource-requirements}: by the vertex's id, or nothing when the job's
   * scheduler cannot change its parallelism while it runs; only the adaptive one can.
   */
  public Optional<Map<String, ParallelismBounds>> parallelismBounds(JobId id) {
    try {
      Map<String, ParallelismBounds> bounds = new TreeMap<>();
      rest.get(rest.job(id.text()).addPathSegment("resource-requirements"))
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
    ObjectNode body = RestCalls.object();
    bounds.forEach(
        (vertex, wanted) ->
            body.putObject(vertex)
                .putObject("parallelism")
                .put("lowerBound", wanted.lower())
                .put("upperBound", wanted.upper()));
    rest.put(rest.job(id.text()).addPathSegment("resource-requirements"), body);
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
        rest.job(id.text())
            .addPathSegment("exceptions")
            .addQueryParameter("maxExceptions", Integer.toString(most));
    for (Body entry : rest.get(url).at("exceptionHistory").list("entries")) {
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
  public Backpressure backpressure(JobId id, JobVertex vertex) {
    Body body = rest.get(rest.vertex(id, vertex).addPathSegment("backpressure"));
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
    for (Body each : rest.get(rest.path("taskmanagers")).list("taskmanagers")) {
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
      Optional<Body> details = rest.find(rest.path("taskmanagers").addPathSegment(each.id()));
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
  public Set<String> taskManagersOf(JobId id, JobVertex vertex) {
    Set<String> ids = new TreeSet<>();
    for (Body each :
        rest.get(rest.vertex(id, vertex).addPathSegment("taskmanagers")).list("taskmanagers")) {
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
    return log(rest.path("jobmanager"), file, lines, timeout);
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
    return log(rest.path("taskmanagers").addPathSegment(taskManager), file, lines, timeout);
  }

  private LogTail log(HttpUrl.Builder of, String file, int lines, Duration timeout) {
    HttpUrl.Builder url =
        file == null ? of.addPathSegment("log") : of.addPathSegment("logs").addPathSegment(file);
    return http.tail(new Request.Builder().url(url.build()).build(), lines, timeout);
  }

  /** {@code GET /jobmanager/config}: the options of the cluster that are set, secrets hidden. */
  public Map<String, String> clusterConfig() {
    Map<String, String> options = new TreeMap<>();
    for (Body option : rest.list(rest.path("jobmanager/config"))) {
      options.put(option.text("key"), option.text("value"));
    }
    return options;
  }

  /**
   * {@code GET /jobs/:id/vertices/:vid}: since when all tasks of a vertex run, or nothing when they
   * do not.
   */
  public Optional<Instant> runningSince(JobId id, JobVertex vertex) {
    List<Instant> since = new ArrayList<>();
    for (Body subtask : rest.get(rest.vertex(id, vertex)).list("subtasks")) {
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

  /** {@code PATCH /jobs/:id?mode=cancel}: asks the job to end; it has not ended yet afterwards. */
  public void cancel(JobId id) {
    rest.patch(rest.job(id.text()).addQueryParameter("mode", "cancel"));
  }
}
