package dev.trafficctl.job;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;

/**
 * Starts each partition at the offset that was resolved for it, and a partition that came later at
 * its first event. An offset that is out of range fails the job instead of being moved: with any
 * other reset strategy the source would skip what retention has deleted (FLINK-39888).
 */
final class PinnedOffsets implements OffsetsInitializer {
  private static final long serialVersionUID = 1L;

  private final TreeMap<Integer, Long> offsets;

  PinnedOffsets(SortedMap<Integer, Long> offsets) {
    this.offsets = new TreeMap<>(offsets);
  }

  @Override
  public Map<TopicPartition, Long> getPartitionOffsets(
      Collection<TopicPartition> partitions, PartitionOffsetsRetriever retriever) {
    Map<TopicPartition, Long> pinned = new HashMap<>();
    for (TopicPartition partition : partitions) {
      pinned.put(
          partition,
          offsets.getOrDefault(partition.partition(), KafkaPartitionSplit.EARLIEST_OFFSET));
    }
    return pinned;
  }

  // The connector's interface still speaks of the enum that Kafka has deprecated.
  @SuppressWarnings("deprecation")
  @Override
  public OffsetResetStrategy getAutoOffsetResetStrategy() {
    return OffsetResetStrategy.NONE;
  }
}
