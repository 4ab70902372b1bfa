package dev.trafficctl.job;

import dev.trafficctl.kafka.PollBudget;
import dev.trafficctl.model.EventParser;
import dev.trafficctl.model.ParsingRules;
import dev.trafficctl.model.Settings;
import dev.trafficctl.model.StoredValues;
import java.util.List;
import java.util.Properties;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.synchronization.FutureCompletingBlockingQueue;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceOptions;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.metrics.KafkaSourceReaderMetrics;
import org.apache.flink.connector.kafka.source.reader.KafkaRecordEmitter;
import org.apache.flink.connector.kafka.source.reader.KafkaSourceReader;
import org.apache.flink.connector.kafka.source.reader.fetcher.KafkaSourceFetcherManager;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.lineage.LineageVertex;
import org.apache.flink.streaming.api.lineage.LineageVertexProvider;
import org.apache.flink.util.UserCodeClassLoader;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Flink's Kafka source with its parser, except that it starts where the offsets were pinned, and
 * never passes over an event that was deleted before it was read: see {@link GuardedReader}. Its
 * state is that of Flink's source.
 */
final class EventSource
    implements Source<KafkaEvent, KafkaPartitionSplit, KafkaSourceEnumState>,
        ResultTypeQueryable<KafkaEvent>,
        LineageVertexProvider {
  private static final long serialVersionUID = 1L;

  private final Properties common;
  private final Properties consumer;
  private final String topic;
  private final String group;
  private final ParsingRules parsing;
  private final ResolvedStart start;

  EventSource(Settings settings, ResolvedStart start) {
    this.common = ClientProperties.common(settings);
    this.consumer = ClientProperties.consumer(settings);
    consumer.setProperty(
        KafkaSourceOptions.PARTITION_DISCOVERY_INTERVAL_MS.key(),
        Long.toString(settings.partitionDiscoveryInterval().toMillis()));
    // Hundreds of metrics a consumer, which the JobManager would fetch again and again.
    consumer.setProperty(KafkaSourceOptions.REGISTER_KAFKA_CONSUMER_METRICS.key(), "false");
    this.topic = settings.kafkaTopic();
    this.group = settings.kafkaGroup();
    this.parsing = settings.parsing();
    this.start = start;
  }

  private KafkaSource<KafkaEvent> kafka(Properties properties) {
    return KafkaSource.<KafkaEvent>builder()
        .setProperties(properties)
        .setTopics(topic)
        .setStartingOffsets(new FromFirstEvent())
        .setDeserializer(new EventDeserializer(parsing))
        .build();
  }

  @Override
  public SourceReader<KafkaEvent, KafkaPartitionSplit> createReader(SourceReaderContext context)
      throws Exception {
    Positions positions = new Positions();
    Properties watched = new Properties();
    watched.putAll(consumer);
    watched.setProperty(
        ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG, PositionInterceptor.class.getName());
    watched.put(PositionInterceptor.POSITIONS, positions);
    watched.setProperty(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    watched.setProperty(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    watched.setProperty(KafkaSourceOptions.CLIENT_ID_PREFIX.key(), group);
    PollBudget budget = new PollBudget(EventParser.MAX_VALUE_BYTES, StoredValues.MAX_PAYLOAD);
    budget.applyTo(watched);
    return new GuardedReader(reader(watched, context, budget), positions, common, topic);
  }

  /** As Flink's source makes it, but for the one class that polls. */
  private SourceReader<KafkaEvent, KafkaPartitionSplit> reader(
      Properties properties, SourceReaderContext context, PollBudget budget) throws Exception {
    EventDeserializer deserializer = new EventDeserializer(parsing);
    deserializer.open(opening(context));
    KafkaSourceReaderMetrics metrics = new KafkaSourceReaderMetrics(context.metricGroup());
    FutureCompletingBlockingQueue<RecordsWithSplitIds<ConsumerRecord<byte[], byte[]>>> queue =
        new FutureCompletingBlockingQueue<>();
    Configuration configuration = new Configuration();
    properties
        .stringPropertyNames()
        .forEach(name -> configuration.setString(name, properties.getProperty(name)));
    return new KafkaSourceReader<>(
        queue,
        new KafkaSourceFetcherManager(
            queue,
            () -> new CarefulSplitReader(properties, context, metrics, budget),
            finished -> {}),
        new KafkaRecordEmitter<>(deserializer),
        configuration,
        context,
        metrics);
  }

  /** What Flink's source opens a deserializer with. */
  private static DeserializationSchema.InitializationContext opening(SourceReaderContext context) {
    return new DeserializationSchema.InitializationContext() {
      @Override
      public MetricGroup getMetricGroup() {
        return context.metricGroup().addGroup("deserializer");
      }

      @Override
      public UserCodeClassLoader getUserCodeClassLoader() {
        return context.getUserCodeClassLoader();
      }
    };
  }

  /**
   * Begins with the pinned offsets as if they had been found out already, so that every checkpoint
   * knows them, and a partition that is found later is told from those.
   */
  @Override
  public SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> createEnumerator(
      SplitEnumeratorContext<KafkaPartitionSplit> context) throws Exception {
    List<KafkaPartitionSplit> pinned =
        start.offsets().entrySet().stream()
            .map(
                entry ->
                    new KafkaPartitionSplit(
                        new TopicPartition(topic, entry.getKey()), entry.getValue()))
            .toList();
    return restoreEnumerator(context, new KafkaSourceEnumState(List.of(), pinned, true));
  }

  @Override
  public SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> restoreEnumerator(
      SplitEnumeratorContext<KafkaPartitionSplit> context, KafkaSourceEnumState state)
      throws Exception {
    return kafka(consumer).restoreEnumerator(context, state);
  }

  @Override
  public Boundedness getBoundedness() {
    return Boundedness.CONTINUOUS_UNBOUNDED;
  }

  @Override
  public SimpleVersionedSerializer<KafkaPartitionSplit> getSplitSerializer() {
    return kafka(consumer).getSplitSerializer();
  }

  @Override
  public SimpleVersionedSerializer<KafkaSourceEnumState> getEnumeratorCheckpointSerializer() {
    return kafka(consumer).getEnumeratorCheckpointSerializer();
  }

  @Override
  public TypeInformation<KafkaEvent> getProducedType() {
    return kafka(consumer).getProducedType();
  }

  @Override
  public LineageVertex getLineageVertex() {
    return kafka(consumer).getLineageVertex();
  }
}
