package dev.trafficctl.cli.flink;

import dev.trafficctl.model.RejectionReason;
import dev.trafficctl.model.Tables;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What became of the events of one minute, by the job's own rates over 60 s, which Flink renews
 * every 5 s. What was read shortly before its end may still wait to be written.
 *
 * @param at when the minute ended, by the clock of a TaskManager
 * @param written events whose row was written, or was there already
 * @param filtered events that the filter dropped
 * @param rejected records that became no row of an event, by Postgres' doing too
 * @param reasons of these, how many for each reason that there was; those that only a newer job
 *     knows are missing
 */
public record LastMinute(
    Instant at, long written, long filtered, long rejected, SortedMap<String, Long> reasons) {
  private static final String FILTER = "filter.";
  private static final String WRITE = "write__Writer.";
  private static final String REJECTED = FILTER + "rejectedPerSecond";
  private static final String REJECTIONS = FILTER + "rejectionsPerSecond.";
  private static final String FILTERED = FILTER + "filteredPerSecond";
  private static final String MEASURED_AT = FILTER + "measuredAt";
  private static final String WRITTEN = WRITE + "writtenPerSecond";
  private static final String REFUSED = WRITE + "refusedPerSecond";
  private static final int SECONDS = 60;

  /** With a map that does not change. */
  public LastMinute {
    reasons = Collections.unmodifiableSortedMap(new TreeMap<>(reasons));
  }

  /** The names of the metrics, as Flink's REST API has them. */
  static List<String> names() {
    List<String> names =
        new ArrayList<>(List.of(REJECTED, FILTERED, MEASURED_AT, WRITTEN, REFUSED));
    for (RejectionReason reason : RejectionReason.values()) {
      names.add(REJECTIONS + reason.code());
    }
    return names;
  }

  /**
   * From the metrics of all subtasks.
   *
   * @param sums their sums by name
   * @param highest the highest of each by name
   * @return nothing if the job does not measure it, or Flink does not tell yet
   */
  static Optional<LastMinute> of(Map<String, Double> sums, Map<String, Double> highest) {
    if (!sums.keySet().containsAll(List.of(REJECTED, FILTERED, WRITTEN, REFUSED))
        || !highest.containsKey(MEASURED_AT)) {
      return Optional.empty();
    }
    SortedMap<String, Long> reasons = new TreeMap<>();
    sums.forEach(
        (name, rate) -> {
          if (name.startsWith(REJECTIONS)) {
            reasons.put(name.substring(REJECTIONS.length()), events(rate));
          }
        });
    long refused = events(sums.get(REFUSED));
    reasons.put(Tables.REFUSED_BY_POSTGRES, refused);
    reasons.values().removeIf(count -> count == 0);
    return Optional.of(
        new LastMinute(
            Instant.ofEpochMilli(Math.round(highest.get(MEASURED_AT))),
            events(sums.get(WRITTEN)),
            events(sums.get(FILTERED)),
            events(sums.get(REJECTED)) + refused,
            reasons));
  }

  private static long events(double perSecond) {
    return Math.round(perSecond * SECONDS);
  }

  /** How many events there were. */
  public long all() {
    return written + filtered + rejected;
  }

  /** How many of a hundred were rejected, from 0 to 100; nothing if there were no events. */
  public Optional<Double> rejectedPercent() {
    return all() == 0 ? Optional.empty() : Optional.of(100.0 * rejected / all());
  }

  /** The reason for which most were rejected, or nothing if none was. */
  public Optional<String> topReason() {
    return reasons.entrySet().stream()
        .max(
            Map.Entry.<String, Long>comparingByValue()
                .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
        .map(Map.Entry::getKey);
  }
}
