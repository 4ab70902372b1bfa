package dev.trafficctl.cli.postgres;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which rows of rejected_events are meant.
 *
 * @param reasons those with one of these reasons; all if there is none
 * @param from those with this Kafka timestamp or a later one, or null
 * @param to those with an earlier Kafka timestamp, or null
 * @param partitions those of these partitions, each with a range of offsets; all if there is none
 */
public record RejectedSelection(
    List<String> reasons, Instant from, Instant to, SortedMap<Integer, Range> partitions) {
  /** With a list and a map that do not change. */
  public RejectedSelection {
    reasons = List.copyOf(reasons);
    partitions = Collections.unmodifiableSortedMap(new TreeMap<>(partitions));
  }

  /**
   * A range of offsets.
   *
   * @param from the first one
   * @param to the one behind the last
   */
  public record Range(long from, long to) {
    /** All offsets. */
    public static final Range ALL = new Range(0, Long.MAX_VALUE);
  }

  /** As a condition of SQL, with parameters for {@link #parameters}. */
  String condition() {
    StringBuilder condition = new StringBuilder("source = ANY(?)");
    if (!reasons.isEmpty()) {
      condition.append(" AND reason = ANY(?)");
    }
    if (from != null) {
      condition.append(" AND kafka_timestamp >= ?");
    }
    if (to != null) {
      condition.append(" AND kafka_timestamp < ?");
    }
    if (!partitions.isEmpty()) {
      List<String> ranges = new ArrayList<>();
      partitions.forEach(
          (partition, range) ->
              ranges.add(
                  "kafka_partition = %d AND kafka_offset >= %d AND kafka_offset < %d"
                      .formatted(partition, range.from(), range.to())));
      condition.append(" AND (").append(String.join(" OR ", ranges)).append(')');
    }
    return condition.toString();
  }
}
