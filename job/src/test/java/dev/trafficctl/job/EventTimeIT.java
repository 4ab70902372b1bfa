package dev.trafficctl.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.local.Security;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class EventTimeIT {
  private final RunningStack stack = RunningStack.with(Security.PLAINTEXT);

  @Test
  void marksLateEventsWritesThemAllAndLetsNoFutureMoveTheWatermark() throws Exception {
    Instant now = Instant.now();
    // Two partitions and one of them silent: the watermark advances all the same.
    try (TestTopic topic = new TestTopic(stack, 2);
        TestJob job =
            new TestJob(
                stack,
                topic,
                "--out-of-orderness=5s",
                "--allowed-lateness=1m",
                "--max-ahead=10m",
                "--idle-timeout=0.5s")) {
      topic.send(0, List.of(Events.event("/first", now)));
      job.start().awaitRows(1, 0);
      awaitWatermarkOf(job, now.minusSeconds(5));

      topic.send(
          0,
          List.of(
              Events.event("/in-time", now.minusSeconds(64)),
              Events.event("/late", now.minusSeconds(66)),
              Events.event("/days-late", now.minus(Duration.ofDays(3))),
              Events.event("/years-ahead", now.plus(Duration.ofDays(3650))),
              Events.event("/after-that", now)));
      job.awaitRows(5, 1);

      assertThat(
              job.query(
                  "SELECT url, late FROM processed_events JOIN sources USING (source)"
                      + " WHERE topic = '"
                      + topic.name()
                      + "' ORDER BY kafka_offset"))
          .isEqualTo(
              List.of(
                  List.of("/first", false),
                  List.of("/in-time", false),
                  List.of("/late", true),
                  List.of("/days-late", true),
                  List.of("/after-that", false)));
      job.awaitCounters("filter", Map.of("late", 2L, "rejected.event_time_ahead", 1L));
    }
  }

  private void awaitWatermarkOf(TestJob job, Instant least) {
    String vertex = stack.flink().get("/jobs/" + job.id()).at("/vertices/0/id").asText();
    String metric = "0.filter.currentInputWatermark,1.filter.currentInputWatermark";
    Awaitility.await("watermark")
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              long newest = Long.MIN_VALUE;
              for (var value :
                  stack
                      .flink()
                      .get(
                          "/jobs/" + job.id() + "/vertices/" + vertex + "/metrics?get=" + metric)) {
                newest = Math.max(newest, value.get("value").asLong());
              }
              // A watermark is one millisecond before the first event that may still come.
              return newest >= least.toEpochMilli() - 1;
            });
  }
}
