package dev.trafficctl.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.ControlRecordType;
import org.apache.kafka.common.record.DefaultRecordBatch;
import org.apache.kafka.common.record.EndTransactionMarker;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.SimpleRecord;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BoundedRecordsTest {
  private static final TopicPartition PLACE = new TopicPartition("clicks", 3);
  private static final int LARGEST = 1 << 20;
  private static final int KEPT = 1 << 10;
  private static final PollBudget BUDGET = new PollBudget(LARGEST, KEPT);

  private static List<Record> read(MemoryRecords sent, long from) {
    List<Record> records = new ArrayList<>();
    for (RecordBatch batch : new BoundedRecords(sent, PLACE, from, BUDGET).batches()) {
      batch.ensureValid();
      try (CloseableIterator<Record> each = batch.streamingIterator(BufferSupplier.create())) {
        each.forEachRemaining(records::add);
      }
    }
    return records;
  }

  private static String told(Record record) {
    return "%d at %d: %s, %d"
        .formatted(
            record.offset(),
            record.timestamp(),
            record.value() == null ? null : UTF_8.decode(record.value()),
            record.sizeInBytes());
  }

  private static int size(Record record) {
    return ValueSize.of(
        new ConsumerRecord<>(
            "clicks",
            3,
            record.offset(),
            record.timestamp(),
            TimestampType.CREATE_TIME,
            0,
            record.value() == null ? -1 : record.value().remaining(),
            null,
            null,
            new RecordHeaders(record.headers()),
            Optional.empty()));
  }

  @ParameterizedTest
  @EnumSource(CompressionType.class)
  void readsTheSameAsKafkasClientButForKeysAndHeaders(CompressionType type) {
    Header[] headers = {new RecordHeader("a", new byte[300]), new RecordHeader("", null)};
    SimpleRecord[] events =
        IntStream.range(0, 2_000)
            .mapToObj(
                i ->
                    new SimpleRecord(
                        1_769_860_770_000L + (i % 7 - 3) * 10_000_000_000L,
                        i % 3 == 0 ? null : ("key" + i).getBytes(UTF_8),
                        i % 5 == 0 ? null : "v".repeat(i).getBytes(UTF_8),
                        i % 2 == 0 ? headers : new Header[0]))
            .toArray(SimpleRecord[]::new);
    MemoryRecords sent = MemoryRecords.withRecords(70, Compression.of(type).build(), events);

    List<String> expected = new ArrayList<>();
    sent.records().forEach(record -> expected.add(told(record)));
    List<Record> read = read(sent, 0);
    assertThat(read).hasSize(2_000).extracting(BoundedRecordsTest::told).isEqualTo(expected);
    assertThat(read).allMatch(record -> record.headers().length == 0 && record.key() == null);
  }

  @Test
  void theTimeIsThatOfTheLogWhereTheTopicSaysSo() {
    MemoryRecords sent =
        MemoryRecords.withRecords(
            RecordBatch.MAGIC_VALUE_V2,
            0,
            Compression.NONE,
            TimestampType.LOG_APPEND_TIME,
            new SimpleRecord(1_000, new byte[1]));
    sent.batches().iterator().next().setMaxTimestamp(TimestampType.LOG_APPEND_TIME, 7_000);
    assertThat(read(sent, 0)).extracting(Record::timestamp).containsExactly(7_000L);
  }

  @Test
  void ofAValueThatIsTooLargeOnlyTheBeginningIsKept() throws IOException {
    List<Record> read = read(new Bomb(CompressionType.ZSTD, 2, 1_100_000_000, 0).batch(9), 0);
    assertThat(read).extracting(Record::offset).containsExactly(9L, 10L);
    assertThat(read).extracting(record -> record.value().remaining()).containsExactly(KEPT, KEPT);
    assertThat(read)
        .extracting(BoundedRecordsTest::size)
        .containsExactly(1_100_000_000, 1_100_000_000);
  }

  @Test
  void aValueAtTheLimitIsKeptWhole() throws IOException {
    Record record = read(new Bomb(CompressionType.NONE, 1, LARGEST, 0).batch(), 0).get(0);
    assertThat(record.value().remaining()).isEqualTo(LARGEST);
    assertThat(size(record)).isEqualTo(LARGEST);
    assertThat(record.headers()).isEmpty();
  }

  @Test
  void headersAreNoObjects() throws IOException {
    Bomb flood = new Bomb(CompressionType.ZSTD, 2, 10, 20_000_000);
    assertThat(read(flood.batch(), 0)).extracting(BoundedRecordsTest::size).containsExactly(10, 10);
  }

  @Test
  void theHeaderOfAProducerIsNotTakenForASize() {
    Header forged = ValueSize.header(99);
    MemoryRecords sent =
        MemoryRecords.withRecords(
            Compression.NONE, new SimpleRecord(1, null, new byte[5], new Header[] {forged}));
    assertThat(read(sent, 0)).extracting(BoundedRecordsTest::size).containsExactly(5);
  }

  @Test
  void marksOfTransactionsStay() {
    MemoryRecords mark =
        MemoryRecords.withEndTransactionMarker(
            4, 0, 0, 7, (short) 0, new EndTransactionMarker(ControlRecordType.ABORT, 0));
    RecordBatch batch = new BoundedRecords(mark, PLACE, 0, BUDGET).batches().iterator().next();
    assertThat(batch.isControlBatch()).isTrue();
    assertThat(ControlRecordType.parse(batch.iterator().next().key()))
        .isEqualTo(ControlRecordType.ABORT);
  }

  private static MemoryRecords three() {
    return MemoryRecords.withRecords(
        40,
        Compression.gzip().build(),
        new SimpleRecord("one".getBytes(UTF_8)),
        new SimpleRecord("two".getBytes(UTF_8)),
        new SimpleRecord("three".getBytes(UTF_8)));
  }

  @Test
  void aWrongChecksumIsSaidWithItsPlaceAndTheWayOn() {
    MemoryRecords damaged = three();
    damaged.buffer().put(damaged.sizeInBytes() - 3, (byte) 99);
    assertThatThrownBy(() -> read(damaged, 41))
        .isInstanceOf(CorruptBatchException.class)
        .hasMessageMatching(
            "offset 41 of partition 3 of topic 'clicks' cannot be read, its batch is damaged in"
                + " Kafka's log \\(Record is corrupt \\(stored crc = \\d+, computed crc ="
                + " \\d+\\)\\)\\. Where a replica has it whole, make that one the leader, and"
                + " reading goes on by itself; else go on behind it, which leaves its events out:"
                + " trafficctl restart --from-offsets with 3=43, and of each other partition the"
                + " CURRENT-OFFSET that trafficctl lag shows");
  }

  @Test
  void whereABatchEndsIsNotSaidWhereThatIsDamagedToo() {
    MemoryRecords damaged = three();
    damaged.buffer().putInt(DefaultRecordBatch.LAST_OFFSET_DELTA_OFFSET, -1_000_000);
    assertThatThrownBy(() -> read(damaged, 0))
        .hasMessageContaining("offset 40 of partition 3")
        .hasMessageContaining("--from-offsets with an offset of partition 3 behind the batch, and");
  }

  @ParameterizedTest
  @EnumSource(CompressionType.class)
  void whatIsNoRecordIsSaidWithItsPlaceWhateverTheChecksumSays(CompressionType type)
      throws IOException {
    // Negative lengths, which no sound record has.
    MemoryRecords damaged = new Bomb(type, 2, 20, 0).batch(12);
    ByteBuffer bytes = damaged.buffer();
    for (int i = 61; i < bytes.limit(); i++) {
      bytes.put(i, (byte) 0xFF);
    }
    RecordBatch batch = new BoundedRecords(damaged, PLACE, 0, BUDGET).batches().iterator().next();
    assertThatThrownBy(() -> batch.iterator().next())
        .isInstanceOf(CorruptBatchException.class)
        .hasMessageContaining("offset 12 of partition 3 of topic 'clicks'");
  }

  @Test
  void whatIsNoBatchIsSaidWithThePlaceBehindTheLastOne() {
    ByteBuffer sound = three().buffer();
    ByteBuffer both = ByteBuffer.allocate(sound.remaining() + 100).put(sound).rewind();
    MemoryRecords damaged = MemoryRecords.readableRecords(both);
    assertThatThrownBy(() -> read(damaged, 40))
        .isInstanceOf(CorruptBatchException.class)
        .hasMessageContaining("offset 43 of partition 3 of topic 'clicks' cannot be read");
  }
}
