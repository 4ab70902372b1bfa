package dev.trafficctl.job;

import dev.trafficctl.model.EventFilter;
import dev.trafficctl.model.FilterRules;
import dev.trafficctl.model.RejectionReason;
import dev.trafficctl.model.Settings;
import dev.trafficctl.model.StartDescription;
import dev.trafficctl.model.StateNames;
import dev.trafficctl.model.WebEvent;
import java.sql.Connection;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MeterView;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.apache.kafka.common.Uuid;

/**
 * The filter stage: passes on the events somebody cares about, with the number of their source and
 * whether they are late, hands rejected records to the reject stage, and counts everything.
 *
 * <p>Before the first event it makes sure that the restored offsets still mean what they meant:
 * that the topic is the same one. Its state also holds how the job was started.
 */
final class FilterFunction extends ProcessFunction<KafkaEvent, ProcessedEvent>
    implements CheckpointedFunction {
  private static final long serialVersionUID = 1L;

  /** Records that hold no event which could be stored. */
  static final OutputTag<RejectedEvent> REJECTED =
      new OutputTag<>("rejected", TypeInformation.of(RejectedEvent.class));

  /** The span of the rates in seconds; it is also that of a {@link MeterView} of a gauge. */
  static final int LAST_MINUTE = 60;

  private static final int TOPIC_ALONE = -1;
  private static final long NONE_READ = -1;

  private final Properties kafkaProperties;
  private final String topicName;
  private final PostgresConnectionProvider postgres;
  private final String rules;
  private final long allowedLateness;
  private final ResolvedStart start;

  private transient ListState<ReadProgress> progressState;
  private transient ListState<String> descriptionState;
  private transient Map<Integer, Long> resumed;
  private transient String resumedTopicId;
  private transient long[] nextOffsets;
  private transient Uuid topicId;
  private transient TopicWatch watch;
  private transient short source;
  private transient EventFilter filter;
  private transient Counter read;
  private transient Counter late;
  private transient Counter[] filtered;
  private transient Map<String, Counter> rejected;

  FilterFunction(Settings settings, PostgresConnectionProvider postgres, ResolvedStart start) {
    this.start = start;
    this.kafkaProperties = KafkaClients.common(settings);
    this.topicName = settings.kafkaTopic();
    this.postgres = postgres;
    this.rules = settings.filter();
    this.allowedLateness = settings.allowedLateness().toMillis();
  }

  @Override
  public void initializeState(FunctionInitializationContext context) throws Exception {
    progressState =
        context
            .getOperatorStateStore()
            .getUnionListState(
                new ListStateDescriptor<>(StateNames.READ_PROGRESS, ReadProgress.class));
    descriptionState =
        context
            .getOperatorStateStore()
            .getListState(new ListStateDescriptor<>(StateNames.DESCRIPTION, String.class));
    resumed = new TreeMap<>();
    if (!context.isRestored()) {
      // A restart before the first checkpoint must find the same topic and events as the start did.
      resumedTopicId = start.topicId();
      resumed.putAll(start.offsets());
    }
    for (ReadProgress progress : progressState.get()) {
      resumedTopicId = progress.topicId();
      if (progress.partition() != TOPIC_ALONE) {
        resumed.merge(progress.partition(), progress.nextOffset(), Math::max);
      }
    }
    nextOffsets = new long[0];
  }

  @Override
  public void open(OpenContext openContext) throws Exception {
    try (Topic topic = new Topic(kafkaProperties, topicName)) {
      topicId = topic.id();
      refuseAnotherTopic();
    }
    try (Connection connection = postgres.getOrEstablishConnection()) {
      source = Sources.numberOf(connection, topicId, topicName);
    } catch (TableFault e) {
      throw postgres.failure(e);
    }
    filter = new EventFilter(rules == null ? FilterRules.defaults() : FilterRules.parse(rules));
    registerMetrics(getRuntimeContext().getMetricGroup());
    watch = new TopicWatch(kafkaProperties, topicName, topicId);
  }

  private void refuseAnotherTopic() {
    if (resumedTopicId != null && !resumedTopicId.equals(topicId.toString())) {
      throw refusal(TopicWatch.changed(topicName, Uuid.fromString(resumedTopicId), topicId));
    }
  }

  /** No restart can bring back the old topic, so Flink is told not to try. */
  private static SuppressRestartsException refusal(String message) {
    return new SuppressRestartsException(new DataLostException(message));
  }

  private void registerMetrics(MetricGroup metrics) {
    read = metrics.counter("read");
    late = metrics.counter("late");
    MetricGroup filteredGroup = metrics.addGroup("filtered");
    filtered = filter.rules().stream().map(filteredGroup::counter).toArray(Counter[]::new);
    MetricGroup rejectedGroup = metrics.addGroup("rejected");
    MetricGroup rejectionsGroup = metrics.addGroup("rejectionsPerSecond");
    rejected = new HashMap<>();
    for (RejectionReason reason : RejectionReason.values()) {
      Counter counter = rejectedGroup.counter(reason.code());
      rejected.put(reason.code(), counter);
      rejectionsGroup.meter(reason.code(), new MeterView(counter, LAST_MINUTE));
    }
    List<Counter> drops = List.of(filtered);
    metrics.meter("filteredPerSecond", new MeterView(() -> sum(drops)));
    List<Counter> rejections = List.copyOf(rejected.values());
    metrics.meter("rejectedPerSecond", new MeterView(() -> sum(rejections)));
    // Flink hands out what it gathered when it was asked last, however long ago that was.
    metrics.gauge("measuredAt", (Gauge<Long>) System::currentTimeMillis);
  }

  private static long sum(List<Counter> counters) {
    return counters.stream().mapToLong(Counter::getCount).sum();
  }

  @Override
  public void processElement(KafkaEvent record, Context context, Collector<ProcessedEvent> out) {
    refuseChangedTopic();
    read.inc();
    remember(record.partition(), record.offset() + 1);
    WebEvent event = record.event();
    if (event == null) {
      rejected.get(record.reason()).inc();
      context.output(REJECTED, rejectedEvent(record));
      return;
    }
    int rule = filter.drops(event);
    if (rule >= 0) {
      filtered[rule].inc();
      return;
    }
    boolean isLate = isLate(event, context.timerService().currentWatermark());
    if (isLate) {
      late.inc();
    }
    out.collect(
        new ProcessedEvent(
            source, record.partition(), record.offset(), record.kafkaTimestamp(), isLate, event));
  }

  private void refuseChangedTopic() {
    String change = watch.change();
    if (change != null) {
      throw refusal(change);
    }
  }

  private void remember(int partition, long nextOffset) {
    if (partition >= nextOffsets.length) {
      int before = nextOffsets.length;
      nextOffsets = Arrays.copyOf(nextOffsets, partition + 1);
      Arrays.fill(nextOffsets, before, nextOffsets.length, NONE_READ);
    }
    nextOffsets[partition] = nextOffset;
  }

  private boolean isLate(WebEvent event, long watermark) {
    return watermark != Long.MIN_VALUE
        && Math.floorDiv(event.eventTimeMicros(), 1000L) + allowedLateness <= watermark;
  }

  private RejectedEvent rejectedEvent(KafkaEvent record) {
    return new RejectedEvent(
        source,
        record.partition(),
        record.offset(),
        record.kafkaTimestamp(),
        record.reason(),
        record.detail(),
        record.payload(),
        record.payloadBytes());
  }

  @Override
  public void snapshotState(FunctionSnapshotContext context) throws Exception {
    refuseChangedTopic();
    Map<Integer, Long> progress = new TreeMap<>();
    // One subtask carries on where reading began, for the partitions that have been silent since.
    if (getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() == 0) {
      progress.putAll(resumed);
    }
    for (int partition = 0; partition < nextOffsets.length; partition++) {
      if (nextOffsets[partition] != NONE_READ) {
        progress.put(partition, nextOffsets[partition]);
      }
    }
    String id = topicId.toString();
    progressState.clear();
    progressState.add(new ReadProgress(id, TOPIC_ALONE, NONE_READ));
    for (Map.Entry<Integer, Long> entry : progress.entrySet()) {
      progressState.add(new ReadProgress(id, entry.getKey(), entry.getValue()));
    }
    descriptionState.clear();
    if (getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() == 0) {
      describe();
    }
  }

  /** For those who have nothing of the job but its state. */
  private void describe() throws Exception {
    Map<String, String> parameters = getRuntimeContext().getGlobalJobParameters();
    // There are none where the stages are tested without the job's main().
    if (parameters.containsKey(StartDescription.ARGUMENTS)) {
      descriptionState.add(
          StartDescription.of(
                  getRuntimeContext().getJobInfo().getJobName(),
                  getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks(),
                  parameters)
              .toJson());
    }
  }

  @Override
  public void close() {
    if (watch != null) {
      watch.close();
    }
  }
}
