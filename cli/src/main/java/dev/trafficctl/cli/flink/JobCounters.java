package dev.trafficctl.cli.flink;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the traffic job has counted since its tasks were started last.
 *
 * @param read events that came from Kafka
 * @param filtered events that were dropped, by the rule that did it; every rule is there
 * @param rejected records that hold no event, by reason; every reason is there
 * @param late events that were written although they came late
 * @param written rows that were written
 * @param refused rows that Postgres did not take, which were rejected instead
 */
public record JobCounters(
    long read,
    SortedMap<String, Long> filtered,
    SortedMap<String, Long> rejected,
    long late,
    long written,
    long refused) {
  // Flink names the operators of a sink after it, such as write__Writer.
  private static final Pattern NAME =
      Pattern.compile(
          "filter\\.(?<stage>read|late)"
              + "|filter\\.(?<group>filtered|rejected)\\.(?<kind>.+)"
              + "|write[^.]*\\.(?<sink>written|refused)");

  /** Whether a metric, named as {@code operator.metric}, is one of these. */
  static boolean isOne(String name) {
    return NAME.matcher(name).matches();
  }

  /** The counters among the metrics, by name; those that are missing count 0. */
  static JobCounters of(Map<String, Long> metrics) {
    SortedMap<String, Long> filtered = new TreeMap<>();
    SortedMap<String, Long> rejected = new TreeMap<>();
    Map<String, Long> single = new TreeMap<>();
    metrics.forEach(
        (name, value) -> {
          Matcher matcher = NAME.matcher(name);
          if (!matcher.matches()) {
            return;
          }
          if (matcher.group("kind") != null) {
            boolean drop = matcher.group("group").equals("filtered");
            (drop ? filtered : rejected).merge(matcher.group("kind"), value, Long::sum);
          } else {
            String stage = matcher.group("stage");
            single.merge(stage == null ? matcher.group("sink") : stage, value, Long::sum);
          }
        });
    return new JobCounters(
        single.getOrDefault("read", 0L),
        filtered,
        rejected,
        single.getOrDefault("late", 0L),
        single.getOrDefault("written", 0L),
        single.getOrDefault("refused", 0L));
  }

  /** The events that were dropped by any rule. */
  public long allFiltered() {
    return filtered.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The records that were rejected for any reason, by Postgres too. */
  public long allRejected() {
    return refused + rejected.values().stream().mapToLong(Long::longValue).sum();
  }
}
