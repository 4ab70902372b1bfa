package dev.trafficctl.job;

import dev.trafficctl.model.StateNames;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;

/**
 * How far each partition was read, and of which topic: beside the source's own offsets, which do
 * not say to which topic id they belong, as state of the filter.
 */
final class ReadPositions {
  private static final int TOPIC_ALONE = -1;
  private static final long NONE_READ = -1;

  private final ListState<ReadProgress> state;
  private final ListState<LastRead> lastState;
  private final Map<Integer, Long> resumed = new TreeMap<>();
  private String resumedTopicId;
  private final Map<Integer, OffsetAndTimestamp> last = new TreeMap<>();
  private long[] nextOffsets = new long[0];
  private long[] timestamps = new long[0];

  /**
   * Goes on where the state ends, or where the job begins to read.
   *
   * @param start where that is; a restart before the first checkpoint must find the same topic and
   *     events as the start did
   */
  ReadPositions(FunctionInitializationContext context, ResolvedStart start) throws Exception {
    state =
        context
            .getOperatorStateStore()
            .getUnionListState(
                new ListStateDescriptor<>(StateNames.READ_PROGRESS, ReadProgress.class));
    lastState =
        context
            .getOperatorStateStore()
            .getUnionListState(new ListStateDescriptor<>(StateNames.LAST_READ, LastRead.class));
    if (!context.isRestored()) {
      resumedTopicId = start.topicId();
      resumed.putAll(start.offsets());
    }
    for (ReadProgress progress : state.get()) {
      resumedTopicId = progress.topicId();
      if (progress.partition() != TOPIC_ALONE) {
        resumed.merge(progress.partition(), progress.nextOffset(), Math::max);
      }
    }
    for (LastRead read : lastState.get()) {
      if (read.timestamp() >= 0) {
        last.merge(
            read.partition(),
            new OffsetAndTimestamp(read.offset(), read.timestamp()),
            (one, other) -> one.offset() > other.offset() ? one : other);
      }
    }
  }

  /** The id of the topic that was read so far, in Kafka's own notation; null if none was. */
  String topicId() {
    return resumedTopicId;
  }

  /** The record that was read last of each partition, where that has a timestamp. */
  Map<Integer, OffsetAndTimestamp> last() {
    return Collections.unmodifiableMap(last);
  }

  /**
   * Notes that a partition was read up to a record.
   *
   * @param timestamp the record's in Kafka
   */
  void read(int partition, long offset, long timestamp) {
    if (partition >= nextOffsets.length) {
      int before = nextOffsets.length;
      nextOffsets = Arrays.copyOf(nextOffsets, partition + 1);
      Arrays.fill(nextOffsets, before, nextOffsets.length, NONE_READ);
      timestamps = Arrays.copyOf(timestamps, partition + 1);
    }
    nextOffsets[partition] = offset + 1;
    timestamps[partition] = timestamp;
  }

  /**
   * Puts into the state what was read.
   *
   * @param id the topic's id
   * @param first whether this is the first subtask, which carries on where reading began, for the
   *     partitions that have been silent since
   */
  void snapshot(String id, boolean first) throws Exception {
    Map<Integer, Long> progress = new TreeMap<>(first ? resumed : Map.of());
    for (int partition = 0; partition < nextOffsets.length; partition++) {
      if (nextOffsets[partition] != NONE_READ) {
        progress.put(partition, nextOffsets[partition]);
      }
    }
    state.clear();
    state.add(new ReadProgress(id, TOPIC_ALONE, NONE_READ));
    for (Map.Entry<Integer, Long> entry : progress.entrySet()) {
      state.add(new ReadProgress(id, entry.getKey(), entry.getValue()));
    }
    snapshotLast(first);
  }

  private void snapshotLast(boolean first) throws Exception {
    Map<Integer, OffsetAndTimestamp> newest = new TreeMap<>(first ? last : Map.of());
    for (int partition = 0; partition < nextOffsets.length; partition++) {
      if (nextOffsets[partition] != NONE_READ) {
        newest.remove(partition);
        if (timestamps[partition] >= 0) {
          newest.put(
              partition, new OffsetAndTimestamp(nextOffsets[partition] - 1, timestamps[partition]));
        }
      }
    }
    lastState.clear();
    for (Map.Entry<Integer, OffsetAndTimestamp> entry : newest.entrySet()) {
      lastState.add(
          new LastRead(entry.getKey(), entry.getValue().offset(), entry.getValue().timestamp()));
    }
  }
}
