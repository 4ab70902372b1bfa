package dev.trafficctl.cli.postgres;

import java.util.SortedMap;

/**
 * How many rows there are for a range of offsets.
 *
 * @param written rows of processed_events, by partition; partitions without any are missing
 * @param late how many of those are marked late
 * @param rejected rows of rejected_events, by partition; partitions without any are missing
 * @param rejectedByReason the same rows, by reason
 */
public record RowCounts(
    SortedMap<Integer, Long> written,
    long late,
    SortedMap<Integer, Long> rejected,
    SortedMap<String, Long> rejectedByReason) {

  /** The rows of processed_events in all partitions. */
  public long allWritten() {
    return written.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The rows of rejected_events in all partitions. */
  public long allRejected() {
    return rejected.values().stream().mapToLong(Long::longValue).sum();
  }
}
