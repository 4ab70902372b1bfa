package dev.trafficctl.cli.kafka;

import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;

/** A topic whose events can be looked at. */
public interface EventLog extends TopicLog {
  /**
   * An event.
   *
   * @param offset its offset
   * @param time Kafka's timestamp
   * @param payload its value, or null if it has none
   */
  record EventAt(long offset, Instant time, byte[] payload) {}

  /**
   * The first event at or behind an offset; without partitions where none is found in time.
   *
   * @param offsets each within the range of its partition
   */
  SortedMap<Integer, EventAt> eventsAt(Map<Integer, Long> offsets);

  /**
   * When Kafka deletes events.
   *
   * @throws dev.trafficctl.cli.CommandException when that may not be asked
   */
  TopicRetention retention();
}
