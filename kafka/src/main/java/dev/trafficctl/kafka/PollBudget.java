package dev.trafficctl.kafka;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Bounds by bytes what one consumer hands out at once. Kafka bounds a poll by records and an answer
 * by its compressed size, and a small batch may hold a thousand records of a MiB.
 *
 * <p>A consumer takes a record out of a batch only when it deserializes it, and ends a poll with
 * the records before one that cannot be deserialized, which it tries again with the next poll. So
 * the record with which the budget would be spent is refused until then. One record always passes,
 * but of one that is larger than an event can be only the beginning is kept; its {@code
 * serializedValueSize} tells how large it is.
 *
 * <p>Keys are not kept: no event has anything in one. Not thread-safe, as a consumer is not.
 */
public final class PollBudget {
  /** The most bytes of values and headers that a poll returns, one record aside: 16 MiB. */
  public static final int BYTES = 16 << 20;

  private static final String PROPERTY = "trafficctl.poll.budget";

  /** What a header takes besides its bytes; many empty ones are no less of a burden. */
  private static final int HEADER_BYTES = 100;

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

  /** Lets the next poll have the whole budget, whatever became of the last one. */
  public void refill() {
    spent = 0;
  }

  private byte[] take(Headers headers, ByteBuffer data) {
    int length = data.remaining() > largest ? kept : data.remaining();
    long cost = length;
    for (Header header : headers) {
      byte[] value = header.value();
      cost += HEADER_BYTES + header.key().length() + (value == null ? 0 : value.length);
    }
    if (spent > 0 && spent + cost > BYTES) {
      throw new NextPoll();
    }
    spent += cost;
    byte[] value = new byte[length];
    data.duplicate().get(value);
    return value;
  }

  /** That a record is for the next poll. Nobody looks for where it comes from. */
  private static final class NextPoll extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NextPoll() {
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
      return data == null ? null : budget.take(headers, data);
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
      budget.refill();
      return records;
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

    @Override
    public void close() {}
  }
}
