package dev.trafficctl.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.SimpleRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The libraries that compress are newer than those that the Kafka client was released with. */
class CompressionTest {
  @ParameterizedTest
  @EnumSource(CompressionType.class)
  void readsWhatItCompressed(CompressionType type) {
    List<String> events =
        IntStream.range(0, 10_000).mapToObj(i -> "{\"path\":\"/äpfel/" + i % 97 + "\"}").toList();
    MemoryRecords records =
        MemoryRecords.withRecords(
            Compression.of(type).build(),
            events.stream()
                .map(event -> new SimpleRecord(event.getBytes(UTF_8)))
                .toArray(SimpleRecord[]::new));

    List<String> read = new ArrayList<>();
    for (RecordBatch batch : records.batches()) {
      batch.ensureValid();
      assertThat(batch.compressionType()).isEqualTo(type);
      for (Record record : batch) {
        read.add(UTF_8.decode(record.value()).toString());
      }
    }
    assertThat(read).isEqualTo(events);
  }
}
