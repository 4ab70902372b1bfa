package dev.trafficctl.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.model.WebEvent;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LateMarksTest {
  private static final Duration OUT_OF_ORDERNESS = Duration.ofSeconds(5);
  private static final Duration ALLOWED = Duration.ofSeconds(60);

  private static LateMarks marks(boolean judged, boolean onePartition) {
    return new LateMarks(OUT_OF_ORDERNESS, ALLOWED, judged, onePartition);
  }

  private static WebEvent at(long millis) {
    return new WebEvent(new byte[4], millis * 1_000 + 999, null, "h", "/", null, null);
  }

  private static void read(LateMarks.Partition partition, long offset, long millis, boolean late) {
    if (late) {
      partition.late(offset, at(millis));
    }
    partition.event(at(millis));
    partition.share();
  }

  @Test
  void inOnePartitionAnEventBeforeItMustBeFarEnoughAhead() {
    LateMarks marks = marks(true, true);
    LateMarks.Partition partition = marks.partition(0);
    read(partition, 0, 100_000, false);
    // The watermark is at 94,999 ms, and an event at 34,999 ms is the newest that is late.
    read(partition, 1, 34_999, true);
    read(partition, 2, 35_000, true);
    read(partition, 3, 900_000, true);
    assertThat(marks.wrong()).extracting(LateMarks.Suspect::offset).isEqualTo(List.of(2L, 3L));
  }

  @Test
  void whereThereAreMoreAnyEventMayHaveMadeItLate() {
    LateMarks marks = marks(true, false);
    LateMarks.Partition silent = marks.partition(0);
    LateMarks.Partition other = marks.partition(1);
    read(silent, 0, 30_000, true);
    read(silent, 1, 35_000, true);
    read(other, 0, 100_000, false);
    assertThat(marks.wrong()).containsExactly(new LateMarks.Suspect(0, 1, 100_001));
  }

  @Test
  void isNotJudgedWhereEventsAreNotKnown() {
    LateMarks marks = marks(false, true);
    read(marks.partition(0), 0, 0, true);
    assertThat(marks.wrong()).isEmpty();
  }

  @Test
  void isBounded() {
    LateMarks marks = marks(true, false);
    LateMarks.Partition partition = marks.partition(0);
    for (int offset = 0; offset < 20_000; offset++) {
      read(partition, offset, 100_000, true);
    }
    assertThat(marks.wrong()).hasSize(10_000);
    read(marks.partition(1), 0, 200_000, false);
    read(partition, 20_000, 200_000, true);
    assertThat(marks.wrong()).containsExactly(new LateMarks.Suspect(0, 20_000, 265_001));
  }
}
