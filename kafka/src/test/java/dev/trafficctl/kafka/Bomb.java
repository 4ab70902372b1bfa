package dev.trafficctl.kafka;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.DefaultRecordBatch;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.utils.ByteBufferOutputStream;
import org.apache.kafka.common.utils.ByteUtils;
import org.apache.kafka.common.utils.Crc32C;

/**
 * A batch that is small, and large once it is read. No producer has the memory to make one.
 *
 * @param records how many records it holds
 * @param valueBytes the length of each one's value, all zeros
 * @param headers how many headers each one has, all without name and value
 */
public record Bomb(CompressionType type, int records, int valueBytes, int headers) {
  private static final int CRC_POSITION = 17;
  private static final int CRC_COVERS_FROM = 21;
  private static final byte[] ZEROS = new byte[1 << 16];

  /** The batch, with its checksum, as a producer sends it. */
  public MemoryRecords batch() throws IOException {
    return batch(0);
  }

  /** The batch as it is at an offset. */
  public MemoryRecords batch(long baseOffset) throws IOException {
    ByteBufferOutputStream batch = new ByteBufferOutputStream(1 << 16);
    batch.position(DefaultRecordBatch.RECORD_BATCH_OVERHEAD);
    try (DataOutputStream out =
        new DataOutputStream(
            Compression.of(type).build().wrapForOutput(batch, RecordBatch.MAGIC_VALUE_V2))) {
      for (int record = 0; record < records; record++) {
        write(out, record);
      }
    }
    ByteBuffer buffer = batch.buffer();
    int size = buffer.position();
    buffer.flip();
    DefaultRecordBatch.writeHeader(
        buffer,
        baseOffset,
        records - 1,
        size,
        RecordBatch.MAGIC_VALUE_V2,
        type,
        TimestampType.CREATE_TIME,
        System.currentTimeMillis(),
        System.currentTimeMillis(),
        RecordBatch.NO_PRODUCER_ID,
        RecordBatch.NO_PRODUCER_EPOCH,
        RecordBatch.NO_SEQUENCE,
        false,
        false,
        false,
        RecordBatch.NO_PARTITION_LEADER_EPOCH,
        records);
    buffer.position(0);
    buffer.limit(size);
    buffer.putInt(
        CRC_POSITION, (int) Crc32C.compute(buffer, CRC_COVERS_FROM, size - CRC_COVERS_FROM));
    return MemoryRecords.readableRecords(buffer);
  }

  /** The format is that of {@code DefaultRecord}: attributes, deltas, key, value, headers. */
  private void write(DataOutputStream out, int offsetDelta) throws IOException {
    int body =
        1
            + ByteUtils.sizeOfVarlong(0)
            + ByteUtils.sizeOfVarint(offsetDelta)
            + ByteUtils.sizeOfVarint(-1)
            + ByteUtils.sizeOfVarint(valueBytes)
            + valueBytes
            + ByteUtils.sizeOfVarint(headers)
            + 2 * headers;
    ByteUtils.writeVarint(body, out);
    out.write(0);
    ByteUtils.writeVarlong(0, out);
    ByteUtils.writeVarint(offsetDelta, out);
    ByteUtils.writeVarint(-1, out);
    ByteUtils.writeVarint(valueBytes, out);
    zeros(valueBytes, out);
    ByteUtils.writeVarint(headers, out);
    zeros(2 * headers, out);
  }

  private static void zeros(int count, DataOutputStream out) throws IOException {
    for (int left = count; left > 0; left -= ZEROS.length) {
      out.write(ZEROS, 0, Math.min(left, ZEROS.length));
    }
  }
}
