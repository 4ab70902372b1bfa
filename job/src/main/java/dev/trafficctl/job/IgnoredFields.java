package dev.trafficctl.job;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/**
 * Counts the fields that the parser passes over because an event does not have them: all together
 * as {@code unknown_fields}, and the first {@value #MOST} names, each on its own, as {@code
 * unknown_field.NAME}. Who sends events chooses the names, so their number and length have limits.
 * Not thread-safe.
 */
final class IgnoredFields {
  private static final int MOST = 20;
  private static final int LONGEST = 40;

  private final Counter all;
  private final MetricGroup group;
  private final Map<String, Counter> byName = new HashMap<>();
  private final Map<String, Counter> byMetric = new HashMap<>();

  IgnoredFields(MetricGroup metrics) {
    this.all = metrics.counter("unknown_fields");
    this.group = metrics.addGroup("unknown_field");
  }

  void count(String name) {
    all.inc();
    Counter counter = byName.get(name);
    if (counter == null && byName.size() < MOST && name.length() <= LONGEST) {
      counter = byMetric.computeIfAbsent(metric(name), group::counter);
      byName.put(name, counter);
    }
    if (counter != null) {
      counter.inc();
    }
  }

  /** Metric systems give a meaning to dots, spaces and the like. */
  private static String metric(String name) {
    return name.isEmpty() ? "_" : name.replaceAll("[^a-zA-Z0-9_-]", "_");
  }
}
