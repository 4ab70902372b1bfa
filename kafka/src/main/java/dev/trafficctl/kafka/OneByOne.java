package dev.trafficctl.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.TimestampType;

/**
 * Reads a partition record by record, where a consumer has run out of memory.
 *
 * <p>A consumer allocates all bytes of a record at once, as many as the record says that it has.
 * Where that fails, nothing else is lost: the one great array was not to be had, and everything
 * else still is. In place of such a record stands one without a value, see {@link #isUnreadable}.
 *
 * <p>A consumer reads every batch from its beginning, so that the records behind such a one in the
 * same batch cannot be read either. A producer of Kafka's own sends a record that is larger than
 * its {@code batch.size} alone.
 */
public final class OneByOne {
  /** The {@code serializedValueSize} of a record that could not be read. */
  public static final int UNREADABLE_BYTES = Integer.MAX_VALUE;

  /** The most records that are worth a poll each. */
  public static final int MOST_RECORDS = 1_000;

  private static final Duration ONE_POLL = Duration.ofMillis(100);

  private OneByOne() {}

  /**
   * What was read.
   *
   * @param records in their order; if one could not be read, it is the last
   * @param next the offset before which there is no further record
   * @param unreadable the offset of the one that could not be read
   */
  public record Result(
      List<ConsumerRecord<byte[], byte[]>> records, long next, OptionalLong unreadable) {}

  /** Whether a record stands for one that does not fit into memory. */
  public static boolean isUnreadable(ConsumerRecord<?, ?> record) {
    return record.value() == null && record.serializedValueSize() == UNREADABLE_BYTES;
  }

  /**
   * Reads until a record cannot be read, the end is reached, or about as much is read as a poll may
   * return.
   *
   * @param bounded the properties of a consumer, with its {@link PollBudget}
   * @param from the offset to begin with
   * @param most how many records are read at most
   * @param patience how long Kafka may send nothing
   */
  public static Result read(
      Properties bounded, TopicPartition place, long from, int most, Duration patience) {
    Properties properties = new Properties();
    properties.putAll(bounded);
    properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
    properties.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
    properties.remove(ConsumerConfig.CLIENT_ID_CONFIG);
    properties.setProperty(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    properties.setProperty(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "1");
    // One batch at a time: behind a mark of a transaction the position is then that of the record.
    properties.setProperty(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, "1");
    properties.setProperty(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, "1");
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties)) {
      consumer.assign(List.of(place));
      consumer.seek(place, from);
      return new Reading(consumer, place).read(from, most, patience);
    }
  }

  private static final class Reading {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final TopicPartition place;
    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();

    Reading(KafkaConsumer<byte[], byte[]> consumer, TopicPartition place) {
      this.consumer = consumer;
      this.place = place;
    }

    Result read(long from, int most, Duration patience) {
      long end = consumer.endOffsets(List.of(place)).get(place);
      long next = from;
      long bytes = 0;
      long deadline = System.nanoTime() + patience.toNanos();
      while (next < end && bytes < PollBudget.BYTES && records.size() < most) {
        Optional<List<ConsumerRecord<byte[], byte[]>>> polled = poll();
        long position = consumer.position(place);
        if (polled.isEmpty()) {
          records.add(unreadable(position));
          return new Result(records, position + 1, OptionalLong.of(position));
        }
        for (ConsumerRecord<byte[], byte[]> record : polled.get()) {
          records.add(record);
          bytes += record.value() == null ? 0 : record.value().length;
        }
        if (position > next) {
          deadline = System.nanoTime() + patience.toNanos();
        } else if (System.nanoTime() > deadline) {
          break;
        }
        next = position;
      }
      return new Result(records, next, OptionalLong.empty());
    }

    private Optional<List<ConsumerRecord<byte[], byte[]>>> poll() {
      try {
        return Optional.of(consumer.poll(ONE_POLL).records(place));
      } catch (OutOfMemoryError e) {
        return Optional.empty();
      }
    }

    private ConsumerRecord<byte[], byte[]> unreadable(long offset) {
      return new ConsumerRecord<>(
          place.topic(),
          place.partition(),
          offset,
          RecordBatch.NO_TIMESTAMP,
          TimestampType.NO_TIMESTAMP_TYPE,
          ConsumerRecord.NULL_SIZE,
          UNREADABLE_BYTES,
          null,
          null,
          new RecordHeaders(),
          Optional.empty());
    }
  }
}
