package dev.trafficctl.cli.postgres;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A range of offsets in each partition of a topic.
 *
 * @param start the first offset, by partition
 * @param end the offset behind the last one, by partition; the same partitions
 */
public record OffsetRanges(SortedMap<Integer, Long> start, SortedMap<Integer, Long> end) {

  /** How many offsets there are in each partition. */
  public SortedMap<Integer, Long> sizes() {
    SortedMap<Integer, Long> sizes = new TreeMap<>();
    end.forEach((partition, offset) -> sizes.put(partition, offset - start.get(partition)));
    return sizes;
  }

  /** How many offsets there are in all partitions. */
  public long size() {
    return sizes().values().stream().mapToLong(Long::longValue).sum();
  }
}
