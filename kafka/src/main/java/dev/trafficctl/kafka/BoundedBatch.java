package dev.trafficctl.kafka;

import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.DefaultRecordBatch;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.CloseableIterator;

/**
 * A batch whose records are read by {@link RecordReading}, and which says where it is when it is
 * damaged. Marks of transactions, and batches of before Kafka 0.11, are read as Kafka's client
 * reads them.
 */
final class BoundedBatch implements RecordBatch {
  private final RecordBatch batch;
  private final TopicPartition place;
  private final long from;
  private final PollBudget budget;

  /**
   * A batch.
   *
   * @param from the offset from which on it is read
   */
  BoundedBatch(RecordBatch batch, TopicPartition place, long from, PollBudget budget) {
    this.batch = batch;
    this.place = place;
    this.from = from;
    this.budget = budget;
  }

  @Override
  public CloseableIterator<Record> streamingIterator(BufferSupplier buffers) {
    CloseableIterator<Record> records =
        sound(
            () ->
                !batch.isControlBatch() && batch instanceof DefaultRecordBatch current
                    ? new RecordReading(current, budget, buffers)
                    : batch.streamingIterator(buffers));
    return new CloseableIterator<>() {
      @Override
      public boolean hasNext() {
        return sound(records::hasNext);
      }

      @Override
      public Record next() {
        return sound(records::next);
      }

      @Override
      public void close() {
        records.close();
      }
    };
  }

  @Override
  public Iterator<Record> iterator() {
    return streamingIterator(BufferSupplier.NO_CACHING);
  }

  @Override
  public void ensureValid() {
    sound(
        () -> {
          batch.ensureValid();
          return true;
        });
  }

  private <T> T sound(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (RuntimeException e) {
      throw corrupt(e);
    }
  }

  private CorruptBatchException corrupt(RuntimeException e) {
    long first = Math.max(from, batch.baseOffset());
    Integer count = batch.countOrNull();
    boolean consistent =
        count != null && count > 0 && batch.lastOffset() - batch.baseOffset() >= count - 1;
    Throwable said = e instanceof UncheckedIOException ? e.getCause() : e;
    return new CorruptBatchException(
        place,
        first,
        consistent && batch.nextOffset() > first
            ? OptionalLong.of(batch.nextOffset())
            : OptionalLong.empty(),
        said.getMessage() == null ? said.getClass().getSimpleName() : said.getMessage());
  }

  @Override
  public boolean isValid() {
    return batch.isValid();
  }

  @Override
  public long checksum() {
    return batch.checksum();
  }

  @Override
  public long maxTimestamp() {
    return batch.maxTimestamp();
  }

  @Override
  public TimestampType timestampType() {
    return batch.timestampType();
  }

  @Override
  public long baseOffset() {
    return batch.baseOffset();
  }

  @Override
  public long lastOffset() {
    return batch.lastOffset();
  }

  @Override
  public long nextOffset() {
    return batch.nextOffset();
  }

  @Override
  public byte magic() {
    return batch.magic();
  }

  @Override
  public long producerId() {
    return batch.producerId();
  }

  @Override
  public short producerEpoch() {
    return batch.producerEpoch();
  }

  @Override
  public boolean hasProducerId() {
    return batch.hasProducerId();
  }

  @Override
  public int baseSequence() {
    return batch.baseSequence();
  }

  @Override
  public int lastSequence() {
    return batch.lastSequence();
  }

  @Override
  public CompressionType compressionType() {
    return batch.compressionType();
  }

  @Override
  public int sizeInBytes() {
    return batch.sizeInBytes();
  }

  @Override
  public Integer countOrNull() {
    return batch.countOrNull();
  }

  @Override
  public boolean isCompressed() {
    return batch.isCompressed();
  }

  @Override
  public void writeTo(ByteBuffer buffer) {
    batch.writeTo(buffer);
  }

  @Override
  public boolean isTransactional() {
    return batch.isTransactional();
  }

  @Override
  public OptionalLong deleteHorizonMs() {
    return batch.deleteHorizonMs();
  }

  @Override
  public int partitionLeaderEpoch() {
    return batch.partitionLeaderEpoch();
  }

  @Override
  public boolean isControlBatch() {
    return batch.isControlBatch();
  }
}
