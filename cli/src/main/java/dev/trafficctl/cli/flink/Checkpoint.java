package dev.trafficctl.cli.flink;

import java.time.Duration;
import java.time.Instant;

/**
 * A checkpoint or savepoint that a job made or tried to make, as Flink remembers it.
 *
 * @param id the number of the checkpoint within its job
 * @param status {@code IN_PROGRESS}, {@code COMPLETED} or {@code FAILED}
 * @param savepoint whether it is a savepoint
 * @param triggered when it was triggered
 * @param duration how long it took, or null while it goes on
 * @param bytes the size of its state
 * @param subtasks how many subtasks take part
 * @param acknowledged how many of those have finished their part
 * @param path where it lies, or null while it is not complete or if it lies nowhere
 * @param discarded whether it was deleted since
 * @param failure why it failed, or null
 */
public record Checkpoint(
    long id,
    String status,
    boolean savepoint,
    Instant triggered,
    Duration duration,
    long bytes,
    int subtasks,
    int acknowledged,
    String path,
    boolean discarded,
    String failure) {
  /** When it was complete, or how far it has come. */
  public Instant complete() {
    return duration == null ? triggered : triggered.plus(duration);
  }

  /** Whether it can be restored from: it is complete, lies somewhere, and was not deleted. */
  public boolean restorable() {
    return status.equals("COMPLETED") && path != null && !discarded;
  }
}
