package dev.trafficctl.cli.observe;

import dev.trafficctl.cli.output.Text;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether a job is healthy: it is RUNNING with all its tasks, does not fail again and again, and
 * completes checkpoints, and does not reject too much of what it reads.
 *
 * @param problems what is wrong, a sentence without its end for each; empty if the job is healthy
 */
public record Health(List<String> problems) {
  /**
   * The rule about checkpoints, for the help text. A checkpoint that takes long is no fault as long
   * as its time-out allows it, unless something has failed meanwhile.
   */
  public static final String CHECKPOINT_RULE =
      "no checkpoint or savepoint completed for longer than 3 checkpoint intervals and a checkpoint"
          + " or a task failed since then, or none completed for longer than 3 intervals and the"
          + " checkpoint time-out, whichever is longer";

  /** The rule about failures, for the help text. */
  public static final String FAILURE_RULE =
      "two failures within the last minute, unless a checkpoint has completed since and the last is"
          + " more than 15 seconds ago";

  private static final int INTERVALS = 3;

  /** Holds more than two of the longest pauses between restarts, 10 seconds each. */
  private static final Duration RECENT = Duration.ofMinutes(1);

  /** Longer than a batch waits before it is written, and fails again. */
  private static final Duration SHORTEST_RUN = Duration.ofSeconds(15);

  /** Judges a job at a moment. */
  public static Health of(JobStatus status, RejectedLimit limit, Instant now) {
    List<String> problems = new ArrayList<>();
    String state = status.job().state();
    Instant since = status.since();
    if (status.job().ended()) {
      problems.add("the job has ended: it is " + state + since(since, now));
      return new Health(problems);
    }
    if (!state.equals("RUNNING")) {
      problems.add("the job is " + state + since(since, now));
    } else if (!status.job().allTasksRun()) {
      problems.add(
          "only " + status.runningTasks() + " of " + status.tasks() + " tasks are running");
    }
    repeatedFailure(status, now).ifPresent(problems::add);
    checkpoints(status, now).ifPresent(problems::add);
    limit.problem(status.lastMinute()).ifPresent(problems::add);
    return new Health(problems);
  }

  /**
   * A job that fails again and again runs for a moment between two failures, and may even complete
   * a checkpoint with nothing in it.
   */
  private static Optional<String> repeatedFailure(JobStatus status, Instant now) {
    if (status.failures().size() < 2) {
      return Optional.empty();
    }
    Instant last = status.failures().get(0).at();
    Instant lastButOne = status.failures().get(1).at();
    Instant completed = status.lastCompletedAt();
    boolean over =
        completed != null && completed.isAfter(last) && !last.isAfter(now.minus(SHORTEST_RUN));
    if (over || lastButOne.isBefore(now.minus(RECENT))) {
      return Optional.empty();
    }
    String cause = status.failures().get(0).cause().lines().findFirst().orElse("");
    return Optional.of(
        "the job keeps failing, the last time "
            + Text.age(Duration.between(last, now))
            + " ago: "
            + cause);
  }

  private static Optional<String> checkpoints(JobStatus status, Instant now) {
    if (!status.checkpointsPeriodically()) {
      return Optional.empty();
    }
    Instant last = status.lastCompletedAt();
    Instant from = last == null ? status.job().started() : last;
    Duration without = Duration.between(from, now);
    Duration few = status.checkpointConfig().interval().multipliedBy(INTERVALS);
    Duration timeout = status.checkpointConfig().timeout();
    Duration many = few.compareTo(timeout) > 0 ? few : timeout;
    boolean failed =
        status.failedCheckpoints() > 0
            || (status.failure() != null && status.failure().at().isAfter(from));
    if (without.compareTo(failed ? few : many) <= 0) {
      return Optional.empty();
    }
    return Optional.of(
        "no checkpoint has completed "
            + (last == null
                ? "since the job was started " + Text.age(without) + " ago"
                : "for " + Text.age(without))
            + (status.failedCheckpoints() > 0
                ? ", " + status.failedCheckpoints() + " failed"
                : ""));
  }

  private static String since(Instant since, Instant now) {
    return since == null
        ? ""
        : " since " + since + " (" + Text.age(Duration.between(since, now)) + ")";
  }

  /** Whether nothing is wrong. */
  public boolean healthy() {
    return problems.isEmpty();
  }
}
