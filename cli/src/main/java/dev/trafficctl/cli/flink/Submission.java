package dev.trafficctl.cli.flink;

import dev.trafficctl.cli.CommandException;
import dev.trafficctl.cli.ExitCode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Starts a job from a jar on this machine, and leaves no copy of the jar in Flink's list. */
public final class Submission {
  private final FlinkClient flink;

  /** With the Flink that the job is to run on. */
  public Submission(FlinkClient flink) {
    this.flink = flink;
  }

  /**
   * Uploads the jar and starts the job.
   *
   * @return the job's id
   * @throws CommandException when the job was not started, or when that is not known
   */
  public JobId submit(Path jar, int parallelism, List<String> arguments) {
    String jarId = flink.uploadJar(jar);
    try {
      return run(jarId, parallelism, arguments);
    } finally {
      deleteQuietly(jarId);
    }
  }

  private JobId run(String jarId, int parallelism, List<String> arguments) {
    JobId id = JobId.random();
    try {
      flink.runJar(jarId, new StartRequest(id, parallelism, arguments, null, false, Map.of()));
      return id;
    } catch (FlinkUnreachableException e) {
      if (!e.mayHaveArrived()) {
        throw e;
      }
      if (isThere(id, e)) {
        return id;
      }
      throw unknown(id, e);
    }
  }

  private boolean isThere(JobId id, FlinkUnreachableException lost) {
    try {
      return flink.job(id).isPresent();
    } catch (CommandException e) {
      throw unknown(id, lost);
    }
  }

  private CommandException unknown(JobId id, FlinkUnreachableException lost) {
    return new CommandException(
        ExitCode.OUTCOME_UNKNOWN,
        lost.getMessage()
            + "\nwhether the job was started is not known; it has started if this finds it: curl "
            + flink.address()
            + "jobs/"
            + id,
        lost);
  }

  private void deleteQuietly(String jarId) {
    try {
      flink.deleteJar(jarId);
    } catch (CommandException e) {
      // The job runs or not all the same, and Flink forgets the jar when it restarts.
    }
  }
}
