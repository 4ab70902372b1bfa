package dev.trafficctl.cli.kafka;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** A topic whose events can be looked at. */
public interface EventLog extends TopicLog {
  /**
   * An event.
   *
   * @param offset its offset
   * @param time Kafka's timestamp, or null if it has none
   * @param payload its value, or null if it has none
   */
  record EventAt(long offset, Instant time, byte[] payload) {}

  /**
   * The first event at or behind an offset; nothing where none lies there up to the end, but only
   * what transactions or compaction left. Without partitions where that is not found out in time.
   *
   * @param offsets each within the range of its partition
   */
  SortedMap<Integer, Optional<EventAt>> eventsAt(Map<Integer, Long> offsets);

  /**
   * When Kafka deletes events.
   *
   * @throws dev.trafficctl.cli.CommandException when that may not be asked
   */
  TopicRetention retention();
}
