package dev.trafficctl.cli.state;

/**
 * Where a Kafka source goes on with a partition, as its own state tells.
 *
 * @param topic the topic's name
 * @param partition the partition's number
 * @param offset the next offset that it reads, or one of the negative numbers that stand for the
 *     first event, the end, or the committed offset
 */
public record SourceSplit(String topic, int partition, long offset) {
  /** The first event that Kafka has. */
  public static final long EARLIEST = -2;

  /** The end of the partition. */
  public static final long LATEST = -1;

  /** What the group has committed. */
  public static final long COMMITTED = -3;

  /** Whether the offset is a number within the log, and not a word for one. */
  public boolean isNumber() {
    return offset >= 0;
  }
}
