package dev.trafficctl.cli.postgres;

import java.time.Instant;

/**
 * Rows of rejected_events with the same reason and, but for numbers and what is in quotes, the same
 * detail.
 *
 * @param reason the reason
 * @param detail the detail of one of them, or null
 * @param count how many there are
 * @param first the first place, by partition and then by offset
 * @param last the last place
 * @param firstTime the least of Kafka's timestamps, or null if none has one
 * @param lastTime the greatest of them
 */
public record RejectedGroup(
    String reason,
    String detail,
    long count,
    Place first,
    Place last,
    Instant firstTime,
    Instant lastTime) {
  /**
   * A place in Kafka.
   *
   * @param partition the partition
   * @param offset the offset
   */
  public record Place(int partition, long offset) {
    /** As {@code partition/offset}. */
    @Override
    public String toString() {
      return partition + "/" + offset;
    }
  }
}
