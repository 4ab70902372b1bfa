package dev.trafficctl.cli;

import dev.trafficctl.job.ReadProgress;
import dev.trafficctl.model.StateNames;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.RunnableFuture;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.state.ListStateDescriptor;
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
import org.apache.flink.runtime.state.SnapshotResult;
import org.apache.flink.runtime.state.memory.MemCheckpointStreamFactory;

/** A checkpoint of a job that has read one partition, written as Flink does. */
final class TrainingState {
  private static final int ENOUGH = 1 << 20;

  private TrainingState() {}

  /** Writes it into a directory that is there. */
  static void write(Path directory) throws Exception {
    OperatorState filter =
        new OperatorState(StateNames.FILTER, StateNames.FILTER, new OperatorID(1, 2), 1, 128);
    filter.putState(0, OperatorSubtaskState.builder().setManagedOperatorState(progress()).build());
    try (OutputStream out = Files.newOutputStream(directory.resolve("_metadata"))) {
      Checkpoints.storeCheckpointMetadata(
          new CheckpointMetadata(
              1,
              List.of(filter),
              List.of(),
              CheckpointProperties.forCheckpoint(CheckpointRetentionPolicy.RETAIN_ON_CANCELLATION)),
          out);
    }
  }

  private static OperatorStateHandle progress() throws Exception {
    try (CloseableRegistry open = new CloseableRegistry();
        OperatorStateBackend backend =
            new DefaultOperatorStateBackendBuilder(
                    TrainingState.class.getClassLoader(),
                    new ExecutionConfig(),
                    false,
                    List.of(),
                    open)
                .build()) {
      backend
          .getUnionListState(
              new ListStateDescriptor<>(StateNames.READ_PROGRESS, ReadProgress.class))
          .add(new ReadProgress("AAAAAAAAAAAAAAAAAAAAAQ", 0, 5));
      RunnableFuture<SnapshotResult<OperatorStateHandle>> written =
          backend.snapshot(
              1,
              0,
              new MemCheckpointStreamFactory(ENOUGH),
              CheckpointOptions.forCheckpointWithDefaultLocation());
      written.run();
      return written.get().getJobManagerOwnedSnapshot();
    }
  }
}
