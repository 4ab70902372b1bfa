package dev.trafficctl.cli.observe;

import dev.trafficctl.cli.flink.Checkpoint;
import dev.trafficctl.cli.flink.CheckpointConfig;
import dev.trafficctl.cli.flink.Checkpoints;
import dev.trafficctl.cli.flink.JobConfig;
import dev.trafficctl.cli.flink.JobDetails;
import dev.trafficctl.cli.flink.JobFailure;
import dev.trafficctl.cli.flink.LastMinute;
import dev.trafficctl.cli.flink.Overview;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Everything that Flink tells of a job at one moment.
 *
 * @param job the job
 * @param checkpoints its checkpoints, or null if it makes none
 * @param checkpointConfig how it makes them, or null if it makes none
 * @param config how it was configured, or null if Flink does not tell
 * @param wantedParallelism the parallelism that it is to have; empty if Flink does not tell
 * @param restarts how often it was restarted by Flink; empty while Flink does not know
 * @param failures the two newest failures of it or of its tasks, the newest first
 * @param cluster the cluster it runs on
 * @param lastMinute what became of the last minute's events, or null if that is not known
 */
public record JobStatus(
    JobDetails job,
    Checkpoints checkpoints,
    CheckpointConfig checkpointConfig,
    JobConfig config,
    OptionalInt wantedParallelism,
    OptionalLong restarts,
    List<JobFailure> failures,
    Overview cluster,
    LastMinute lastMinute) {

  /** The newest failure, or null if there was none. */
  public JobFailure failure() {
    return failures.isEmpty() ? null : failures.get(0);
  }

  /** When it entered the state that it is in, or null if Flink does not tell. */
  public Instant since() {
    return job.stateSince().get(job.state());
  }

  /** How many tasks it consists of. */
  public int tasks() {
    return job.tasks();
  }

  /** How many of its tasks are in state RUNNING. */
  public int runningTasks() {
    return job.runningTasks();
  }

  /** Whether it makes checkpoints by itself. */
  public boolean checkpointsPeriodically() {
    // Flink's words for no interval are the largest number that there is, or one below 1.
    return checkpointConfig != null
        && checkpointConfig.interval().toMillis() > 0
        && checkpointConfig.interval().compareTo(Duration.ofDays(36_500)) < 0;
  }

  /** The newest completed checkpoint, savepoints included, or null if there is none. */
  public Checkpoint lastCompleted() {
    if (checkpoints == null) {
      return null;
    }
    return Stream.of(checkpoints.latestCompleted(), checkpoints.latestSavepoint())
        .filter(checkpoint -> checkpoint != null)
        .reduce((one, other) -> one.id() > other.id() ? one : other)
        .orElse(null);
  }

  /** When the newest completed checkpoint was complete, or null if there is none. */
  public Instant lastCompletedAt() {
    Checkpoint last = lastCompleted();
    return last == null ? null : last.triggered().plus(last.duration());
  }

  /** How many checkpoints failed since the newest completed one, of those that Flink remembers. */
  public long failedCheckpoints() {
    if (checkpoints == null) {
      return 0;
    }
    Checkpoint last = lastCompleted();
    return checkpoints.history().stream()
        .filter(checkpoint -> checkpoint.status().equals("FAILED") && !checkpoint.savepoint())
        .filter(checkpoint -> last == null || checkpoint.id() > last.id())
        .count();
  }
}
