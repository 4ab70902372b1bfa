package dev.trafficctl.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.kafka.Bomb;
import dev.trafficctl.local.Security;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.DefaultRecordBatch;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ProduceResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.utils.Crc32C;
import org.junit.jupiter.api.Test;

/** No client sends such a batch, so the request is put together by hand. */
class OddBatchIT {
  private static final short VERSION = 9;
  private static final int CRC_POSITION = 17;
  private static final int CRC_COVERS_FROM = 21;
  private final RunningStack stack = RunningStack.with(Security.PLAINTEXT);

  @Test
  void aCorruptGzipBatchIsRefusedByTheBrokerAndNeverReachesTheJob() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1);
        TestJob job = new TestJob(stack, topic)) {
      MemoryRecords sound = batch();
      MemoryRecords corrupt = batch();
      corruptBehindTheChecksum(corrupt.buffer());

      assertThat(produce(topic.name(), sound)).isEqualTo(Errors.NONE);
      assertThat(produce(topic.name(), corrupt)).isNotEqualTo(Errors.NONE);
      topic.send(0, Events.numbered(2, 2));

      job.start(1, null).awaitRows(2, 0);
      assertThat(job.restarts()).isZero();
    }
  }

  /**
   * One batch of a hundred KB that holds 1,000 records of 1,000 KiB, or one record larger than the
   * TaskManager's heap has room for, by its value or by its headers. How many of them is set by
   * {@code trafficctl.bombs}.
   */
  @Test
  void smallBatchesThatHoldMoreThanTheHeapStopNothing() throws Exception {
    int bombs = Integer.getInteger("trafficctl.bombs", 5);
    int events = Integer.getInteger("trafficctl.bombs.events", 2_000);
    List<Bomb> kinds =
        List.of(
            new Bomb(CompressionType.ZSTD, 1_000, 1_000 << 10, 0),
            new Bomb(CompressionType.ZSTD, 1, 700_000_000, 0),
            new Bomb(CompressionType.ZSTD, 1, 10, 50_000_000),
            new Bomb(CompressionType.LZ4, 200, 1_000 << 10, 0),
            new Bomb(CompressionType.SNAPPY, 18, 1_000 << 10, 0),
            new Bomb(CompressionType.GZIP, 700, 1_000 << 10, 0),
            new Bomb(CompressionType.GZIP, 1, 700_000_000, 0),
            new Bomb(CompressionType.LZ4, 1, 200_000_000, 0),
            new Bomb(CompressionType.SNAPPY, 1, 18_000_000, 0));
    Map<Bomb, MemoryRecords> made = new HashMap<>();
    try (TestTopic topic = new TestTopic(stack, 1);
        TestJob job = new TestJob(stack, topic)) {
      long rejected = 0;
      for (int i = 0; i < bombs; i++) {
        long from = (long) events * i / bombs;
        topic.send(0, Events.numbered(from + 1, (long) events * (i + 1) / bombs));
        Bomb bomb = kinds.get(i % kinds.size());
        if (!made.containsKey(bomb)) {
          made.put(bomb, bomb.batch());
        }
        assertThat(produce(topic.name(), made.get(bomb))).isEqualTo(Errors.NONE);
        rejected += bomb.records();
      }
      topic.send(0, Events.numbered(events + 1, events + 1));

      job.start(1, null).awaitRows(events + 1, rejected, Duration.ofSeconds(60 + 10L * bombs));
      assertThat(
              job.query(
                  "SELECT count(*), count(DISTINCT url) FROM processed_events JOIN sources"
                      + " USING (source) WHERE topic = '"
                      + topic.name()
                      + "'"))
          .isEqualTo(List.of(List.of(events + 1L, events + 1L)));
      assertThat(job.restarts()).isZero();
    }
  }

  private static MemoryRecords batch() {
    return MemoryRecords.withRecords(
        Compression.gzip().build(),
        new SimpleRecord(System.currentTimeMillis(), null, Events.numbered(1, 1).get(0)));
  }

  /** Spoils the compressed bytes and makes the checksum right again, as a broken sender would. */
  private static void corruptBehindTheChecksum(ByteBuffer batch) {
    for (int i = DefaultRecordBatch.RECORD_BATCH_OVERHEAD + 12; i < batch.limit(); i++) {
      batch.put(i, (byte) ~batch.get(i));
    }
    long crc = Crc32C.compute(batch, CRC_COVERS_FROM, batch.limit() - CRC_COVERS_FROM);
    batch.putInt(CRC_POSITION, (int) crc);
  }

  private Errors produce(String topic, MemoryRecords records) throws Exception {
    ProduceRequestData data = new ProduceRequestData().setAcks((short) -1).setTimeoutMs(10_000);
    data.topicData()
        .add(
            new ProduceRequestData.TopicProduceData()
                .setName(topic)
                .setPartitionData(
                    List.of(
                        new ProduceRequestData.PartitionProduceData()
                            .setIndex(0)
                            .setRecords(records))));
    RequestHeader header = new RequestHeader(ApiKeys.PRODUCE, VERSION, "corrupt-batch", 1);
    ByteBuffer request =
        new ProduceRequest.Builder(VERSION, VERSION, data)
            .build(VERSION)
            .serializeWithHeader(header);
    String[] address = stack.addresses().kafka().split(":");
    try (Socket socket = new Socket(address[0], Integer.parseInt(address[1]))) {
      socket.setSoTimeout(30_000);
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      out.writeInt(request.remaining());
      out.write(request.array(), request.arrayOffset() + request.position(), request.remaining());
      DataInputStream in = new DataInputStream(socket.getInputStream());
      byte[] answer = in.readNBytes(in.readInt());
      ProduceResponse response =
          (ProduceResponse) AbstractResponse.parseResponse(ByteBuffer.wrap(answer), header);
      return Errors.forCode(
          response.data().responses().iterator().next().partitionResponses().get(0).errorCode());
    }
  }
}
