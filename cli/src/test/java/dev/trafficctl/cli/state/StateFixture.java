package dev.trafficctl.cli.state;

import dev.trafficctl.job.ReadProgress;
import dev.trafficctl.model.StartDescription;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.checkpoint.CheckpointProperties;
import org.apache.flink.runtime.checkpoint.CheckpointRetentionPolicy;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.DefaultOperatorStateBackendBuilder;
import org.apache.flink.runtime.state.OperatorStateBackend;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.OperatorStreamStateHandle;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;
import org.apache.flink.runtime.state.memory.MemCheckpointStreamFactory;

/** Writes savepoints and checkpoints as Flink does, without Flink running. */
public final class StateFixture {
  /** How the job in the states was started, unless a test gives another description. */
  public static final StartDescription DESCRIPTION =
      new StartDescription("traffic", 2, List.of("--kafka-topic", "web traffic"), "0.1.0", "ab12");

  private static final String TOPIC_ID = "AAAAAAAAAAAAAAAAAAAAAQ";

  private StateFixture() {}

  /** A savepoint of a job with two subtasks that have read two partitions. */
  public static Path savepoint(Path directory) throws Exception {
    return write(
        directory,
        7,
        CheckpointProperties.forSavepoint(false, SavepointFormatType.CANONICAL),
        inMemory(DESCRIPTION.toJson()));
  }

  /** A checkpoint of a job with such a description; null for a job that wrote none down. */
  public static Path checkpoint(Path directory, long number, StartDescription description)
      throws Exception {
    return write(
        directory,
        number,
        CheckpointProperties.forCheckpoint(CheckpointRetentionPolicy.RETAIN_ON_CANCELLATION),
        inMemory(description == null ? null : description.toJson()));
  }

  /** A checkpoint whose state lies in a file {@code state} beside its metadata. */
  public static Path checkpointWithFile(Path directory, long number) throws Exception {
    Files.createDirectories(directory);
    Path file = directory.resolve("state");
    OperatorStateHandle inMemory = inMemory(DESCRIPTION.toJson()).get(0);
    Files.write(file, inMemory.asBytesIfInMemory().orElseThrow());
    return write(
        directory,
        number,
        CheckpointProperties.forCheckpoint(CheckpointRetentionPolicy.RETAIN_ON_CANCELLATION),
        List.of(
            new OperatorStreamStateHandle(
                inMemory.getStateNameToPartitionOffsets(),
                new FileStateHandle(
                    new org.apache.flink.core.fs.Path("file:" + file), Files.size(file)))));
  }

  private static List<OperatorStateHandle> inMemory(String description) throws Exception {
    return List.of(
        handle(description, new ReadProgress(TOPIC_ID, -1, -1), new ReadProgress(TOPIC_ID, 0, 12)),
        // One subtask also tells where reading began, for partitions that were silent since.
        handle(
            null,
            new ReadProgress(TOPIC_ID, -1, -1),
            new ReadProgress(TOPIC_ID, 0, 3),
            new ReadProgress(TOPIC_ID, 1, 40)));
  }

  private static OperatorStateHandle handle(String description, ReadProgress... progress)
      throws Exception {
    try (CloseableRegistry open = new CloseableRegistry();
        OperatorStateBackend backend =
            new DefaultOperatorStateBackendBuilder(
                    StateFixture.class.getClassLoader(),
                    new ExecutionConfig(),
                    false,
                    List.of(),
                    open)
                .build()) {
      backend
          .getUnionListState(new ListStateDescriptor<>("read-progress", ReadProgress.class))
          .addAll(List.of(progress));
      if (description != null) {
        backend
            .getListState(new ListStateDescriptor<>("description", String.class))
            .add(description);
      }
      var snapshot =
          backend.snapshot(
              1,
              0,
              new MemCheckpointStreamFactory(1 << 20),
              CheckpointOptions.forCheckpointWithDefaultLocation());
      snapshot.run();
      return snapshot.get().getJobManagerOwnedSnapshot();
    }
  }

  private static Path write(
      Path directory,
      long number,
      CheckpointProperties properties,
      List<OperatorStateHandle> subtasks)
      throws IOException {
    OperatorState filter =
        new OperatorState("filter", "filter", new OperatorID(1, 2), subtasks.size(), 128);
    for (int subtask = 0; subtask < subtasks.size(); subtask++) {
      filter.putState(
          subtask,
          OperatorSubtaskState.builder().setManagedOperatorState(subtasks.get(subtask)).build());
    }
    Files.createDirectories(directory);
    try (OutputStream out = Files.newOutputStream(directory.resolve("_metadata"))) {
      Checkpoints.storeCheckpointMetadata(
          new CheckpointMetadata(number, List.of(filter), List.of(), properties), out);
    }
    return directory;
  }
}
