package dev.trafficctl.job;

import dev.trafficctl.model.RejectionReason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MeterView;
import org.apache.flink.metrics.MetricGroup;

/** What becomes of the events in the filter, as Flink's metrics show it. */
final class FilterMetrics {
  /** The span of the rates in seconds; it is also that of a {@link MeterView} of a gauge. */
  static final int LAST_MINUTE = 60;

  private final Counter read;
  private final Counter late;
  private final Counter[] filtered;
  private final Map<String, Counter> rejected = new HashMap<>();

  /**
   * Registers them.
   *
   * @param rules the names of the filter's rules, in order
   */
  FilterMetrics(MetricGroup metrics, List<String> rules) {
    read = metrics.counter("read");
    late = metrics.counter("late");
    MetricGroup filteredGroup = metrics.addGroup("filtered");
    filtered = rules.stream().map(filteredGroup::counter).toArray(Counter[]::new);
    MetricGroup rejectedGroup = metrics.addGroup("rejected");
    MetricGroup rejectionsGroup = metrics.addGroup("rejectionsPerSecond");
    for (RejectionReason reason : RejectionReason.values()) {
      Counter counter = rejectedGroup.counter(reason.code());
      rejected.put(reason.code(), counter);
      rejectionsGroup.meter(reason.code(), new MeterView(counter, LAST_MINUTE));
    }
    List<Counter> drops = List.of(filtered);
    metrics.meter("filteredPerSecond", new MeterView(() -> sum(drops)));
    List<Counter> rejections = List.copyOf(rejected.values());
    metrics.meter("rejectedPerSecond", new MeterView(() -> sum(rejections)));
    // Flink hands out what it gathered when it was asked last, however long ago that was.
    metrics.gauge("measuredAt", (Gauge<Long>) System::currentTimeMillis);
  }

  private static long sum(List<Counter> counters) {
    return counters.stream().mapToLong(Counter::getCount).sum();
  }

  /** A record was read. */
  void read() {
    read.inc();
  }

  /** It was rejected for a reason, by its code. */
  void rejected(String reason) {
    rejected.get(reason).inc();
  }

  /** It was dropped by a rule, by its place among them. */
  void filtered(int rule) {
    filtered[rule].inc();
  }

  /** It is passed on and was late. */
  void late() {
    late.inc();
  }
}
