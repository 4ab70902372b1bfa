package dev.trafficctl.cli.command.lag;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.lag.LagReading;
import dev.trafficctl.cli.lag.LagReport;
import dev.trafficctl.cli.output.Format;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class LagViewTest {
  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

  @Test
  void aDocumentHasTheSameFiguresOfAPartitionAndOfAllTogether() {
    TreeMap<TopicPartition, LagReading.Partition> partitions =
        new TreeMap<>(Comparator.comparing(TopicPartition::partition));
    partitions.put(
        new TopicPartition("t", 0),
        new LagReading.Partition(
            7L, 100L, 50L, null, 60L, 0, NOW.minusSeconds(30), false, Duration.ofHours(1), null));
    LagReading reading =
        new LagReading(
            NOW,
            "traffic",
            null,
            true,
            "g",
            Duration.ofSeconds(1),
            partitions,
            Map.of(0, 2.5),
            null,
            List.of());
    StringWriter text = new StringWriter();
    LagView.of(LagReport.of(reading)).print(Format.JSON, false, new PrintWriter(text, true));
    assertThat(text.toString())
        .isEqualTo(
            """
            {
              "apiVersion" : "trafficctl/v1",
              "at" : "2026-01-31T12:00:00Z",
              "job" : "traffic",
              "jobId" : null,
              "running" : true,
              "group" : "g",
              "partitions" : [ {
                "topic" : "t",
                "partition" : 0,
                "logStartOffset" : 7,
                "logEndOffset" : 100,
                "committedOffset" : 50,
                "checkpointedOffset" : null,
                "liveOffset" : 60,
                "nextEventTime" : "2026-01-31T11:59:30Z",
                "lastStableOffset" : 100,
                "openTransaction" : null,
                "committedLag" : 50,
                "checkpointedLag" : null,
                "liveLag" : 40,
                "lag" : 40,
                "timeLagMillis" : 30000,
                "rateIn" : 1.333,
                "rateOut" : 2.5,
                "trend" : "recovering",
                "etaMillis" : 34286,
                "retentionLeftMillis" : 3570000
              } ],
              "total" : {
                "committedLag" : 50,
                "checkpointedLag" : null,
                "liveLag" : 40,
                "lag" : 40,
                "timeLagMillis" : 30000,
                "rateIn" : 1.333,
                "rateOut" : 2.5,
                "trend" : "recovering",
                "etaMillis" : 34286,
                "retentionLeftMillis" : 3570000
              },
              "notes" : [ "partition t-0: Kafka may delete what has not been read in 59m 30s" ]
            }
            """);
  }
}
