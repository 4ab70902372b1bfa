package dev.trafficctl.cli.kafka;

import java.util.List;
import java.util.Objects;

/**
 * An offset for each partition of a topic, and what Kafka has there.
 *
 * @param partitions in the order of their numbers
 * @param notes what somebody should know of all of them, a line each
 */
public record TopicOffsets(List<PartitionOffset> partitions, List<String> notes) {
  /** With lists that do not change. */
  public TopicOffsets {
    partitions = List.copyOf(partitions);
    notes = List.copyOf(notes);
  }

  /** The events from there to the ends, at most: transactions and compaction leave gaps. */
  public long toEnd() {
    return partitions.stream()
        .map(PartitionOffset::toEnd)
        .filter(Objects::nonNull)
        .mapToLong(Long::longValue)
        .sum();
  }
}
