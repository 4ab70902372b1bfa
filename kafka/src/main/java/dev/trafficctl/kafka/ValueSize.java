package dev.trafficctl.kafka;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * How long the value of a record is of which possibly only the beginning was kept. A consumer tells
 * the length of what it was given; the rest comes with the record as a header, which no producer
 * can send, because those of producers are not read.
 */
public final class ValueSize {
  private ValueSize() {}

  private record Whole(int bytes) implements Header {
    @Override
    public String key() {
      return "value-size";
    }

    @Override
    public byte[] value() {
      return null;
    }
  }

  /** What goes along with a record whose value was cut. */
  static Header header(int bytes) {
    return new Whole(bytes);
  }

  /** The length in bytes of the whole value of a record; negative if it has none. */
  public static int of(ConsumerRecord<?, ?> record) {
    for (Header header : record.headers()) {
      if (header instanceof Whole whole) {
        return whole.bytes();
      }
    }
    return record.serializedValueSize();
  }
}
