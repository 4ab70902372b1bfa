package dev.trafficctl.kafka;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.utils.Utils;

/**
 * Bounds by bytes what one consumer takes into memory at once. Kafka bounds a poll by records and
 * an answer by its compressed size, and a small batch may hold a thousand records of a MiB, one of
 * a GiB, or one with millions of headers.
 *
 * <p>Of a record that is larger than an event can be only the beginning is kept; {@link ValueSize}
 * tells how large it is. Keys and headers are passed over: no event has anything in them. See
 * {@link RecordReading}.
 *
 * <p>A consumer takes a record out of a batch only when it deserializes it, and ends a poll with
 * the records before one that cannot be deserialized, which it tries again with the next poll. So
 * the record with which the budget would be spent is refused until then. One record always passes.
 *
 * <p>Not thread-safe, as a consumer is not.
 */
public final class PollBudget {
  /** The most bytes of values that a poll returns, one record aside: 16 MiB. */
  public static final int BYTES = 16 << 20;

  private static final String PROPERTY = "trafficctl.poll.budget";

  private final int largest;
  private final int kept;
  private long spent;

  /**
   * A budget for one consumer.
   *
   * @param largest the most bytes of a value that is kept whole
   * @param kept how many bytes are kept of one that is larger
   */
  public PollBudget(int largest, int kept) {
    this.largest = largest;
    this.kept = kept;
  }

  /** Adds to the properties of a consumer of byte arrays what makes it keep to this budget. */
  public void applyTo(Properties consumer) {
    consumer.put(PROPERTY, this);
    consumer.setProperty(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, NoKey.class.getName());
    consumer.setProperty(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, Value.class.getName());
    String others = consumer.getProperty(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG);
    consumer.setProperty(
        ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG,
        (others == null ? "" : others + ",") + Refill.class.getName());
  }

  /**
   * Makes a consumer that was made with this budget's properties keep to it, before it reads.
   *
   * @throws IllegalStateException when it is of another version of Kafka's client
   */
  public void bound(KafkaConsumer<byte[], byte[]> consumer) {
    FetchedRecords.bound(consumer, this);
  }

  /** How many bytes are kept of a value of so many. */
  int kept(int length) {
    return length > largest ? kept : length;
  }

  private byte[] take(ByteBuffer data) {
    int length = data.remaining();
    if (spent > 0 && spent + length > BYTES) {
      throw new NextPollException();
    }
    spent += length;
    boolean alone = data.hasArray() && data.arrayOffset() == 0 && data.array().length == length;
    return alone ? data.array() : Utils.toArray(data);
  }

  /** That a record is for the next poll. Nobody looks for where it comes from. */
  private static final class NextPollException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NextPollException() {
      super("the poll is full; the record comes with the next one", null, false, false);
    }
  }

  /** Makes the values; Kafka makes it. */
  public static final class Value implements Deserializer<byte[]> {
    private PollBudget budget;

    @Override
    public void configure(Map<String, ?> configuration, boolean isKey) {
      budget = (PollBudget) configuration.get(PROPERTY);
    }

    @Override
    public byte[] deserialize(String topic, Headers headers, ByteBuffer data) {
      return data == null ? null : budget.take(data);
    }

    @Override
    public byte[] deserialize(String topic, byte[] data) {
      throw new UnsupportedOperationException("A consumer hands over a buffer (KIP-863)");
    }
  }

  /** Makes no keys; Kafka makes it. */
  public static final class NoKey implements Deserializer<byte[]> {
    @Override
    public byte[] deserialize(String topic, Headers headers, ByteBuffer data) {
      return null;
    }

    @Override
    public byte[] deserialize(String topic, byte[] data) {
      return null;
    }
  }

  /** Sees the end of each poll that has returned something; Kafka makes it. */
  public static final class Refill implements ConsumerInterceptor<byte[], byte[]> {
    private PollBudget budget;

    @Override
    public void configure(Map<String, ?> configuration) {
      budget = (PollBudget) configuration.get(PROPERTY);
    }

    @Override
    public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
      budget.spent = 0;
      return records;
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

    @Override
    public void close() {}
  }
}
