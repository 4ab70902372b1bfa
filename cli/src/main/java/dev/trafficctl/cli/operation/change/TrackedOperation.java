package dev.trafficctl.cli.operation.change;

import dev.trafficctl.cli.flink.Checkpoint;
import dev.trafficctl.cli.flink.Checkpoints;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.flink.TriggerId;
import dev.trafficctl.cli.journal.Asked;
import dev.trafficctl.cli.journal.Operation;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.ExitCode;
import java.time.Instant;
import java.util.Map;

/**
 * An operation of which it is to be found out how it ends: all that this takes is in the journal.
 *
 * @param id its id
 * @param asked what was asked
 * @param at when
 */
public record TrackedOperation(String id, Asked asked, Instant at) {
  /** The option under which the trigger id is written down. */
  public static final String TRIGGER = "trigger";

  /** The option for the number of the newest checkpoint or savepoint before. */
  public static final String BEFORE = "newest-checkpoint-before";

  /**
   * The option for what time the JobManager's clock showed before. The number of the newest
   * checkpoint can be too low: Flink tells of checkpoints up to {@code web.refresh-interval} late.
   */
  public static final String SINCE = "jobmanager-time-before";

  /** The option for the directory that savepoints go to. */
  public static final String DIRECTORY = "directory";

  /** The option for what tells one life of a JobManager from the next. */
  public static final String JOB_MANAGER = "jobmanager";

  /**
   * As it was written down.
   *
   * @throws IllegalArgumentException when something is missing without which nothing can be asked
   */
  public static TrackedOperation of(Operation operation) {
    if (operation.asked().jobId() == null) {
      throw new IllegalArgumentException("no job id");
    }
    return new TrackedOperation(operation.id(), operation.asked(), operation.at());
  }

  /** The id of the job. */
  public JobId jobId() {
    return asked.jobId();
  }

  /** The name of the job. */
  public String job() {
    return asked.job();
  }

  /**
   * What names the job in a command that is recommended: its name, or its id where that would not.
   */
  public String parameter() {
    return Text.takesForParameter(asked.job()) ? asked.job() : asked.jobId().text();
  }

  /** The job's name as it is shown, which breaks no line. */
  public String name() {
    return Text.safe(asked.job());
  }

  /** The job's name as it is shown, and its id. */
  public String shown() {
    return name() + " (" + jobId() + ")";
  }

  /** What it is called in the journal. */
  public String verb() {
    return asked.verb();
  }

  /** The id by which Flink knows the request. */
  public TriggerId trigger() {
    String text = options().get(TRIGGER);
    if (text == null) {
      throw new IllegalArgumentException("no trigger id");
    }
    return new TriggerId(text);
  }

  /** The number of the newest checkpoint before it was asked for. */
  public long before() {
    return Long.parseLong(options().getOrDefault(BEFORE, "-1"));
  }

  /** Whether a checkpoint or savepoint that Flink tells of may have been made on this request. */
  public boolean canHaveMade(Checkpoint checkpoint) {
    String since = options().get(SINCE);
    return checkpoint.id() > before()
        && (since == null || !checkpoint.triggered().isBefore(Instant.parse(since)));
  }

  /** The number of the newest checkpoint that there was before, as far as Flink tells by now. */
  public long before(Checkpoints remembered) {
    return remembered
        .all()
        .filter(checkpoint -> !canHaveMade(checkpoint))
        .mapToLong(Checkpoint::id)
        .reduce(before(), Math::max);
  }

  /** Where the savepoint goes, or null. */
  public String directory() {
    return options().get(DIRECTORY);
  }

  /** The JobManager that was asked, or null. */
  public String jobManager() {
    return options().get(JOB_MANAGER);
  }

  /** What it was asked with. */
  public Map<String, String> options() {
    return asked.options();
  }

  /** How it ended. */
  public Result ended(ExitCode outcome, String path, String message) {
    return new Result(id, verb(), job(), jobId(), outcome, null, path, message, false);
  }

  /** That it is not known how it ended, and can be asked again. */
  public Result open(String path, String message) {
    return new Result(
        id, verb(), job(), jobId(), ExitCode.OUTCOME_UNKNOWN, null, path, message, true);
  }
}
