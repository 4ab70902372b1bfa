package dev.trafficctl.cli.state;

import dev.trafficctl.job.ReadProgress;
import dev.trafficctl.model.StartDescription;
import dev.trafficctl.model.StateNames;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
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

  private static final String WEB_TRAFFIC = "web traffic";
  private static final String TOPIC_ID = "AAAAAAAAAAAAAAAAAAAAAQ";

  private StateFixture() {}

  /** A savepoint of a job with two subtasks that have read two partitions. */
  public static Path savepoint(Path directory) throws Exception {
    return write(
        directory,
        7,
        CheckpointProperties.forSavepoint(false, SavepointFormatType.CANONICAL),
        filter(inMemory(DESCRIPTION.toJson())));
  }

  /** A checkpoint of a job with such a description; null for a job that wrote none down. */
  public static Path checkpoint(Path directory, long number, StartDescription description)
      throws Exception {
    return write(
        directory,
        number,
        CheckpointProperties.forCheckpoint(CheckpointRetentionPolicy.RETAIN_ON_CANCELLATION),
        filter(inMemory(description == null ? null : description.toJson())));
  }

  /** A checkpoint of a job with such a description that has read so far. */
  public static Path checkpoint(
      Path directory, long number, StartDescription description, ReadProgress... progress)
      throws Exception {
    return write(
        directory,
        number,
        CheckpointProperties.forCheckpoint(CheckpointRetentionPolicy.RETAIN_ON_CANCELLATION),
        filter(List.of(handle(description.toJson(), progress))));
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
        filter(
            List.of(
                new OperatorStreamStateHandle(
                    inMemory.getStateNameToPartitionOffsets(),
                    new FileStateHandle(
                        new org.apache.flink.core.fs.Path("file:" + file), Files.size(file))))));
  }

  /** A savepoint whose metadata names a file, which is made, as one that holds its state. */
  public static Path savepointWithFile(Path directory, Path file) throws Exception {
    OperatorStateHandle inMemory = inMemory(DESCRIPTION.toJson()).get(0);
    Files.createDirectories(file.getParent());
    Files.write(file, inMemory.asBytesIfInMemory().orElseThrow());
    return write(
        directory,
        7,
        CheckpointProperties.forSavepoint(false, SavepointFormatType.CANONICAL),
        filter(
            List.of(
                new OperatorStreamStateHandle(
                    inMemory.getStateNameToPartitionOffsets(),
                    new FileStateHandle(
                        new org.apache.flink.core.fs.Path("file:" + file), Files.size(file))))));
  }

  /**
   * A savepoint with what Flink's Kafka source keeps besides, of a job with such a description.
   *
   * @param splits the source's own next offset of each partition of the topic {@code web traffic}
   * @param others the uids of further operators that have state
   */
  public static Path savepointWithSource(
      Path directory, StartDescription description, Map<Integer, Long> splits, String... others)
      throws Exception {
    List<OperatorState> operators = new ArrayList<>();
    operators.add(
        operator(StateNames.FILTER, inMemory(description == null ? null : description.toJson())));
    operators.add(operator(StateNames.READ, List.of(source(splits))));
    operators.add(operator("write", List.of()));
    for (String uid : others) {
      operators.add(operator(uid, List.of(source(Map.of()))));
    }
    return write(
        directory,
        7,
        CheckpointProperties.forSavepoint(false, SavepointFormatType.CANONICAL),
        operators);
  }

  /**
   * A savepoint with one partition of a topic, of a job with such a description.
   *
   * @param processed what its filter has taken
   * @param next where its source goes on
   */
  public static Path savepointWithSource(
      Path directory, StartDescription description, String topic, ReadProgress processed, long next)
      throws Exception {
    return write(
        directory,
        7,
        CheckpointProperties.forSavepoint(false, SavepointFormatType.CANONICAL),
        List.of(
            operator(StateNames.FILTER, List.of(handle(description.toJson(), processed))),
            operator(
                StateNames.READ, List.of(source(topic, Map.of(processed.partition(), next))))));
  }

  /** A savepoint of a job that has nothing to do with this one. */
  public static Path savepointOfAnotherJob(Path directory) throws Exception {
    return write(
        directory,
        3,
        CheckpointProperties.forSavepoint(false, SavepointFormatType.CANONICAL),
        List.of(operator("orders", List.of(source(Map.of())))));
  }

  /** The id that Flink makes of an operator's uid. */
  public static String id(String uid) {
    return OperatorUid.id(uid);
  }

  /** A jar that lists the uids of its job's operators, as the job's own jar does. */
  public static Path jar(Path jar, String... uids) throws IOException {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry("dev/trafficctl/job/operators.txt"));
      out.write((String.join("\n", uids) + "\n").getBytes(StandardCharsets.UTF_8));
    }
    return jar;
  }

  /** As the connector and the source operator write it. */
  private static OperatorStateHandle source(Map<Integer, Long> splits) throws Exception {
    return source(WEB_TRAFFIC, splits);
  }

  private static OperatorStateHandle source(String topic, Map<Integer, Long> splits)
      throws Exception {
    List<byte[]> elements = new ArrayList<>();
    for (Map.Entry<Integer, Long> split : new TreeMap<>(splits).entrySet()) {
      elements.add(split(0, topic, split.getKey(), split.getValue()));
    }
    return handle(
        backend ->
            backend
                .getListState(
                    new ListStateDescriptor<>(
                        "SourceReaderState", BytePrimitiveArraySerializer.INSTANCE))
                .addAll(elements));
  }

  /** A split of the topic {@code web traffic} in a version of the connector's form. */
  static byte[] split(int version, int partition, long offset) throws IOException {
    return split(version, WEB_TRAFFIC, partition, offset);
  }

  private static byte[] split(int version, String topic, int partition, long offset)
      throws IOException {
    ByteArrayOutputStream split = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(split);
    out.writeUTF(topic);
    out.writeInt(partition);
    out.writeLong(offset);
    out.writeLong(Long.MIN_VALUE);
    return ByteBuffer.allocate(2 * Integer.BYTES + split.size())
        .putInt(version)
        .putInt(split.size())
        .put(split.toByteArray())
        .array();
  }

  private static OperatorState operator(String uid, List<OperatorStateHandle> subtasks) {
    OperatorState operator =
        new OperatorState(
            uid,
            uid,
            new OperatorID(HexFormat.of().parseHex(OperatorUid.id(uid))),
            Math.max(1, subtasks.size()),
            128);
    put(operator, subtasks);
    return operator;
  }

  private static void put(OperatorState operator, List<OperatorStateHandle> subtasks) {
    for (int subtask = 0; subtask < subtasks.size(); subtask++) {
      operator.putState(
          subtask,
          OperatorSubtaskState.builder().setManagedOperatorState(subtasks.get(subtask)).build());
    }
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
    return handle(
        backend -> {
          backend
              .getUnionListState(new ListStateDescriptor<>("read-progress", ReadProgress.class))
              .addAll(List.of(progress));
          if (description != null) {
            backend
                .getListState(new ListStateDescriptor<>("description", String.class))
                .add(description);
          }
        });
  }

  @FunctionalInterface
  private interface Filling {
    void fill(OperatorStateBackend backend) throws Exception;
  }

  private static OperatorStateHandle handle(Filling filling) throws Exception {
    try (CloseableRegistry open = new CloseableRegistry();
        OperatorStateBackend backend =
            new DefaultOperatorStateBackendBuilder(
                    StateFixture.class.getClassLoader(),
                    new ExecutionConfig(),
                    false,
                    List.of(),
                    open)
                .build()) {
      filling.fill(backend);
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

  /** With an id for the filter that is none which Flink would make of its uid. */
  private static List<OperatorState> filter(List<OperatorStateHandle> subtasks) {
    OperatorState filter =
        new OperatorState("filter", "filter", new OperatorID(1, 2), subtasks.size(), 128);
    put(filter, subtasks);
    return List.of(filter);
  }

  private static Path write(
      Path directory, long number, CheckpointProperties properties, List<OperatorState> operators)
      throws IOException {
    Files.createDirectories(directory);
    try (OutputStream out = Files.newOutputStream(directory.resolve("_metadata"))) {
      Checkpoints.storeCheckpointMetadata(
          new CheckpointMetadata(number, operators, List.of(), properties), out);
    }
    return directory;
  }
}
