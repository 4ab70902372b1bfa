package dev.trafficctl.cli.kafka;

import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;

/**
 * What a topic holds. Offsets are those of committed events, and times are Kafka's timestamps. Each
 * answer is by partition.
 */
public interface TopicLog extends AutoCloseable {
  /** The topic's id (KIP-516), in Kafka's own notation. */
  String id();

  /**
   * What a partition holds.
   *
   * @param start the first offset that Kafka still has
   * @param end the offset that the next event will get; where a transaction is open, the offset
   *     where its first event lies
   */
  record Range(long start, long end) {
    /** Whether nothing is there. */
    public boolean isEmpty() {
      return start >= end;
    }
  }

  /** Every partition with its range. */
  SortedMap<Integer, Range> ranges();

  /** What waits behind open transactions; without partitions where nothing does. */
  SortedMap<Integer, HeldBack> heldBack();

  /** The first offset whose time is not before an instant; without partitions that have none. */
  SortedMap<Integer, Long> offsetsFrom(Instant instant);

  /** The offsets that a group has committed; without partitions for which there is none. */
  SortedMap<Integer, Long> committed(String group);

  /**
   * The time of the first event at or behind an offset; without partitions where none is found in
   * time, or where it has none.
   *
   * @param offsets each within the range of its partition
   */
  SortedMap<Integer, Instant> timesAt(Map<Integer, Long> offsets);

  @Override
  void close();
}
