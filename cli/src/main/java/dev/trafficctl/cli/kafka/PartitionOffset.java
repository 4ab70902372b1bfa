package dev.trafficctl.cli.kafka;

import java.time.Duration;
import java.time.Instant;

/**
 * An offset of a partition, and what Kafka has there.
 *
 * @param partition the partition's number
 * @param offset the offset that is read next, or null if there is no such partition any more
 * @param eventTime Kafka's timestamp of the first event from there on; null without one
 * @param event that event in a few words, or null
 * @param toEnd how many events there are at most from there to the end that Kafka still has: the
 *     offsets from the first event on, among which transactions and compaction may have left gaps;
 *     0 when no event is there; null without the partition
 * @param logStartOffset the first offset that Kafka still has, or null without the partition
 * @param logStartTime Kafka's timestamp of the first event that it still has, or null without one
 * @param logEndOffset the offset that the next event will get, or null without the partition
 * @param retentionLeft how long at least until that event is deleted for its age; 0 when that may
 *     be at any time, null without an event or when events are not deleted for their age
 * @param place where the offset lies in the log
 * @param lost how many offsets before the first that Kafka still has would be skipped; 0 when none
 *     is, null when that is not known, as behind the offset of a state in a compacted topic
 * @param note what is not as one would expect, in words; null when nothing is
 */
public record PartitionOffset(
    int partition,
    Long offset,
    Instant eventTime,
    String event,
    Long toEnd,
    Long logStartOffset,
    Instant logStartTime,
    Long logEndOffset,
    Duration retentionLeft,
    Place place,
    Long lost,
    String note) {

  /** Where an offset lies in the log. */
  public enum Place {
    /** An event is there, or behind it. */
    IN_LOG,
    /** It is the end: no event is there yet. */
    AT_END,
    /** The log ends before it. */
    PAST_END,
    /** Kafka has deleted what was there. */
    BEFORE_LOG_START,
    /** There is no such partition any more. */
    NO_PARTITION
  }
}
