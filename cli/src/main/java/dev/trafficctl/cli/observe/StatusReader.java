package dev.trafficctl.cli.observe;

import static dev.trafficctl.cli.flink.Question.answer;
import static dev.trafficctl.cli.flink.Question.ask;

import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.flink.CheckpointConfig;
import dev.trafficctl.cli.flink.Checkpoints;
import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.FlinkErrorException;
import dev.trafficctl.cli.flink.JobConfig;
import dev.trafficctl.cli.flink.JobDetails;
import dev.trafficctl.cli.flink.JobFailure;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.flink.LastMinute;
import dev.trafficctl.cli.flink.Overview;
import dev.trafficctl.cli.flink.ParallelismBounds;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.process.Sleeper;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/** Reads what Flink tells of a job, with all questions at once. */
public final class StatusReader {
  // Values of Flink's options.
  private static final String ADAPTIVE = "adaptive";
  private static final String REACTIVE = "reactive";

  /** One alone is a failure; two tell whether it is over. */
  private static final int FAILURES = 2;

  /**
   * More than {@code metrics.fetcher.update-interval}, 10 s by default, and a clock that is off.
   */
  private static final Duration FRESH = Duration.ofSeconds(30);

  private static final Duration TOO_OLD = Duration.ofMinutes(5);

  /** Within which a JobManager has asked its TaskManagers, as a rule. */
  private static final Duration GATHERING = Duration.ofMillis(300);

  private final Cluster cluster;
  private final FlinkClient flink;
  private final Clock clock;
  private final Sleeper sleeper;

  /** With the cluster that the job runs on. */
  public StatusReader(Cluster cluster, Clock clock, Sleeper sleeper) {
    this.cluster = cluster;
    this.flink = cluster.flink();
    this.clock = clock;
    this.sleeper = sleeper;
  }

  /**
   * The status of a job that Flink knows, ended or not.
   *
   * @throws CommandException when Flink cannot be asked, or has forgotten the job
   */
  public JobStatus read(JobId id) {
    CompletableFuture<Checkpoints> checkpoints = ask(() -> flink.checkpoints(id).orElse(null));
    CompletableFuture<CheckpointConfig> checkpointConfig = ask(() -> checkpointConfig(id));
    CompletableFuture<JobConfig> config = ask(() -> flink.jobConfig(id).orElse(null));
    CompletableFuture<OptionalInt> requested = ask(() -> requestedParallelism(id));
    CompletableFuture<OptionalLong> restarts = ask(() -> flink.metrics().restarts(id));
    CompletableFuture<List<JobFailure>> failures = ask(() -> flink.failures(id, FAILURES));
    CompletableFuture<Overview> overview = ask(flink::overview);
    JobDetails job = flink.job(id).orElseThrow(() -> gone(id));
    JobConfig configured = answer(config);
    OptionalInt wanted = answer(requested);
    if (wanted.isEmpty() && configured != null) {
      wanted = OptionalInt.of(configured.parallelism());
    }
    return new JobStatus(
        job,
        answer(checkpoints),
        answer(checkpointConfig),
        configured,
        wanted,
        answer(restarts),
        answer(failures),
        answer(overview),
        job.ended() ? null : lastMinute(job).orElse(null));
  }

  /**
   * Flink begins to gather metrics when it is asked for a job, and until then tells what it
   * gathered for whoever asked before. So it is asked last, and once more if that was long ago.
   */
  private Optional<LastMinute> lastMinute(JobDetails job) {
    Optional<LastMinute> told = flink.metrics().lastMinute(job);
    if (told.isPresent() && isOlder(told.get(), FRESH)) {
      sleeper.pause(GATHERING);
      told = flink.metrics().lastMinute(job);
    }
    return told.filter(minute -> !isOlder(minute, TOO_OLD));
  }

  private boolean isOlder(LastMinute minute, Duration age) {
    return minute.at().plus(age).isBefore(clock.instant());
  }

  private CheckpointConfig checkpointConfig(JobId id) {
    try {
      return flink.checkpointConfig(id);
    } catch (FlinkErrorException e) {
      if (e.status() == 404) {
        return null;
      }
      throw e;
    }
  }

  /**
   * What the adaptive scheduler was asked for last. No other scheduler is asked: it would write the
   * question into the JobManager's log as an error.
   */
  private OptionalInt requestedParallelism(JobId id) {
    try {
      Map<String, String> options = flink.clusterConfig();
      boolean adaptive =
          ADAPTIVE.equalsIgnoreCase(options.get("jobmanager.scheduler"))
              || REACTIVE.equalsIgnoreCase(options.get("scheduler-mode"));
      return adaptive
          ? flink.parallelismBounds(id).orElse(Map.of()).values().stream()
              .mapToInt(ParallelismBounds::upper)
              .max()
          : OptionalInt.empty();
    } catch (FlinkErrorException e) {
      // Such as for a job that has ended; how it was configured is known then.
      return OptionalInt.empty();
    }
  }

  private CommandException gone(JobId id) {
    return new CommandException(
        ExitCode.FAILED,
        "Flink has just forgotten the job " + id + "; see: " + cluster.next().allJobs());
  }
}
