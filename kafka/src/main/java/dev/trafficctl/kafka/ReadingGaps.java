package dev.trafficctl.kafka;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What keeps a topic from being read on from given offsets without loss. */
public final class ReadingGaps {
  /**
   * What is to be said of offsets that were deleted before they were read. Kafka keeps nothing that
   * tells what they held, and a state may stand before the mark of a transaction: each that a job
   * wrote which took no note of how far its consumer had come behind the last event, and what a
   * group has committed.
   */
  public static final String UNKNOWABLE =
      "whether events or only marks of transactions were there can no longer be known";

  private final List<String> lines;
  private final boolean lost;
  private final SortedMap<Integer, Long> left;

  private ReadingGaps(List<String> lines, boolean lost, SortedMap<Integer, Long> left) {
    this.lines = lines;
    this.lost = lost;
    this.left = left;
  }

  /**
   * Says for each partition what lies between the offset that is read next and Kafka's log.
   *
   * @param next the offset that is read next, by partition
   * @param starts the first offset that Kafka still has; without partitions that do not exist
   * @param ends the offset that the next event will get; without partitions that do not exist
   */
  public static ReadingGaps of(
      Map<Integer, Long> next, Map<Integer, Long> starts, Map<Integer, Long> ends) {
    List<String> lines = new ArrayList<>();
    SortedMap<Integer, Long> left = new TreeMap<>();
    boolean lost = false;
    for (Map.Entry<Integer, Long> each : next.entrySet()) {
      int partition = each.getKey();
      long offset = each.getValue();
      Long start = starts.get(partition);
      Long end = ends.get(partition);
      if (start == null || end == null) {
        lines.add("partition " + partition + " no longer exists");
      } else if (offset > end) {
        lines.add(
            "partition %d ends at offset %d, before offset %d where reading would go on"
                .formatted(partition, end, offset));
      } else {
        Optional<LostOffsets> gone = LostOffsets.between(partition, offset, start);
        gone.map(LostOffsets::words).ifPresent(lines::add);
        lost |= gone.isPresent();
        left.put(partition, Math.max(offset, start));
      }
    }
    return new ReadingGaps(List.copyOf(lines), lost, left.size() == next.size() ? left : null);
  }

  /** A line for each partition that cannot be read on, none where all can. */
  public List<String> lines() {
    return lines;
  }

  /** All lines in one, and what is to be said of offsets that are gone; empty without lines. */
  public String words() {
    return String.join("; ", lines) + (lost ? "; " + UNKNOWABLE : "");
  }

  /**
   * Where to read on so as to leave out what is gone, and nothing else: an offset for each
   * partition that was to be read. Empty where something else is wrong than that offsets are gone.
   */
  public Optional<SortedMap<Integer, Long>> left() {
    return Optional.ofNullable(left).map(Collections::unmodifiableSortedMap);
  }
}
