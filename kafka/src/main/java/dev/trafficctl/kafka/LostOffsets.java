package dev.trafficctl.kafka;

import java.util.Locale;
import java.util.Optional;

/**
 * Offsets of a partition that Kafka deleted before they were read.
 *
 * @param partition the partition's number
 * @param first the offset that would be read next
 * @param last the last one that is gone, not before the first
 */
public record LostOffsets(int partition, long first, long last) {
  /**
   * Where every partition begins. One that a reader does not know is read from there: what lies
   * before the first offset that Kafka still has is lost like that of any other.
   */
  public static final long BEGINNING = 0;

  /**
   * What is lost, if anything is. Only who has looked knows that an offset holds no event, but the
   * mark of a transaction or what compaction left: a reader counts such offsets as read when it has
   * passed them.
   *
   * @param next the offset before which everything was read
   * @param logStart the first offset that Kafka still has
   */
  public static Optional<LostOffsets> between(int partition, long next, long logStart) {
    return next < logStart
        ? Optional.of(new LostOffsets(partition, next, logStart - 1))
        : Optional.empty();
  }

  /**
   * Whether events from a time on may be deleted: some were, and nothing that is left is older. A
   * mark of a transaction that is older tells as much as an event.
   *
   * @param logStart the first offset that Kafka still has
   * @param oldest the first offset that has a time
   * @param found the first offset whose time is not before that time
   */
  public static boolean maySince(long logStart, long oldest, long found) {
    return logStart > BEGINNING && found <= oldest;
  }

  /** How many offsets are gone, at least 1. */
  public long count() {
    return last - first + 1;
  }

  /** In few words, without the partition: {@code lost offsets 5 to 1234 (1,230)}. */
  public String brief() {
    return count() == 1
        ? "lost offset " + first
        : "lost offsets %d to %d (%s)"
            .formatted(first, last, String.format(Locale.ROOT, "%,d", count()));
  }

  /** In words for somebody who has to decide what to do. */
  public String words() {
    return count() == 1
        ? "partition %d has lost offset %d, it was deleted before it was read"
            .formatted(partition, first)
        : "partition %d has lost offsets %d to %d (%d offsets), they were deleted before they were read"
            .formatted(partition, first, last, count());
  }
}
