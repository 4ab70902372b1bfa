package dev.trafficctl.cli.operation.savepoint;

import dev.trafficctl.cli.flink.Backpressure;
import dev.trafficctl.cli.flink.Checkpoint;
import dev.trafficctl.cli.flink.Checkpoints;
import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.FlinkErrorException;
import dev.trafficctl.cli.flink.JobDetails;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.flink.JobVertex;
import dev.trafficctl.cli.flink.TriggerId;
import dev.trafficctl.cli.journal.Asked;
import dev.trafficctl.cli.operation.catalogue.Place;
import dev.trafficctl.cli.operation.change.Session;
import dev.trafficctl.cli.operation.change.TrackedOperation;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.state.StateDirectories;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What is known of a job before a savepoint or a checkpoint of it is made, and what speaks against
 * it.
 *
 * @param job the job
 * @param directory where savepoints go; null for a checkpoint
 * @param jobManager what tells this life of the JobManager from the next
 * @param before the number of the newest checkpoint that Flink tells of, or -1
 * @param since what time the JobManager's clock showed
 * @param timeout after what time Flink gives the savepoint up
 * @param warnings what makes it likely that it does
 */
public record SavepointPlan(
    JobSummary job,
    String directory,
    String jobManager,
    long before,
    Instant since,
    Duration timeout,
    List<String> warnings) {
  /** The directory of the web server has a random name, which is new with each JobManager. */
  public static final String JOB_MANAGER_OPTION = "web.tmpdir";

  /** The option for whether the end of event time is declared before a job stops. */
  public static final String DRAIN = "drain";

  /**
   * Looks at the job.
   *
   * @param directory where the savepoint is to go, or null for that of the context or the cluster
   * @throws CommandException when the savepoint could not be made
   */
  public static SavepointPlan of(Session session, JobSummary job, String directory) {
    Map<String, String> cluster = session.flink().clusterConfig();
    return of(session, job, cluster, directory(session, directory, cluster));
  }

  /** The same for a checkpoint, which goes to no directory that can be chosen. */
  static SavepointPlan ofCheckpoint(Session session, JobSummary job) {
    return of(session, job, session.flink().clusterConfig(), null);
  }

  private static SavepointPlan of(
      Session session, JobSummary job, Map<String, String> cluster, String directory) {
    FlinkClient flink = session.flink();
    JobDetails details = new AllTasks(session).look(job.id()).orElseThrow(() -> gone(session, job));
    requireAllTasks(session, details);
    // The first question only makes Flink begin to measure.
    backpressure(session, details);
    Duration timeout = flink.checkpointConfig(job.id()).timeout();
    Checkpoints checkpoints = flink.checkpoints(job.id()).orElseThrow(() -> gone(session, job));
    List<String> warnings = new ArrayList<>(slowness(checkpoints, timeout));
    warnings.addAll(backpressure(session, details));
    return new SavepointPlan(
        job,
        directory,
        cluster.get(JOB_MANAGER_OPTION),
        newest(checkpoints),
        details.asOf(),
        timeout,
        warnings);
  }

  private static CommandException gone(Session session, JobSummary job) {
    return new CommandException(
        ExitCode.FAILED,
        "Flink no longer knows the job "
            + Text.safe(job.name())
            + " ("
            + job.id()
            + "); see: "
            + session.next().jobs());
  }

  private static void requireAllTasks(Session session, JobDetails job) {
    if (!job.allTasksRun()) {
      int running = job.vertices().stream().mapToInt(JobVertex::running).sum();
      int all = job.vertices().stream().mapToInt(JobVertex::parallelism).sum();
      throw new CommandException(
          ExitCode.FAILED,
          "the job %s is %s with %d of %d tasks running; it takes all of them; nothing was asked; see: %s"
              .formatted(
                  Text.safe(job.name()),
                  job.state(),
                  running,
                  all,
                  session.next().status(job.parameter())));
    }
  }

  private static String directory(Session session, String given, Map<String, String> cluster) {
    return Stream.concat(
            Stream.of(given, session.cluster().savepoints()),
            StateDirectories.SAVEPOINT_OPTIONS.stream().map(cluster::get))
        .filter(Objects::nonNull)
        .findFirst()
        .orElseThrow(
            () ->
                new CommandException(
                    ExitCode.FAILED,
                    "there is no directory for savepoints: neither the context nor the cluster"
                        + " ("
                        + StateDirectories.SAVEPOINT_OPTIONS.get(0)
                        + ") has one; give one with --to"));
  }

  static long newest(Checkpoints checkpoints) {
    return checkpoints.all().mapToLong(Checkpoint::id).max().orElse(-1);
  }

  private static List<String> slowness(Checkpoints checkpoints, Duration timeout) {
    List<String> warnings = new ArrayList<>();
    Checkpoint completed = checkpoints.latestCompleted();
    Checkpoint failed = checkpoints.latestFailed();
    if (completed != null && completed.duration().multipliedBy(2).compareTo(timeout) > 0) {
      warnings.add(
          "the last checkpoint took %s, and Flink gives a savepoint up after %s"
              .formatted(Text.age(completed.duration()), Text.age(timeout)));
    }
    if (failed != null && (completed == null || failed.id() > completed.id())) {
      warnings.add(
          "the last checkpoint failed"
              + (failed.failure() == null
                  ? ""
                  : ": " + failed.failure().lines().findFirst().orElse("")));
    }
    return warnings;
  }

  private static List<String> backpressure(Session session, JobDetails job) {
    List<String> warnings = new ArrayList<>();
    for (JobVertex vertex : job.vertices()) {
      try {
        Backpressure backpressure = session.flink().backpressure(job.id(), vertex);
        if (backpressure.known() && "high".equals(backpressure.level())) {
          warnings.add(
              "backpressure is high at "
                  + vertex.name()
                  + ", and a savepoint waits for all events before it: it may take longer than"
                  + " Flink allows; see: "
                  + session.next().backpressure(job.parameter()));
        }
      } catch (FlinkErrorException e) {
        // A warning more or less is no reason not to do what was asked.
      }
    }
    return warnings;
  }

  /** Where it goes and, if that could be misread, on which machine that is. */
  public String shownDirectory(String flinkAddress) {
    return Place.isLocal(directory) && !Place.isHere(flinkAddress)
        ? directory + " (on the machines of the JobManager and the TaskManagers)"
        : directory;
  }

  /** What is written down before it is asked for. */
  Asked asked(Session session, String verb, TriggerId trigger, Map<String, String> more) {
    Map<String, String> options = new TreeMap<>(more);
    options.put(TrackedOperation.TRIGGER, trigger.text());
    options.put(TrackedOperation.BEFORE, Long.toString(before));
    options.put(TrackedOperation.SINCE, since.toString());
    if (directory != null) {
      options.put(TrackedOperation.DIRECTORY, directory);
    }
    if (jobManager != null) {
      options.put(TrackedOperation.JOB_MANAGER, jobManager);
    }
    return new Asked(
        verb,
        session.flink().address(),
        session.cluster().context(),
        job.id(),
        job.name(),
        options);
  }

  /** The options of a request, as they are written down. */
  public static Map<String, String> options(SavepointRequest request) {
    return Map.of(
        "format",
        request.format().name().toLowerCase(Locale.ROOT),
        DRAIN,
        Boolean.toString(request.drain()));
  }
}
