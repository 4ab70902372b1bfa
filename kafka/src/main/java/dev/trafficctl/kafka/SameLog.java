package dev.trafficctl.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Whether a topic's log is still the one that was read. A log that lost its end, in an unclean
 * leader election or because a broker was restored from a backup, grows again and has other events
 * at the same offsets. Kafka's consumers notice that by the leader's epoch while they run
 * (KIP-320), which neither survives a restart nor a backup; the event that was read last tells it
 * too.
 */
public final class SameLog {
  private static final Duration ONE_POLL = Duration.ofMillis(200);

  private SameLog() {}

  /**
   * Looks at the places that were read last.
   *
   * @param consumer one that is not used for anything else meanwhile; its assignment changes
   * @param read the offset and the timestamp of the event that was read last, by partition
   * @param patience how long to wait for each partition
   * @return a line for each partition that has another event there; none for one whose event is
   *     gone, of which nothing can be told
   * @throws TimeoutException when Kafka does not answer in time
   */
  public static List<String> differences(
      Consumer<byte[], byte[]> consumer,
      String topic,
      Map<Integer, OffsetAndTimestamp> read,
      Duration patience) {
    List<String> lines = new ArrayList<>();
    new TreeMap<>(read)
        .forEach(
            (partition, last) -> {
              ConsumerRecord<byte[], byte[]> found =
                  at(consumer, new TopicPartition(topic, partition), last.offset(), patience);
              if (found != null
                  && found.offset() == last.offset()
                  && found.timestamp() != last.timestamp()) {
                lines.add(
                    "partition %d has at offset %d an event of %s, and the one that was read there was of %s"
                        .formatted(
                            partition,
                            last.offset(),
                            time(found.timestamp()),
                            time(last.timestamp())));
              }
            });
    return lines;
  }

  /** The first event at an offset or behind it; null where the log begins or ends elsewhere. */
  private static ConsumerRecord<byte[], byte[]> at(
      Consumer<byte[], byte[]> consumer, TopicPartition place, long offset, Duration patience) {
    List<TopicPartition> one = List.of(place);
    if (consumer.beginningOffsets(one, patience).get(place) > offset
        || consumer.endOffsets(one, patience).get(place) <= offset) {
      return null;
    }
    consumer.assign(one);
    consumer.seek(place, offset);
    long deadline = System.nanoTime() + patience.toNanos();
    while (consumer.position(place, patience) == offset) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(ONE_POLL)) {
        return record;
      }
      if (System.nanoTime() - deadline > 0) {
        throw new TimeoutException("no event came from partition " + place.partition());
      }
    }
    return null;
  }

  private static Object time(long timestamp) {
    Instant time = RecordTime.of(timestamp);
    return time == null ? "no time" : time;
  }
}
