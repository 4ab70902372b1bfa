package dev.trafficctl.cli.state;

import dev.trafficctl.cli.flink.JobId;
import java.time.Instant;

/**
 * A directory in storage whose name says that it is a savepoint or a checkpoint. Whether it can be
 * restored is known only after {@link StateReader#read}.
 *
 * @param path where it lies, as Flink takes it
 * @param savepoint whether it is a savepoint
 * @param jobId the id of its job in hexadecimal digits: all 32 for a checkpoint, the first 6 for a
 *     savepoint
 * @param checkpointId the number of the checkpoint, or -1 for a savepoint, whose name does not tell
 * @param changed when its {@code _metadata} was written, or the directory made if there is none
 * @param complete whether there is a {@code _metadata}, without which it can never be restored
 */
public record StoredState(
    String path,
    boolean savepoint,
    String jobId,
    long checkpointId,
    Instant changed,
    boolean complete) {
  /** Whether it can be of this job, as far as its name tells. */
  public boolean mayBeOf(JobId job) {
    return job.text().startsWith(jobId);
  }
}
