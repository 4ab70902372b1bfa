package dev.trafficctl.job;

import dev.trafficctl.kafka.CorruptBatchException;
import dev.trafficctl.kafka.PollBudget;
import java.io.IOException;
import java.lang.reflect.Field;
import java.util.Properties;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.kafka.source.metrics.KafkaSourceReaderMetrics;
import org.apache.flink.connector.kafka.source.reader.KafkaPartitionSplitReader;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;

/**
 * Flink's reader of partitions, except that its consumer takes no more into memory than a {@link
 * PollBudget} allows, and that it says where a batch is damaged and what to do, in one line.
 */
// Flink closes it, and takes an interruption as such.
@SuppressWarnings("try")
final class CarefulSplitReader extends KafkaPartitionSplitReader {
  /**
   * With the properties of its consumer.
   *
   * @param budget that of its polls
   */
  CarefulSplitReader(
      Properties consumer,
      SourceReaderContext context,
      KafkaSourceReaderMetrics metrics,
      PollBudget budget) {
    super(consumer, context, metrics);
    budget.bound(consumer());
  }

  /** Flink's reader makes its consumer by itself, and shows it to its own package alone. */
  @SuppressWarnings("unchecked")
  private KafkaConsumer<byte[], byte[]> consumer() {
    try {
      Field consumer = KafkaPartitionSplitReader.class.getDeclaredField("consumer");
      consumer.setAccessible(true);
      return (KafkaConsumer<byte[], byte[]>) consumer.get(this);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "this version of Flink's Kafka connector is not the one that this was built with", e);
    }
  }

  @Override
  public RecordsWithSplitIds<ConsumerRecord<byte[], byte[]>> fetch() throws IOException {
    try {
      return super.fetch();
    } catch (KafkaException e) {
      // Of a failure Flink shows the first cause, which is to be the one that helps.
      throw CorruptBatchException.in(e).map(KafkaException.class::cast).orElse(e);
    }
  }
}
