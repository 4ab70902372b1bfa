package dev.trafficctl.cli.flink;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the Kafka source of a job tells of itself. Flink renews it every {@code
 * metrics.fetcher.update-interval}, 10 s by default.
 *
 * @param partitions the partitions of one topic that are read, by number
 * @param readPerSecond events a second that each subtask has read in the last minute
 */
public record SourceMetrics(Map<Integer, Read> partitions, Map<Integer, Double> readPerSecond) {
  // Documented in the Kafka connector's "Monitoring".
  private static final Pattern OFFSET =
      Pattern.compile(
          "(?<subtask>\\d{1,5})\\..+\\.KafkaSourceReader\\.topic\\.(?<topic>.+)"
              + "\\.partition\\.(?<partition>\\d{1,9})\\.currentOffset");
  private static final Pattern RATE =
      Pattern.compile("(?<subtask>\\d{1,5})\\.Source__[^.]+\\.numRecordsInPerSecond");

  /**
   * A partition that is read.
   *
   * @param subtask the subtask that reads it
   * @param next the next offset to be read, or null if the subtask has not read anything yet
   */
  public record Read(int subtask, Long next) {}

  /** With maps that do not change. */
  public SourceMetrics {
    partitions = Map.copyOf(partitions);
    readPerSecond = Map.copyOf(readPerSecond);
  }

  /** Nothing. */
  public static SourceMetrics none() {
    return new SourceMetrics(Map.of(), Map.of());
  }

  /** Whether a metric, named as {@code subtask.operator.metric}, tells something of a topic. */
  static boolean isOne(String name, String topic) {
    Matcher offset = OFFSET.matcher(name);
    return offset.matches() ? offset.group("topic").equals(topic) : RATE.matcher(name).matches();
  }

  /** From the values of such metrics by their names. */
  static SourceMetrics of(Map<String, String> metrics) {
    Map<Integer, Read> partitions = new TreeMap<>();
    Map<Integer, Double> rates = new TreeMap<>();
    metrics.forEach(
        (name, value) -> {
          Matcher offset = OFFSET.matcher(name);
          Matcher rate = RATE.matcher(name);
          if (offset.matches() && value.matches("-?\\d{1,18}")) {
            long current = Long.parseLong(value);
            Read read =
                new Read(
                    Integer.parseInt(offset.group("subtask")), current < 0 ? null : current + 1);
            // A partition that moved is still told of by the subtask that read it before.
            partitions.merge(
                Integer.parseInt(offset.group("partition")), read, SourceMetrics::newer);
          } else if (rate.matches() && value.matches("\\d+(\\.\\d+)?(E-?\\d+)?")) {
            rates.put(Integer.parseInt(rate.group("subtask")), Double.parseDouble(value));
          }
        });
    return new SourceMetrics(partitions, rates);
  }

  private static Read newer(Read one, Read other) {
    if (one.next() == null || other.next() == null) {
      return one.next() == null ? other : one;
    }
    return one.next() >= other.next() ? one : other;
  }
}
