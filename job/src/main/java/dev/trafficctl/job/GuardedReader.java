package dev.trafficctl.job;

import dev.trafficctl.kafka.LostOffsets;
import dev.trafficctl.kafka.ReadingGaps;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.runtime.execution.SuppressRestartsException;

/**
 * A reader of Flink's Kafka source that begins with a partition only if Kafka still has every event
 * from there on, and that keeps in its state how far it has come behind the last event.
 *
 * <p>A partition that comes with no offset was found while the job was running or stopped, and is
 * read from offset 0: what Kafka has deleted of it nobody has read.
 */
// Flink closes it, and takes an interruption as such.
@SuppressWarnings("try")
final class GuardedReader implements SourceReader<KafkaEvent, KafkaPartitionSplit> {
  private final SourceReader<KafkaEvent, KafkaPartitionSplit> reader;
  private final Positions positions;
  private final Properties clientProperties;
  private final String topicName;

  /**
   * With the reader that does the work.
   *
   * @param positions how far its consumer has come
   * @param clientProperties those of a Kafka client
   */
  GuardedReader(
      SourceReader<KafkaEvent, KafkaPartitionSplit> reader,
      Positions positions,
      Properties clientProperties,
      String topicName) {
    this.reader = reader;
    this.positions = positions;
    this.clientProperties = clientProperties;
    this.topicName = topicName;
  }

  @Override
  public void addSplits(List<KafkaPartitionSplit> splits) {
    List<KafkaPartitionSplit> begun = new ArrayList<>();
    Map<Integer, Long> next = new TreeMap<>();
    for (KafkaPartitionSplit split : splits) {
      boolean unknown = split.getStartingOffset() == KafkaPartitionSplit.EARLIEST_OFFSET;
      KafkaPartitionSplit first = unknown ? at(split, LostOffsets.BEGINNING) : split;
      begun.add(first);
      if (first.getTopic().equals(topicName) && first.getStartingOffset() >= 0) {
        next.put(first.getPartition(), first.getStartingOffset());
      }
    }
    if (!next.isEmpty()) {
      refuseLostEvents(next);
    }
    reader.addSplits(begun);
  }

  private void refuseLostEvents(Map<Integer, Long> next) {
    try (Topic topic = new Topic(clientProperties, topicName)) {
      List<Integer> partitions = new ArrayList<>(topic.partitions());
      partitions.retainAll(next.keySet());
      ReadingGaps gaps =
          ReadingGaps.of(next, topic.startOffsets(partitions), topic.endOffsets(partitions));
      if (!gaps.lines().isEmpty()) {
        // No restart can bring back what is gone, so Flink is told not to try.
        throw new SuppressRestartsException(
            new DataLostException(
                "topic '"
                    + topicName
                    + "' can no longer be read without loss: "
                    + gaps.words()
                    + ". To go on with what is left, start the job without state:"
                    + " trafficctl restart JOB --from-earliest"));
      }
    }
  }

  @Override
  public List<KafkaPartitionSplit> snapshotState(long checkpointId) {
    return reader.snapshotState(checkpointId).stream()
        .map(
            split ->
                at(
                    split,
                    positions.withoutEvents(split.getTopicPartition(), split.getStartingOffset())))
        .toList();
  }

  private static KafkaPartitionSplit at(KafkaPartitionSplit split, long offset) {
    return new KafkaPartitionSplit(
        split.getTopicPartition(),
        offset,
        split.getStoppingOffset().orElse(KafkaPartitionSplit.NO_STOPPING_OFFSET));
  }

  @Override
  public void start() {
    reader.start();
  }

  @Override
  public InputStatus pollNext(ReaderOutput<KafkaEvent> output) throws Exception {
    return reader.pollNext(output);
  }

  @Override
  public CompletableFuture<Void> isAvailable() {
    return reader.isAvailable();
  }

  @Override
  public void notifyNoMoreSplits() {
    reader.notifyNoMoreSplits();
  }

  @Override
  public void handleSourceEvents(SourceEvent event) {
    reader.handleSourceEvents(event);
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) throws Exception {
    reader.notifyCheckpointComplete(checkpointId);
  }

  @Override
  public void notifyCheckpointAborted(long checkpointId) throws Exception {
    reader.notifyCheckpointAborted(checkpointId);
  }

  @Override
  public void pauseOrResumeSplits(
      Collection<String> splitsToPause, Collection<String> splitsToResume) {
    reader.pauseOrResumeSplits(splitsToPause, splitsToResume);
  }

  @Override
  public void close() throws Exception {
    reader.close();
  }
}
