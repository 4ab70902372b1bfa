package dev.trafficctl.cli.state;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.state.DefaultOperatorStateBackendBuilder;
import org.apache.flink.runtime.state.OperatorStateBackend;
import org.apache.flink.runtime.state.OperatorStateHandle;

/**
 * Reads what a Kafka source keeps of its partitions: a list of byte arrays, each a split with the
 * version of its serializer before it (FLIP-27).
 */
final class SourceSplits {
  /** How every source of Flink calls this state. */
  private static final String STATE = "SourceReaderState";

  /** The connector's only version; it has topic, partition, offset and the offset to stop at. */
  private static final int KNOWN_VERSION = 0;

  private static final Comparator<SourceSplit> ORDER =
      Comparator.comparing(SourceSplit::topic).thenComparing(SourceSplit::partition);

  private SourceSplits() {}

  /**
   * The splits, in order.
   *
   * @return null if another version of the connector wrote them
   * @throws Exception when the state is damaged
   */
  static List<SourceSplit> of(OperatorState operator) throws Exception {
    List<OperatorStateHandle> handles = new ArrayList<>();
    operator.getStates().forEach(subtask -> handles.addAll(subtask.getManagedOperatorState()));
    List<SourceSplit> splits = new ArrayList<>();
    try (CloseableRegistry open = new CloseableRegistry();
        OperatorStateBackend backend =
            new DefaultOperatorStateBackendBuilder(
                    SourceSplits.class.getClassLoader(),
                    new ExecutionConfig(),
                    false,
                    handles,
                    open)
                .build()) {
      for (byte[] bytes :
          backend
              .getListState(new ListStateDescriptor<>(STATE, BytePrimitiveArraySerializer.INSTANCE))
              .get()) {
        SourceSplit split = split(bytes);
        if (split == null) {
          return null;
        }
        splits.add(split);
      }
    }
    splits.sort(ORDER);
    return splits;
  }

  static SourceSplit split(byte[] bytes) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readInt();
      int length = in.readInt();
      if (version != KNOWN_VERSION) {
        return null;
      }
      if (length != in.available()) {
        throw new EOFException("a split has " + in.available() + " bytes instead of " + length);
      }
      SourceSplit split = new SourceSplit(in.readUTF(), in.readInt(), in.readLong());
      in.readLong();
      return split;
    }
  }
}
