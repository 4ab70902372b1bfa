package dev.trafficctl.cli;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.DefaultRecordBatch;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.SimpleRecord;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.utils.ByteBufferOutputStream;
import org.apache.kafka.common.utils.ByteUtils;
import org.apache.kafka.common.utils.Crc32C;

/** A batch of one record that says of itself that it has two gigabytes. */
final class UnreadableBatch {
  private static final int CRC_POSITION = 17;
  private static final int CRC_COVERS_FROM = 21;

  private UnreadableBatch() {}

  /** It, and behind it a batch with one event. */
  static MemoryRecords before(long offset, byte[] event) {
    ByteBuffer batch = at(offset);
    ByteBuffer next =
        MemoryRecords.withRecords(
                offset + 1, Compression.NONE, new SimpleRecord(1_769_860_770_000L, event))
            .buffer();
    ByteBuffer both = ByteBuffer.allocate(batch.remaining() + next.remaining());
    both.put(batch).put(next).flip();
    return MemoryRecords.readableRecords(both);
  }

  private static ByteBuffer at(long offset) {
    ByteBufferOutputStream out = new ByteBufferOutputStream(1 << 10);
    out.position(DefaultRecordBatch.RECORD_BATCH_OVERHEAD);
    try (DataOutputStream records =
        new DataOutputStream(
            Compression.of(CompressionType.GZIP)
                .build()
                .wrapForOutput(out, RecordBatch.MAGIC_VALUE_V2))) {
      ByteUtils.writeVarint(Integer.MAX_VALUE, records);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ByteBuffer buffer = out.buffer();
    int size = buffer.position();
    buffer.flip();
    DefaultRecordBatch.writeHeader(
        buffer,
        offset,
        0,
        size,
        RecordBatch.MAGIC_VALUE_V2,
        CompressionType.GZIP,
        TimestampType.CREATE_TIME,
        1_769_860_770_000L,
        1_769_860_770_000L,
        RecordBatch.NO_PRODUCER_ID,
        RecordBatch.NO_PRODUCER_EPOCH,
        RecordBatch.NO_SEQUENCE,
        false,
        false,
        false,
        RecordBatch.NO_PARTITION_LEADER_EPOCH,
        1);
    buffer.position(0);
    buffer.limit(size);
    buffer.putInt(
        CRC_POSITION, (int) Crc32C.compute(buffer, CRC_COVERS_FROM, size - CRC_COVERS_FROM));
    return buffer;
  }
}
