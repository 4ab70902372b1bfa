package dev.trafficctl.cli.state;

import dev.trafficctl.job.ReadProgress;
import dev.trafficctl.model.StartDescription;
import dev.trafficctl.model.StateNames;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.state.DefaultOperatorStateBackendBuilder;
import org.apache.flink.runtime.state.OperatorStateBackend;
import org.apache.flink.runtime.state.OperatorStateHandle;

/** What is in a savepoint or checkpoint, by the names that the traffic job gives to its states. */
final class StateContents {
  private static final int NO_PARTITION = -1;

  private StateContents() {}

  /** The state of an operator cannot be read. */
  static final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1;

    private final String uid;

    UnreadableException(String uid, Exception cause) {
      super(cause);
      this.uid = uid;
    }

    /** The uid of the operator. */
    String uid() {
      return uid;
    }
  }

  /**
   * Reads it.
   *
   * @param path the directory, as Flink takes it
   * @param version that of the metadata's format
   * @param written when it was written
   */
  static StateFile read(CheckpointMetadata metadata, String path, int version, Instant written)
      throws UnreadableException {
    List<ReadProgress> progress = new ArrayList<>();
    List<String> descriptions = new ArrayList<>();
    List<SourceSplit> splits = List.of();
    String reading = StateNames.FILTER;
    try {
      Optional<OperatorState> filter = operator(metadata, StateNames.FILTER);
      if (filter.isPresent()) {
        GuardedReading.of(
            filter.get().getStateSize(),
            () -> {
              readLists(filter.get(), progress, descriptions);
              return null;
            });
      }
      reading = StateNames.READ;
      Optional<OperatorState> source = operator(metadata, StateNames.READ);
      if (source.isPresent()) {
        splits =
            GuardedReading.of(source.get().getStateSize(), () -> SourceSplits.of(source.get()));
      }
    } catch (IOException | RuntimeException e) {
      throw new UnreadableException(reading, e);
    }
    return new StateFile(
        path,
        metadata.getCheckpointId(),
        isSavepoint(metadata, path),
        descriptions.stream().findFirst().map(StateContents::description).orElse(null),
        progress.isEmpty() ? null : progress.get(0).topicId(),
        nextOffsets(progress),
        splits,
        operators(metadata),
        metadata.getOperatorStates().stream().mapToLong(OperatorState::getStateSize).sum(),
        version,
        written);
  }

  /** By its id, since metadata of an older Flink has no uids. */
  private static Optional<OperatorState> operator(CheckpointMetadata metadata, String uid) {
    String id = OperatorUid.id(uid);
    return metadata.getOperatorStates().stream()
        .filter(
            operator ->
                operator
                    .getOperatorUid()
                    .map(uid::equals)
                    .orElse(operator.getOperatorID().toHexString().equals(id)))
        .findFirst();
  }

  private static boolean isSavepoint(CheckpointMetadata metadata, String directory) {
    return metadata.getCheckpointProperties() == null
        ? !directory.substring(directory.lastIndexOf('/') + 1).startsWith("chk-")
        : metadata.getCheckpointProperties().isSavepoint();
  }

  private static void readLists(
      OperatorState operator, List<ReadProgress> progress, List<String> descriptions)
      throws Exception {
    List<OperatorStateHandle> handles = new ArrayList<>();
    operator.getStates().forEach(subtask -> handles.addAll(subtask.getManagedOperatorState()));
    try (CloseableRegistry open = new CloseableRegistry();
        OperatorStateBackend backend =
            new DefaultOperatorStateBackendBuilder(
                    StateContents.class.getClassLoader(),
                    new ExecutionConfig(),
                    false,
                    handles,
                    open)
                .build()) {
      backend
          .getUnionListState(
              new ListStateDescriptor<>(StateNames.READ_PROGRESS, ReadProgress.class))
          .get()
          .forEach(progress::add);
      // State of a job that did not write it down yet has none.
      backend
          .getListState(new ListStateDescriptor<>(StateNames.DESCRIPTION, String.class))
          .get()
          .forEach(descriptions::add);
    }
  }

  private static StartDescription description(String json) {
    try {
      return StartDescription.ofJson(json);
    } catch (IllegalArgumentException e) {
      // Written by another version; Flink can restore the state all the same.
      return null;
    }
  }

  private static SortedMap<Integer, Long> nextOffsets(List<ReadProgress> progress) {
    SortedMap<Integer, Long> offsets = new TreeMap<>();
    for (ReadProgress entry : progress) {
      if (entry.partition() != NO_PARTITION) {
        offsets.merge(entry.partition(), entry.nextOffset(), Math::max);
      }
    }
    return offsets;
  }

  private static List<OperatorEntry> operators(CheckpointMetadata metadata) {
    return metadata.getOperatorStates().stream()
        .map(
            operator ->
                new OperatorEntry(
                    operator.getOperatorUid().orElse(null),
                    operator.getOperatorName().orElse(null),
                    operator.getOperatorID().toHexString(),
                    operator.getParallelism(),
                    operator.getMaxParallelism(),
                    operator.getStateSize(),
                    operator.getCoordinatorState() != null
                        || operator.getStates().stream().anyMatch(OperatorSubtaskState::hasState)))
        .sorted(
            Comparator.comparing(
                    OperatorEntry::uid, Comparator.nullsLast(Comparator.naturalOrder()))
                .thenComparing(OperatorEntry::id))
        .toList();
  }
}
