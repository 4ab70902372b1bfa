package dev.trafficctl.cli.operation.change;

import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.journal.Operation;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.rejected.RetryCounts;

/**
 * How an operation ended, as far as that is known.
 *
 * @param operation its id
 * @param verb such as {@code stop}
 * @param job the name of the job
 * @param jobId the id of the job, or null if there is none yet
 * @param outcome what the process exits with
 * @param checkpoint the number of the checkpoint that was made, or null
 * @param path the savepoint or checkpoint that there is now, or null if none is known
 * @param message what is said of it; each line is a sentence
 * @param open whether the question is still open, so that it can be asked again
 * @param restarted what a restart tells besides, or null
 * @param retried what became of rejected events that were sent again, or null
 */
public record Result(
    String operation,
    String verb,
    String job,
    JobId jobId,
    ExitCode outcome,
    Long checkpoint,
    String path,
    String message,
    boolean open,
    Restarted restarted,
    RetryCounts retried) {
  /** Of what has no part of its own. */
  public Result(
      String operation,
      String verb,
      String job,
      JobId jobId,
      ExitCode outcome,
      Long checkpoint,
      String path,
      String message,
      boolean open) {
    this(operation, verb, job, jobId, outcome, checkpoint, path, message, open, null, null);
  }

  /** What the journal says of an operation that has ended. */
  public static Result known(Operation ended) {
    return new Result(
        ended.id(),
        ended.asked().verb(),
        ended.asked().job(),
        ended.asked().jobId(),
        ended.ended().outcome(),
        null,
        ended.ended().path(),
        ended.ended().message(),
        false);
  }

  /** The same with what a restart tells besides. */
  public Result with(Restarted more) {
    return new Result(
        operation, verb, job, jobId, outcome, checkpoint, path, message, open, more, retried);
  }

  /** The same with what became of rejected events. */
  public Result with(RetryCounts counts) {
    return new Result(
        operation, verb, job, jobId, outcome, checkpoint, path, message, open, restarted, counts);
  }
}
