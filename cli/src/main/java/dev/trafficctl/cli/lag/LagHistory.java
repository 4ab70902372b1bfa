package dev.trafficctl.cli.lag;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** What was read before: rates come from it, and how the lag of each partition went. */
public final class LagHistory {
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration WITH_LIVE = Duration.ofSeconds(10);
  private static final Duration WITHOUT_LIVE = Duration.ofSeconds(30);

  private final int length;
  private final Deque<LagReading.Earlier> past = new ArrayDeque<>();
  private final Map<TopicPartition, Deque<Long>> lags = new HashMap<>();

  /**
   * Empty.
   *
   * @param length how many of the newest lags of a partition are kept, from 1
   */
  public LagHistory(int length) {
    this.length = length;
  }

  /** Concludes from a reading and from those before, and remembers it. */
  public LagReport add(LagReading reading) {
    Instant oldest = reading.at().minus(window(reading));
    while (past.size() > 1 && past.peekFirst().at().isBefore(oldest)) {
      past.removeFirst();
    }
    LagReading.Earlier earlier = past.peekFirst();
    boolean known =
        earlier != null && Duration.between(earlier.at(), reading.at()).compareTo(SHORTEST) >= 0;
    LagReport report = LagReport.of(known ? reading.with(earlier) : reading);
    past.addLast(reading.asEarlier());
    for (PartitionLag each : report.partitions()) {
      Deque<Long> series = lags.computeIfAbsent(each.at(), key -> new ArrayDeque<>());
      Long lag = each.figures().lag();
      // The deque takes no null.
      series.addLast(lag == null ? -1 : lag);
      if (series.size() > length) {
        series.removeFirst();
      }
    }
    return report;
  }

  /** Live offsets go in steps of their refresh interval, committed ones in checkpoints. */
  private static Duration window(LagReading reading) {
    boolean live = reading.partitions().values().stream().anyMatch(each -> each.live() != null);
    Duration steps = reading.refresh().multipliedBy(3);
    Duration least = live ? WITH_LIVE : WITHOUT_LIVE;
    return steps.compareTo(least) > 0 ? steps : least;
  }

  /** The newest lags of a partition, the oldest first; null where it was not known. */
  public List<Long> lags(TopicPartition partition) {
    List<Long> newest = new ArrayList<>();
    for (Long lag : lags.getOrDefault(partition, new ArrayDeque<>())) {
      newest.add(lag < 0 ? null : lag);
    }
    return Collections.unmodifiableList(newest);
  }
}
