package dev.trafficctl.job;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/**
 * How far a consumer of committed events has come. Behind the last event it passes on over offsets
 * that hold none: marks of transactions, events of aborted ones, what compaction took. Once these
 * are deleted nothing else tells that they held no event.
 *
 * <p>Thread-safe: one thread polls, another asks.
 */
final class Positions {
  private final Map<TopicPartition, Place> places = new ConcurrentHashMap<>();

  /**
   * Of a partition.
   *
   * @param behindLast the offset behind the last event that was polled, or 0 before the first
   * @param position the offset before which there is no further event
   */
  private record Place(long behindLast, long position) {}

  /** Takes note of what a poll has returned, before anybody else sees it. */
  <K, V> void polled(ConsumerRecords<K, V> records) {
    records
        .nextOffsets()
        .forEach(
            (partition, next) -> {
              List<ConsumerRecord<K, V>> events = records.records(partition);
              Place before = places.get(partition);
              long behindLast =
                  !events.isEmpty()
                      ? events.get(events.size() - 1).offset() + 1
                      : before == null ? 0 : before.behindLast();
              places.put(partition, new Place(behindLast, next.offset()));
            });
  }

  /**
   * The offset from which on there may be an event that was not handed on: behind those that hold
   * none, as far as that is known.
   *
   * @param handedOn the offset before which every event was handed on
   */
  long withoutEvents(TopicPartition partition, long handedOn) {
    Place place = places.get(partition);
    // Events that were polled and are still on their way come first.
    return place == null || place.behindLast() > handedOn
        ? handedOn
        : Math.max(handedOn, place.position());
  }
}
