package dev.trafficctl.cli.verify;

import dev.trafficctl.model.WebEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Judges the marks of late rows. Whether an event was late depends on the order in which the
 * partitions were read, which nothing tells afterwards: a partition that was silent does not hold
 * the watermark, so its next event can be late because of any other partition. A mark is therefore
 * wrong only if no event that may have come before is far enough ahead: in a topic with one
 * partition, an event at a smaller offset; with more, any event of the range.
 *
 * <p>Thread-safe, and bounded: of very many rows that are marked late without an event ahead of
 * them so far, the first ones are judged.
 */
final class LateMarks {
  private static final int MOST = 10_000;

  private final long ahead;
  private final boolean judged;
  private final boolean onePartition;
  private final List<Suspect> suspects = new ArrayList<>();
  private long newest = Long.MIN_VALUE;

  /**
   * A row that is marked late.
   *
   * @param needed the time in milliseconds of the oldest event because of which it can be
   */
  record Suspect(int partition, long offset, long needed) {}

  /**
   * With the job's settings.
   *
   * @param judged false when events may have been read that are not in the range; then no mark is
   *     wrong
   */
  LateMarks(
      Duration outOfOrderness, Duration allowedLateness, boolean judged, boolean onePartition) {
    // As Flink's bounded out-of-orderness has it, the watermark is one millisecond further behind.
    this.ahead = outOfOrderness.toMillis() + allowedLateness.toMillis() + 1;
    this.judged = judged;
    this.onePartition = onePartition;
  }

  /** Follows the events of one partition, in order. */
  Partition partition(int number) {
    return new Partition(number);
  }

  private synchronized void add(Suspect suspect) {
    if (suspects.size() == MOST && !onePartition) {
      suspects.removeIf(known -> known.needed() <= newest);
    }
    if (suspects.size() < MOST) {
      suspects.add(suspect);
    }
  }

  private synchronized void reached(long millis) {
    newest = Math.max(newest, millis);
  }

  /** The rows whose mark is wrong, once all partitions are read to the end of the range. */
  synchronized List<Suspect> wrong() {
    return suspects.stream().filter(row -> onePartition || row.needed() > newest).toList();
  }

  /** The events of one partition. Not thread-safe. */
  final class Partition {
    private final int number;
    private long newestHere = Long.MIN_VALUE;

    private Partition(int number) {
      this.number = number;
    }

    /** Takes the next event that the job reads, whether it is filtered or not. */
    void event(WebEvent event) {
      newestHere = Math.max(newestHere, millis(event));
    }

    /** Takes a row that is marked late, before its event is taken. */
    void late(long offset, WebEvent event) {
      long needed = millis(event) + ahead;
      if (judged && needed > newestHere) {
        add(new Suspect(number, offset, needed));
      }
    }

    /** Lets the other partitions know. */
    void share() {
      reached(newestHere);
    }

    private static long millis(WebEvent event) {
      return Math.floorDiv(event.eventTimeMicros(), 1_000L);
    }
  }
}
