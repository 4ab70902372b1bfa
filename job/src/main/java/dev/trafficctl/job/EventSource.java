package dev.trafficctl.job;

import dev.trafficctl.model.ParsingRules;
import dev.trafficctl.model.Settings;
import java.util.List;
import java.util.Properties;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceOptions;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.lineage.LineageVertex;
import org.apache.flink.streaming.api.lineage.LineageVertexProvider;
import org.apache.kafka.clients.consumer.ConsumerConfig;
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
  private final ParsingRules parsing;
  private final ResolvedStart start;

  EventSource(Settings settings, ResolvedStart start) {
    this.common = KafkaClients.common(settings);
    this.consumer = KafkaClients.consumer(settings);
    consumer.setProperty(
        KafkaSourceOptions.PARTITION_DISCOVERY_INTERVAL_MS.key(),
        Long.toString(settings.partitionDiscoveryInterval().toMillis()));
    // Hundreds of metrics a consumer, which the JobManager would fetch again and again.
    consumer.setProperty(KafkaSourceOptions.REGISTER_KAFKA_CONSUMER_METRICS.key(), "false");
    this.topic = settings.kafkaTopic();
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
    return new GuardedReader(kafka(watched).createReader(context), positions, common, topic);
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
