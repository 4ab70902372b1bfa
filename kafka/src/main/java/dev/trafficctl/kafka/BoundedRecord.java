package dev.trafficctl.kafka;

import java.nio.ByteBuffer;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.TimestampType;

/**
 * A record without key and headers.
 *
 * @param offset its offset
 * @param timestamp in milliseconds since 1970
 * @param sizeInBytes what all of it takes in its batch, when that is not compressed
 * @param kept the value, or its beginning; null if it has none
 * @param valueSize the length of the whole value; negative if it has none
 */
record BoundedRecord(long offset, long timestamp, int sizeInBytes, byte[] kept, int valueSize)
    implements Record {
  @Override
  public ByteBuffer value() {
    return kept == null ? null : ByteBuffer.wrap(kept);
  }

  @Override
  public boolean hasValue() {
    return kept != null;
  }

  @Override
  public Header[] headers() {
    return kept == null || kept.length == valueSize
        ? EMPTY_HEADERS
        : new Header[] {ValueSize.header(valueSize)};
  }

  @Override
  public boolean hasKey() {
    return false;
  }

  @Override
  public ByteBuffer key() {
    return null;
  }

  @Override
  public int keySize() {
    return -1;
  }

  @Override
  public int sequence() {
    return RecordBatch.NO_SEQUENCE;
  }

  @Override
  public void ensureValid() {
    // The checksum is that of the batch.
  }

  @Override
  public boolean hasMagic(byte magic) {
    return magic >= RecordBatch.MAGIC_VALUE_V2;
  }

  @Override
  public boolean isCompressed() {
    return false;
  }

  @Override
  public boolean hasTimestampType(TimestampType type) {
    return false;
  }
}
