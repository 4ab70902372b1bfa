package dev.trafficctl.job;

import dev.trafficctl.model.EventFilter;
import dev.trafficctl.model.FilterRules;
import dev.trafficctl.model.ProcessedEvent;
import dev.trafficctl.model.RejectedEvent;
import dev.trafficctl.model.Settings;
import dev.trafficctl.model.WebEvent;
import java.sql.Connection;
import java.util.List;
import java.util.Properties;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
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

  private final Properties kafkaProperties;
  private final String topicName;
  private final PostgresConnectionProvider postgres;
  private final String rules;
  private final long allowedLateness;
  private final ResolvedStart start;

  private transient ReadPositions positions;
  private transient DescriptionState description;
  private transient Uuid topicId;
  private transient TopicWatch watch;
  private transient short source;
  private transient EventFilter filter;
  private transient FilterMetrics metrics;

  FilterFunction(Settings settings, PostgresConnectionProvider postgres, ResolvedStart start) {
    this.start = start;
    this.kafkaProperties = ClientProperties.common(settings);
    this.topicName = settings.kafkaTopic();
    this.postgres = postgres;
    this.rules = settings.filter();
    this.allowedLateness = settings.allowedLateness().toMillis();
  }

  @Override
  public void initializeState(FunctionInitializationContext context) throws Exception {
    positions = new ReadPositions(context, start);
    description = new DescriptionState(context);
  }

  @Override
  public void open(OpenContext openContext) throws Exception {
    try (Topic topic = new Topic(kafkaProperties, topicName)) {
      topicId = topic.id();
      refuseAnotherTopic();
      if (getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() == 0) {
        refuseAnotherLog(topic);
      }
    }
    try (Connection connection = postgres.getOrEstablishConnection()) {
      source = Sources.numberOf(connection, topicId, topicName);
    } catch (TableFaultException e) {
      throw postgres.failure(e);
    }
    filter = new EventFilter(rules == null ? FilterRules.defaults() : FilterRules.parse(rules));
    metrics = new FilterMetrics(getRuntimeContext().getMetricGroup(), filter.rules());
    watch = new TopicWatch(kafkaProperties, topicName, topicId);
  }

  private void refuseAnotherTopic() {
    String resumed = positions.topicId();
    if (resumed != null && !resumed.equals(topicId.toString())) {
      throw refusal(TopicWatch.changed(topicName, Uuid.fromString(resumed), topicId));
    }
  }

  private void refuseAnotherLog(Topic topic) {
    List<String> differences = topic.differences(positions.last());
    if (!differences.isEmpty()) {
      throw refusal(
          "topic '%s' is no longer the log that was read: %s. %s"
              .formatted(
                  topicName, String.join("; ", differences), DataLostException.OTHER_EVENTS));
    }
  }

  /** No restart can bring back the old topic, so Flink is told not to try. */
  private static SuppressRestartsException refusal(String message) {
    return new SuppressRestartsException(new DataLostException(message));
  }

  @Override
  public void processElement(KafkaEvent record, Context context, Collector<ProcessedEvent> out) {
    refuseChangedTopic();
    metrics.read();
    positions.read(record.partition(), record.offset(), record.kafkaTimestamp());
    WebEvent event = record.event();
    if (event == null) {
      metrics.rejected(record.reason());
      context.output(REJECTED, rejectedEvent(record));
      return;
    }
    int rule = filter.drops(event);
    if (rule >= 0) {
      metrics.filtered(rule);
      return;
    }
    boolean isLate = isLate(event, context.timerService().currentWatermark());
    if (isLate) {
      metrics.late();
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
    positions.snapshot(
        topicId.toString(), getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() == 0);
    description.snapshot(getRuntimeContext());
  }

  @Override
  public void close() {
    if (watch != null) {
      watch.close();
    }
  }
}
