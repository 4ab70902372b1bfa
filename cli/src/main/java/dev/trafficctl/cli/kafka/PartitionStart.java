package dev.trafficctl.cli.kafka;

import java.time.Instant;

/**
 * Where a job is to start reading one partition. Numbers of events are differences of offsets, so
 * that in a topic with transactions or compaction they are upper bounds.
 *
 * @param partition its number
 * @param offset the first offset that is read
 * @param eventTime Kafka's timestamp of the first event that is read, or null when there is none
 *     yet
 * @param currentOffset the next offset that the job would have read without the new start, or null
 *     when that is not known
 * @param readAgain how many events are read a second time, or null
 * @param skipped how many events are never read, or null
 * @param toEnd how many events there are from the offset to the end
 * @param logStartOffset the first offset that Kafka still has
 * @param logStartTime Kafka's timestamp of the first event that Kafka still has, which is the edge
 *     of retention; null when the partition is empty
 * @param logEndOffset the offset that the next event will get
 */
public record PartitionStart(
    int partition,
    long offset,
    Instant eventTime,
    Long currentOffset,
    Long readAgain,
    Long skipped,
    long toEnd,
    long logStartOffset,
    Instant logStartTime,
    long logEndOffset) {

  /** With the numbers of events computed. */
  static PartitionStart of(
      int partition,
      long offset,
      Instant eventTime,
      Long current,
      TopicLog.Range range,
      Instant logStartTime) {
    return new PartitionStart(
        partition,
        offset,
        eventTime,
        current,
        current == null ? null : Math.max(0, current - offset),
        current == null ? null : Math.max(0, offset - current),
        Math.max(0, range.end() - offset),
        range.start(),
        logStartTime,
        range.end());
  }
}
