package dev.trafficctl.cli.observe;

import dev.trafficctl.cli.output.Text;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether a job is healthy: it is RUNNING with all its tasks, and it completes checkpoints.
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

  private static final int INTERVALS = 3;

  /** Judges a job at a moment. */
  public static Health of(JobStatus status, Instant now) {
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
    checkpoints(status, now).ifPresent(problems::add);
    return new Health(problems);
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
