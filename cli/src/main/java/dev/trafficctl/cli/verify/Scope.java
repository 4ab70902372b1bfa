package dev.trafficctl.cli.verify;

import dev.trafficctl.cli.kafka.HeldBack;
import dev.trafficctl.kafka.LostOffsets;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is checked.
 *
 * @param ranges the offsets of each partition
 * @param from where the first offsets come from, in words
 * @param to where the last offsets come from, in words
 * @param lost what Kafka deleted before the job had read it
 * @param wholePast whether no event before the ranges can have been read
 * @param heldBack what waits behind open transactions, by partition
 * @param notes what is not checked, and why
 */
public record Scope(
    SortedMap<Integer, Range> ranges,
    String from,
    String to,
    List<LostOffsets> lost,
    boolean wholePast,
    SortedMap<Integer, HeldBack> heldBack,
    List<String> notes) {
  /** With lists and a map that do not change. */
  public Scope {
    ranges = Collections.unmodifiableSortedMap(new TreeMap<>(ranges));
    lost = List.copyOf(lost);
    heldBack = Collections.unmodifiableSortedMap(new TreeMap<>(heldBack));
    notes = List.copyOf(notes);
  }

  /**
   * A range of offsets.
   *
   * @param from the first offset
   * @param to the offset behind the last one, not less
   */
  public record Range(long from, long to) {
    /** How many offsets there are. */
    public long size() {
      return to - from;
    }
  }

  /** How many offsets there are in all partitions. */
  public long size() {
    return ranges.values().stream().mapToLong(Range::size).sum();
  }
}
