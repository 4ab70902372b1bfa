package dev.trafficctl.job;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Tells how far the source's consumer has come, which the source itself does not. */
public final class PositionInterceptor implements ConsumerInterceptor<byte[], byte[]> {
  /** The consumer's property with the {@link Positions} that are told. */
  static final String POSITIONS = "trafficctl.positions";

  private Positions positions;

  @Override
  public void configure(Map<String, ?> configuration) {
    positions = (Positions) configuration.get(POSITIONS);
  }

  @Override
  public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
    positions.polled(records);
    return records;
  }

  @Override
  public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

  @Override
  public void close() {}
}
