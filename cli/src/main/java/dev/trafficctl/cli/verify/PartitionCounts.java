package dev.trafficctl.cli.verify;

/**
 * What was counted in a range of one partition, or of all of them.
 *
 * @param read events in Kafka; an offset without an event does not count
 * @param written rows of processed_events
 * @param filtered events that the filter drops
 * @param rejected rows of rejected_events
 * @param missing rows that should be there, and are not
 * @param unexpected rows that should not be there
 * @param duplicate rows that are there once more
 * @param altered rows with other values than they should have
 * @param unchecked rows that cannot be checked, because compaction may have taken their events;
 *     they are no part of {@code written} and {@code rejected}
 * @param refused those of {@code rejected} that are events which the job keeps, and Postgres
 *     refused
 */
public record PartitionCounts(
    long read,
    long written,
    long filtered,
    long rejected,
    long missing,
    long unexpected,
    long duplicate,
    long altered,
    long unchecked,
    long refused) {
  /** Nothing. */
  public static final PartitionCounts NONE = new PartitionCounts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  /** Both together. */
  public PartitionCounts plus(PartitionCounts other) {
    return new PartitionCounts(
        read + other.read,
        written + other.written,
        filtered + other.filtered,
        rejected + other.rejected,
        missing + other.missing,
        unexpected + other.unexpected,
        duplicate + other.duplicate,
        altered + other.altered,
        unchecked + other.unchecked,
        refused + other.refused);
  }

  /** Whether {@code read = written + filtered + rejected}. */
  public boolean lawHolds() {
    return read == written + filtered + rejected;
  }

  /** How many rows are not as they should be. */
  public long differences() {
    return missing + unexpected + duplicate + altered;
  }
}
