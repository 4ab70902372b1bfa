package dev.trafficctl.cli.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SourceMetricsTest {
  private static String offset(int subtask, String topic, int partition) {
    return subtask
        + ".Source__read.KafkaSourceReader.topic."
        + topic
        + ".partition."
        + partition
        + ".currentOffset";
  }

  @Test
  void theNextOffsetIsOneBehindTheLastThatWasRead() {
    SourceMetrics metrics =
        SourceMetrics.of(
            Map.of(
                offset(0, "a.b", 0),
                "41",
                offset(1, "a.b", 3),
                "-1",
                "0.Source__read.numRecordsInPerSecond",
                "4.25",
                "1.Source__read.numRecordsInPerSecond",
                "1.0E-4"));
    assertThat(metrics.partitions())
        .isEqualTo(Map.of(0, new SourceMetrics.Read(0, 42L), 3, new SourceMetrics.Read(1, null)));
    assertThat(metrics.readPerSecond()).isEqualTo(Map.of(0, 4.25, 1, 1.0E-4));
  }

  @Test
  void aPartitionThatMovedIsWhereItIsReadFurthest() {
    assertThat(
            SourceMetrics.of(Map.of(offset(0, "t", 0), "7", offset(1, "t", 0), "9")).partitions())
        .isEqualTo(Map.of(0, new SourceMetrics.Read(1, 10L)));
    assertThat(
            SourceMetrics.of(Map.of(offset(0, "t", 0), "7", offset(1, "t", 0), "-1")).partitions())
        .isEqualTo(Map.of(0, new SourceMetrics.Read(0, 8L)));
  }

  @Test
  void whatIsNoNumberIsLeftOut() {
    assertThat(SourceMetrics.of(Map.of(offset(0, "t", 0), "NaN"))).isEqualTo(SourceMetrics.none());
  }

  @Test
  void onlyWhatIsOfTheTopicIsAskedFor() {
    assertThat(SourceMetrics.isOne(offset(0, "t", 0), "t")).isTrue();
    assertThat(SourceMetrics.isOne(offset(0, "other", 0), "t")).isFalse();
    assertThat(SourceMetrics.isOne("0.Source__read.numRecordsInPerSecond", "t")).isTrue();
    assertThat(SourceMetrics.isOne("0.filter.numRecordsInPerSecond", "t")).isFalse();
  }
}
