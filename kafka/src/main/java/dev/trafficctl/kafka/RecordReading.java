package dev.trafficctl.kafka;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.NoSuchElementException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.record.DefaultRecordBatch;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.ByteUtils;
import org.apache.kafka.common.utils.CloseableIterator;

/**
 * The records of one batch, one after the other, straight from its bytes. Whatever a batch says
 * that it holds, no more is taken into memory than the value that is kept of one record: keys and
 * headers are passed over, and so is what is too much of a value.
 *
 * <p>The layout is that of Kafka's documentation, Message Format (record batches since 0.11).
 */
final class RecordReading implements CloseableIterator<Record> {
  private final DefaultRecordBatch batch;
  private final PollBudget budget;
  private final InputStream in;
  private final OneRecord one = new OneRecord();
  private final int count;
  private int read;

  RecordReading(DefaultRecordBatch batch, PollBudget budget, BufferSupplier buffers) {
    this.batch = batch;
    this.budget = budget;
    this.count = batch.countOrNull();
    this.in = batch.recordInputStream(buffers);
  }

  @Override
  public boolean hasNext() {
    return read < count;
  }

  @Override
  public Record next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    try {
      Record record = one.record();
      read++;
      if (read == count && in.read() >= 0) {
        throw new InvalidRecordException("the batch holds more than the records that it counts");
      }
      return record;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The bytes of the record that is being read, and of no other. */
  private final class OneRecord extends InputStream {
    private int left;

    Record record() throws IOException {
      int size = ByteUtils.readVarint(in);
      left = size;
      // The attributes, of which none is used.
      read();
      long timestamp = batch.baseTimestamp() + ByteUtils.readVarlong(this);
      long offset = batch.baseOffset() + ByteUtils.readVarint(this);
      pass(Math.max(0, ByteUtils.readVarint(this)));
      int length = ByteUtils.readVarint(this);
      byte[] kept = length < 0 ? null : bytes(length);
      pass(left);
      return new BoundedRecord(
          offset,
          batch.timestampType() == TimestampType.LOG_APPEND_TIME ? batch.maxTimestamp() : timestamp,
          size + ByteUtils.sizeOfVarint(size),
          kept,
          length);
    }

    private byte[] bytes(int length) throws IOException {
      require(length);
      byte[] kept = new byte[budget.kept(length)];
      if (in.readNBytes(kept, 0, kept.length) < kept.length) {
        throw new EOFException("the batch ends within a record");
      }
      left -= kept.length;
      pass(length - kept.length);
      return kept;
    }

    private void pass(int length) throws IOException {
      require(length);
      in.skipNBytes(length);
      left -= length;
    }

    private void require(int length) {
      if (length > left) {
        throw new InvalidRecordException("a part of a record is larger than the record");
      }
    }

    @Override
    public int read() throws IOException {
      require(1);
      left--;
      int next = in.read();
      if (next < 0) {
        throw new EOFException("the batch ends within a record");
      }
      return next;
    }
  }
}
