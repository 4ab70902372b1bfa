package dev.trafficctl.local.traffic;

import java.time.Duration;
import java.util.SortedMap;

/**
 * What the broker acknowledged.
 *
 * @param counts how many events of each kind
 * @param partitions the offsets that the events got, by partition; partitions without one are
 *     missing
 * @param duration from the first event until the last acknowledgement
 * @param interrupted whether sending ended early because its thread was interrupted
 */
public record SendReport(
    TrafficCounts counts,
    SortedMap<Integer, Offsets> partitions,
    Duration duration,
    boolean interrupted) {
  /**
   * A range of offsets in one partition.
   *
   * @param first the lowest
   * @param last the highest, itself included
   */
  public record Offsets(long first, long last) {
    Offsets with(long offset) {
      return new Offsets(Math.min(first, offset), Math.max(last, offset));
    }
  }
}
