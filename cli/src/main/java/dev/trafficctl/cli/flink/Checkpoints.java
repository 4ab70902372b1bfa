package dev.trafficctl.cli.flink;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The checkpoints of a job that Flink remembers: the newest {@code web.checkpoints.history}, 10 by
 * default. What it tells can be a few seconds old.
 *
 * @param completed how many were completed since the job was started on this JobManager
 * @param failed how many failed
 * @param inProgress how many are being made
 * @param latestCompleted the newest completed checkpoint that is no savepoint, or null
 * @param latestSavepoint the newest completed savepoint, or null
 * @param latestFailed the newest that failed, or null
 * @param restored what the job was restored from last, or null
 * @param history the newest first
 */
public record Checkpoints(
    long completed,
    long failed,
    long inProgress,
    Checkpoint latestCompleted,
    Checkpoint latestSavepoint,
    Checkpoint latestFailed,
    Restored restored,
    List<Checkpoint> history) {

  /**
   * What a job was restored from.
   *
   * @param id the number of the checkpoint
   * @param at when
   * @param savepoint whether Flink treats it as a savepoint: as every state that a job was started
   *     from, a retained checkpoint of an earlier job included
   * @param path where it lies, or null if Flink does not tell
   */
  public record Restored(long id, java.time.Instant at, boolean savepoint, String path) {
    /** Whether it was made as a savepoint, which the name of its directory tells. */
    public boolean madeAsSavepoint() {
      return savepoint && (path == null || !path.matches(".*/chk-\\d+/?"));
    }
  }

  /** All that it tells of, savepoints included; one can be there twice. */
  public Stream<Checkpoint> all() {
    return Stream.concat(
        history.stream(),
        Stream.of(latestCompleted, latestSavepoint, latestFailed).filter(Objects::nonNull));
  }

  /** The newest checkpoint, savepoints included, that can be restored from. */
  public Optional<Checkpoint> newestRestorable() {
    return history.stream()
        .filter(Checkpoint::restorable)
        .max(Comparator.comparingLong(Checkpoint::id));
  }
}
