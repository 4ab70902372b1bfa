package dev.trafficctl.cli.operation;

import dev.trafficctl.cli.ExitCode;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.kafka.StartPlan;

/**
 * What became of a restart.
 *
 * @param operation the operation's id
 * @param jobName the name of the new job
 * @param before the id of the job that was replaced, or null
 * @param jobId the id of the new job, or null if there is none
 * @param parallelism its parallelism
 * @param restored what it was restored from, or null if it started without state
 * @param ended the savepoint or checkpoint that was made as the job before ended, or null: the way
 *     back
 * @param partitions where each partition is read from, or null if that is not known
 * @param outcome what the process exits with
 * @param message what is said of it, a sentence a line
 * @param open whether the question is still open, so that it can be asked again
 */
public record RestartResult(
    String operation,
    String jobName,
    JobId before,
    JobId jobId,
    int parallelism,
    String restored,
    String ended,
    StartPlan partitions,
    ExitCode outcome,
    String message,
    boolean open) {

  /** As every operation tells how it ended. */
  public Result result() {
    return new Result(operation, Restart.VERB, jobName, jobId, outcome, null, ended, message, open);
  }
}
