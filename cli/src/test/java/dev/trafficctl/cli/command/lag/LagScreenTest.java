package dev.trafficctl.cli.command.lag;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.lag.LagHistory;
import dev.trafficctl.cli.lag.LagReading;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class LagScreenTest {
  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

  private static LagReading reading(long seconds, long end, long live) {
    TreeMap<TopicPartition, LagReading.Partition> partitions =
        new TreeMap<>(Comparator.comparing(TopicPartition::partition));
    partitions.put(
        new TopicPartition("t", 0),
        new LagReading.Partition(
            0L, end, null, null, live, 0, NOW, false, Duration.ofDays(7), null));
    return new LagReading(
        NOW.plusSeconds(seconds),
        "traffic",
        "id",
        true,
        "g",
        Duration.ofSeconds(1),
        partitions,
        Map.of(),
        null,
        List.of());
  }

  @Test
  void itIsDrawnAgainInPlace() {
    StringWriter text = new StringWriter();
    LagScreen screen = new LagScreen(new PrintWriter(text));
    LagHistory history = new LagHistory(LagScreen.CURVE);
    screen.draw(history.add(reading(4, 1_000, 200)), history);
    assertThat(text.toString())
        .isEqualTo(
            """
            2026-01-31T12:00:04Z  job traffic
            PARTITION  LAG  TIME-LAG  RATE-IN  RATE-OUT  TREND  ETA  LAG LATELY
            t-0        800  4s        200.0    -         -      -    █
            total: lag 800, time lag 4s, in 200.0/s, out -/s, trend -, Kafka keeps the next event for 6d 23h
            """);
    text.getBuffer().setLength(0);
    screen.draw(history.add(reading(8, 1_000, 600)), history);
    assertThat(text.toString())
        .isEqualTo(
            "\u001b[4A\r\u001b[J"
                + """
                2026-01-31T12:00:08Z  job traffic
                PARTITION  LAG  TIME-LAG  RATE-IN  RATE-OUT  TREND       ETA  LAG LATELY
                t-0        400  8s        0.0      100.0     recovering  4s   █▄
                total: lag 400, time lag 8s, in 0.0/s, out 100.0/s, recovering, caught up in 4s, Kafka keeps the next event for 6d 23h
                """);
  }

  @Test
  void aCurveGoesUpToItsLargestLag() {
    assertThat(LagScreen.curve(Arrays.asList(0L, 10L, null, 35L, 70L))).isEqualTo("▁▂ ▄█");
    assertThat(LagScreen.curve(List.of(0L, 0L))).isEqualTo("▁▁");
    assertThat(LagScreen.curve(List.of())).isEqualTo("");
  }
}
