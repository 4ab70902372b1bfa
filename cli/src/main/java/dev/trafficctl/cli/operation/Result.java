package dev.trafficctl.cli.operation;

import dev.trafficctl.cli.ExitCode;
import dev.trafficctl.cli.flink.JobId;

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
    boolean open) {}
