package dev.trafficctl.cli.state;

import dev.trafficctl.job.ReadProgress;
import dev.trafficctl.model.StartDescription;
import dev.trafficctl.model.StateNames;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.state.DefaultOperatorStateBackendBuilder;
import org.apache.flink.runtime.state.OperatorStateBackend;
import org.apache.flink.runtime.state.OperatorStateHandle;

/**
 * Reads savepoints and checkpoints with Flink's own code. It changes nothing, and needs neither
 * Flink nor the job to run.
 */
public final class StateReader {
  /** The file without which a directory is neither a savepoint nor a complete checkpoint. */
  static final String METADATA = "_metadata";

  private static final int NO_PARTITION = -1;

  /**
   * Reads what lies at a place.
   *
   * @param path the directory of a savepoint or checkpoint, or the {@code _metadata} in it: a local
   *     path, or a URL as Flink writes it, in which nothing is encoded
   */
  public StateReading read(String path) {
    Optional<Path> local = StatePath.local(path);
    return local.isEmpty()
        ? new StateReading.Elsewhere(path + " cannot be read from this machine")
        : read(local.get());
  }

  /**
   * Reads what Flink says is there. If neither it nor the directory around it is on this machine,
   * then Flink writes to a disk of its own, and nothing is known about it here.
   *
   * @param path the directory of a savepoint or checkpoint, as Flink writes it
   */
  public StateReading readKnown(String path) {
    boolean onAnotherDisk =
        StatePath.local(path)
            .filter(place -> place.getParent() != null && !Files.exists(place.getParent()))
            .isPresent();
    return onAnotherDisk
        ? new StateReading.Elsewhere(path + " cannot be read from this machine")
        : read(path);
  }

  private static StateReading read(Path given) {
    Path directory = given.endsWith(METADATA) ? given.getParent() : given;
    Path metadata = directory.resolve(METADATA);
    if (!Files.exists(directory)) {
      return new StateReading.Broken("there is no " + directory);
    }
    if (!Files.isRegularFile(metadata)) {
      return new StateReading.Broken(
          directory + " holds no " + METADATA + ", so it is no complete savepoint or checkpoint");
    }
    if (!Files.isReadable(metadata)) {
      return new StateReading.Broken("this user may not read " + metadata);
    }
    try {
      return whole(directory, load(metadata));
    } catch (EOFException e) {
      return new StateReading.Broken(metadata + " is cut off: it was not written to its end");
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      // A damaged length makes Flink ask for that much memory.
      return new StateReading.Broken(metadata + " is damaged, or is no metadata of Flink");
    }
  }

  private static CheckpointMetadata load(Path metadata) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(metadata)))) {
      // Files that the metadata names without a directory lie beside it.
      return Checkpoints.loadCheckpointMetadata(
          in, StateReader.class.getClassLoader(), StatePath.flink(metadata.getParent()));
    }
  }

  private static StateReading whole(Path directory, CheckpointMetadata metadata) {
    StateFiles files = StateFiles.of(metadata);
    Optional<String> missing = files.problem();
    if (missing.isPresent()) {
      return new StateReading.Broken(directory + " cannot be restored: " + missing.get());
    }
    if (files.elsewhere().isPresent()) {
      return new StateReading.Elsewhere(
          directory
              + " refers to "
              + files.elsewhere().get()
              + ", which cannot be read from this machine");
    }
    Optional<OperatorState> filter =
        metadata.getOperatorStates().stream()
            .filter(
                operator -> operator.getOperatorUid().filter(StateNames.FILTER::equals).isPresent())
            .findFirst();
    List<ReadProgress> progress = new ArrayList<>();
    List<String> descriptions = new ArrayList<>();
    if (filter.isPresent()) {
      try {
        readLists(filter.get(), progress, descriptions);
      } catch (Exception e) {
        return new StateReading.Broken(
            "the state of the operator '"
                + StateNames.FILTER
                + "' in "
                + directory
                + " cannot be read");
      }
    }
    return new StateReading.Whole(
        new StateFile(
            StatePath.flink(directory),
            metadata.getCheckpointId(),
            isSavepoint(metadata, directory),
            descriptions.stream().findFirst().map(StateReader::description).orElse(null),
            progress.isEmpty() ? null : progress.get(0).topicId(),
            nextOffsets(progress),
            operators(metadata),
            metadata.getOperatorStates().stream().mapToLong(OperatorState::getStateSize).sum()));
  }

  private static boolean isSavepoint(CheckpointMetadata metadata, Path directory) {
    return metadata.getCheckpointProperties() == null
        ? !directory.getFileName().toString().startsWith("chk-")
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
                    StateReader.class.getClassLoader(), new ExecutionConfig(), false, handles, open)
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
                    operator.getStateSize()))
        .sorted(
            Comparator.comparing(
                    OperatorEntry::uid, Comparator.nullsLast(Comparator.naturalOrder()))
                .thenComparing(OperatorEntry::id))
        .toList();
  }
}
