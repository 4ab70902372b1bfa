package dev.trafficctl.cli.kafka;

import dev.trafficctl.model.StartingPosition;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where a job is to start reading a topic.
 *
 * @param partitions one entry for each partition, in their order
 * @param notes what somebody should know of it before it is done, a line each
 */
public record StartPlan(List<PartitionStart> partitions, List<String> notes) {
  /** With copies of the lists. */
  public StartPlan {
    partitions = List.copyOf(partitions);
    notes = List.copyOf(notes);
  }

  /** The offset of each partition, to be pinned in the job's arguments. */
  public StartingPosition.Offsets pinned() {
    SortedMap<Integer, Long> offsets = new TreeMap<>();
    partitions.forEach(start -> offsets.put(start.partition(), start.offset()));
    return new StartingPosition.Offsets(offsets);
  }

  /** The events that are read a second time, or null when that is not known of every partition. */
  public Long readAgain() {
    return sum(partitions.stream().map(PartitionStart::readAgain).toList());
  }

  /** The events that are never read, or null when that is not known of every partition. */
  public Long skipped() {
    return sum(partitions.stream().map(PartitionStart::skipped).toList());
  }

  /** The events from where reading starts to the end. */
  public long toEnd() {
    return partitions.stream().mapToLong(PartitionStart::toEnd).sum();
  }

  private static Long sum(List<Long> counts) {
    // List.contains(null) throws on some lists.
    if (counts.stream().anyMatch(count -> count == null)) {
      return null;
    }
    return counts.stream().mapToLong(Long::longValue).sum();
  }
}
