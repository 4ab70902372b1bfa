package dev.trafficctl.job;

import dev.trafficctl.kafka.OneByOne;
import dev.trafficctl.kafka.PollBudget;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.connector.base.source.reader.RecordsBySplits;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsAddition;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsChange;
import org.apache.flink.connector.kafka.source.metrics.KafkaSourceReaderMetrics;
import org.apache.flink.connector.kafka.source.reader.KafkaPartitionSplitReader;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Flink's reader of partitions, except that a record which does not fit into memory ends nothing:
 * it is found, handed on without its value, and passed over. See {@link OneByOne}.
 *
 * <p>An error in the middle of a poll loses what the poll has already taken, so that every
 * partition is then read again from where the last complete poll has left it.
 */
// Flink closes it, and takes an interruption as such.
@SuppressWarnings("try")
final class CarefulSplitReader extends KafkaPartitionSplitReader {
  private static final Logger LOG = LoggerFactory.getLogger(CarefulSplitReader.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Each takes a collection of garbage or two; more in a row are rather an attack than data. */
  private static final int MOST_IN_A_ROW = 100;

  private final Properties consumer;
  private final Positions positions;
  private final PollBudget budget;
  private final Map<TopicPartition, Long> first = new HashMap<>();
  private final Map<TopicPartition, Row> rows = new HashMap<>();

  /** Records without one between them that can be read. */
  private record Row(long from, int records, long next) {}

  /**
   * With the properties of its consumer.
   *
   * @param positions how far that consumer has come, told by its interceptor
   * @param budget that of its polls
   */
  CarefulSplitReader(
      Properties consumer,
      SourceReaderContext context,
      KafkaSourceReaderMetrics metrics,
      Positions positions,
      PollBudget budget) {
    super(consumer, context, metrics);
    this.consumer = consumer;
    this.positions = positions;
    this.budget = budget;
  }

  @Override
  public void handleSplitsChanges(SplitsChange<KafkaPartitionSplit> change) {
    if (change instanceof SplitsAddition<KafkaPartitionSplit>) {
      change
          .splits()
          .forEach(split -> first.put(split.getTopicPartition(), split.getStartingOffset()));
    }
    super.handleSplitsChanges(change);
  }

  @Override
  public RecordsWithSplitIds<ConsumerRecord<byte[], byte[]>> fetch() throws IOException {
    try {
      return super.fetch();
    } catch (OutOfMemoryError e) {
      return oneByOne(e);
    }
  }

  private RecordsWithSplitIds<ConsumerRecord<byte[], byte[]>> oneByOne(OutOfMemoryError error) {
    budget.refill();
    RecordsBySplits.Builder<ConsumerRecord<byte[], byte[]>> found = new RecordsBySplits.Builder<>();
    List<KafkaPartitionSplit> again = new ArrayList<>();
    boolean isFound = false;
    boolean isAny = false;
    for (Map.Entry<TopicPartition, Long> partition : first.entrySet()) {
      TopicPartition place = partition.getKey();
      long next = positions.next(place, partition.getValue());
      if (!isFound) {
        OneByOne.Result read =
            OneByOne.read(consumer, place, next, OneByOne.MOST_RECORDS, PATIENCE);
        isFound = read.unreadable().isPresent();
        isAny |= !read.records().isEmpty();
        if (isFound) {
          passOver(place, read.unreadable().getAsLong());
        }
        found.addAll(KafkaPartitionSplit.toSplitId(place), read.records());
        positions.passed(place, read.next());
        next = read.next();
      }
      again.add(new KafkaPartitionSplit(place, next));
    }
    if (!isAny) {
      throw error;
    }
    super.handleSplitsChanges(new SplitsAddition<>(again));
    return found.build();
  }

  private void passOver(TopicPartition place, long offset) {
    Row before = rows.get(place);
    Row row =
        before != null && before.next() == offset
            ? new Row(before.from(), before.records() + 1, offset + 1)
            : new Row(offset, 1, offset + 1);
    rows.put(place, row);
    long heap = Runtime.getRuntime().maxMemory() >> 20;
    if (row.records() > MOST_IN_A_ROW) {
      throw new SuppressRestartsException(
          new IllegalStateException(
              ("%d records in a row, from offset %d of partition %d of topic '%s' on, do not fit"
                      + " into the TaskManager's heap of %d MiB, or lie in one batch behind one"
                      + " that does not. Give it more (taskmanager.memory.task.heap.size), or go"
                      + " on behind them with: trafficctl restart --from-offsets. From Kafka 4.2.2"
                      + " on the topic's max.decompressed.message.bytes keeps such records out")
                  .formatted(row.records(), row.from(), place.partition(), place.topic(), heap)));
    }
    LOG.warn(
        "The record at offset {} of partition {} of topic '{}' does not fit into the heap of {}"
            + " MiB; it is rejected as too_large without its payload",
        offset,
        place.partition(),
        place.topic(),
        heap);
  }
}
