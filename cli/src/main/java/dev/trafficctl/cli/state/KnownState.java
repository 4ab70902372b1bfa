package dev.trafficctl.cli.state;

import dev.trafficctl.model.StartDescription;
import java.time.Duration;
import java.time.Instant;

/**
 * A checkpoint or savepoint that Flink remembers, that lies in storage, or both.
 *
 * @param id the number of the checkpoint within its job, or null if nothing tells
 * @param savepoint whether it is a savepoint
 * @param status Flink's word for it: {@code IN_PROGRESS}, {@code COMPLETED} or {@code FAILED}; of
 *     what only storage knows: {@code COMPLETED}, {@code BROKEN}, or {@code INCOMPLETE} without
 *     {@code _metadata}
 * @param jobId the id of its job, of which a savepoint in storage has the first 6 digits alone
 * @param jobName the name of its job, or null if nothing tells
 * @param at when it was triggered; of what only storage knows, when it was written
 * @param duration how long it took, or has taken so far; null if Flink does not remember it
 * @param bytes the size of its state, or null if nothing tells
 * @param path where it lies, or null if it lies nowhere
 * @param remembered whether Flink remembers it
 * @param stored whether it was found in storage that was searched or read
 * @param restorable whether it can be restored; null if that cannot be seen from this machine
 * @param problem why it failed or cannot be restored, or null
 * @param description how its job was started, or null if it does not tell
 * @param topicId the id that the topic had (KIP-516), or null if it does not tell
 * @param note of which job or topic it is where that matters for who wants to restore it, or null
 */
public record KnownState(
    Long id,
    boolean savepoint,
    String status,
    String jobId,
    String jobName,
    Instant at,
    Duration duration,
    Long bytes,
    String path,
    boolean remembered,
    boolean stored,
    Boolean restorable,
    String problem,
    StartDescription description,
    String topicId,
    String note) {
  /** When it was complete, or how far it has come. */
  public Instant complete() {
    return duration == null ? at : at.plus(duration);
  }

  /** The same with a note. */
  public KnownState noted(String words) {
    return new KnownState(
        id,
        savepoint,
        status,
        jobId,
        jobName,
        at,
        duration,
        bytes,
        path,
        remembered,
        stored,
        restorable,
        problem,
        description,
        topicId,
        words);
  }
}
