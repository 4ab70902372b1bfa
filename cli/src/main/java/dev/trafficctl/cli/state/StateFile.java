package dev.trafficctl.cli.state;

import dev.trafficctl.kafka.LostOffsets;
import dev.trafficctl.model.StartDescription;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a savepoint or checkpoint holds. Everything that it refers to is there, so that Flink can
 * restore it.
 *
 * @param path where it lies, as Flink takes it
 * @param checkpointId the number of the checkpoint within its job; savepoints have one too
 * @param savepoint whether it is a savepoint
 * @param description how the job was started that it belongs to, or null for the state of a job
 *     that did not write it down
 * @param topicId the id (KIP-516) of the Kafka topic that was read, or null if nothing tells
 * @param nextOffsets the offset behind the last event that the job's filter has taken, by
 *     partition; what is read next is in {@link #next}
 * @param splits where the source itself goes on, in the order of topics and partitions; empty if it
 *     holds none, null if it is written in a form that is not known here
 * @param operators the operators, in the order of their uids
 * @param bytes the size of all state
 * @param formatVersion the version of Flink's metadata format
 * @param written when its {@code _metadata} was written
 */
public record StateFile(
    String path,
    long checkpointId,
    boolean savepoint,
    StartDescription description,
    String topicId,
    SortedMap<Integer, Long> nextOffsets,
    List<SourceSplit> splits,
    List<OperatorEntry> operators,
    long bytes,
    int formatVersion,
    Instant written) {
  /** With lists and maps that do not change. */
  public StateFile {
    nextOffsets = Collections.unmodifiableSortedMap(new TreeMap<>(nextOffsets));
    splits = splits == null ? null : List.copyOf(splits);
    operators = List.copyOf(operators);
  }

  /**
   * The offset that is read next, by partition: where the source itself goes on, which passes over
   * offsets that hold no event, else the job's own record of what it has read. A partition that is
   * missing is read from {@link LostOffsets#BEGINNING}.
   *
   * @param topic the topic's name; what the source has of others does not count
   */
  public SortedMap<Integer, Long> next(String topic) {
    SortedMap<Integer, Long> next = new TreeMap<>(nextOffsets);
    if (splits != null && splits.stream().map(SourceSplit::topic).distinct().count() <= 1) {
      splits.stream()
          .filter(split -> split.isNumber() && split.topic().equals(topic))
          .forEach(split -> next.put(split.partition(), split.offset()));
    }
    return next;
  }
}
