package dev.trafficctl.cli.kafka;

import dev.trafficctl.kafka.CorruptBatchException;
import dev.trafficctl.kafka.RecordTime;
import dev.trafficctl.kafka.ValueSize;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A topic whose events can be looked at. */
public interface EventLog extends TopicLog {
  /**
   * An event.
   *
   * @param offset its offset
   * @param time Kafka's timestamp, or null if it has none
   * @param payload its value, possibly cut; null if it has none
   * @param size the length of its value as {@link dev.trafficctl.model.EventParser#parse(byte[],
   *     int, long)} takes it
   * @param problem why it cannot be read, in one line, so that nothing but its offset is known;
   *     else null
   */
  record EventAt(long offset, Instant time, byte[] payload, int size, String problem) {
    /** With the whole payload. */
    public EventAt(long offset, Instant time, byte[] payload) {
      this(
          offset, time, payload, payload == null ? ConsumerRecord.NULL_SIZE : payload.length, null);
    }

    /** What a consumer has read. */
    static EventAt of(ConsumerRecord<byte[], byte[]> record) {
      return new EventAt(
          record.offset(),
          RecordTime.of(record.timestamp()),
          record.value(),
          ValueSize.of(record),
          null);
    }

    /** One that no consumer can read. */
    static EventAt of(CorruptBatchException damage) {
      return new EventAt(
          damage.offset(), null, null, ConsumerRecord.NULL_SIZE, damage.getMessage());
    }
  }

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
   * @throws dev.trafficctl.cli.process.CommandException when that may not be asked
   */
  TopicRetention retention();
}
