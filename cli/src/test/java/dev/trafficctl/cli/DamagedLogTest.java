package dev.trafficctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.kafka.Bomb;
import java.nio.file.Path;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.MemoryRecords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code offsets} says of a batch that is damaged in Kafka's log. */
class DamagedLogTest {
  @TempDir Path directory;

  @Test
  void theEventIsNotKnownAndThePlaceIsSaid() throws Exception {
    MemoryRecords damaged = new Bomb(CompressionType.ZSTD, 3, 10, 0).batch();
    damaged.buffer().put(damaged.sizeInBytes() - 1, (byte) 77);
    TestConsole console = TestConsole.frozen();
    console.with("XDG_STATE_HOME", directory.toString());
    try (FakeFlink flink = new FakeFlink().withTraffic();
        FakeKafka kafka =
            new FakeKafka(
                answer -> {
                  if (answer instanceof FetchResponseData fetched
                      && !fetched.responses().isEmpty()) {
                    fetched.responses().get(0).partitions().get(0).setRecords(damaged);
                  }
                })) {
      flink.answer(
          "/jobs/" + FakeFlink.JOB + "/config",
          """
          {"execution-config":{"job-parallelism":1,"user-config":{"trafficctl.arguments":
            "[\\"--kafka-url\\",\\"%s\\",\\"--kafka-topic\\",\\"web-traffic\\",\
          \\"--kafka-group\\",\\"traffic\\",\\"--postgres-url\\",\\"jdbc:postgresql://p/t\\",\
          \\"--postgres-user\\",\\"job\\"]"}}}\
          """
              .formatted(kafka.address()));

      assertThat(console.run("offsets", "--earliest", "--flink", flink.url()))
          .as(console.err())
          .isZero();
    }
    assertThat(console.out()).contains("damaged");
    assertThat(console.err())
        .contains(
            "offset 0 of partition 0 of topic 'web-traffic' cannot be read, its batch is damaged in"
                + " Kafka's log (Record is corrupt (stored crc = ")
        .contains("trafficctl restart --from-offsets with 0=3, ");
  }
}
