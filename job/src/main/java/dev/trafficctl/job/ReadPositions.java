package dev.trafficctl.job;

import dev.trafficctl.model.StateNames;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.runtime.state.FunctionInitializationContext;

/**
 * How far each partition was read, and of which topic: beside the source's own offsets, which do
 * not say to which topic id they belong, as state of the filter.
 */
final class ReadPositions {
  private static final int TOPIC_ALONE = -1;
  private static final long NONE_READ = -1;

  private final ListState<ReadProgress> state;
  private final Map<Integer, Long> resumed = new TreeMap<>();
  private String resumedTopicId;
  private long[] nextOffsets = new long[0];

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
  }

  /** The id of the topic that was read so far, in Kafka's own notation; null if none was. */
  String topicId() {
    return resumedTopicId;
  }

  /** Notes that a partition was read up to an offset, the one behind the last event. */
  void read(int partition, long nextOffset) {
    if (partition >= nextOffsets.length) {
      int before = nextOffsets.length;
      nextOffsets = Arrays.copyOf(nextOffsets, partition + 1);
      Arrays.fill(nextOffsets, before, nextOffsets.length, NONE_READ);
    }
    nextOffsets[partition] = nextOffset;
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
  }
}
