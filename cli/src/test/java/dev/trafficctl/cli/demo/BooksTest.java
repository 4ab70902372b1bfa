package dev.trafficctl.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.flink.JobCounters;
import dev.trafficctl.cli.postgres.OffsetRanges;
import dev.trafficctl.cli.postgres.RowCounts;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BooksTest {
  private static final OffsetRanges KAFKA =
      new OffsetRanges(sorted(Map.of(0, 100L, 1, 0L)), sorted(Map.of(0, 110L, 1, 10L)));

  private static <K, V> SortedMap<K, V> sorted(Map<K, V> map) {
    return new TreeMap<>(map);
  }

  private static RowCounts rows(long inPartition0, long late, long rejected) {
    return new RowCounts(
        sorted(Map.of(0, inPartition0, 1, 6L)),
        late,
        sorted(Map.of(1, rejected)),
        sorted(Map.of("nul_byte", rejected)));
  }

  private static JobCounters job(long read, long filtered, long rejected, long written) {
    return new JobCounters(
        read,
        sorted(Map.of("bots", filtered, "robots", 0L)),
        sorted(Map.of("nul_byte", rejected, "truncated", 0L)),
        1,
        written,
        0);
  }

  @Test
  void agreeWhenEveryEventIsSomewhere() {
    Books books = new Books(KAFKA, rows(7, 1, 2), job(20, 5, 2, 13));
    assertThat(books.complete()).isTrue();
    assertThat(books.differences()).isEmpty();
  }

  @Test
  void tellOfARowThatIsMissing() {
    Books books = new Books(KAFKA, rows(6, 1, 2), job(20, 5, 2, 13));
    assertThat(books.complete()).isFalse();
    assertThat(books.differences())
        .containsExactly(
            "rows in processed_events: 12, but written by the job: 13",
            "events in Kafka: 20, but rows written and rejected, and events filtered: 19");
  }

  @Test
  void tellOfAnEventThatWasNotRead() {
    Books books = new Books(KAFKA, rows(7, 1, 2), job(19, 5, 2, 13));
    assertThat(books.differences()).containsExactly("events in Kafka: 20, but read by the job: 19");
  }

  @Test
  void tellOfARejectionThatWasNotStored() {
    Books books = new Books(KAFKA, rows(7, 1, 1), job(20, 5, 2, 13));
    assertThat(books.differences())
        .containsExactly(
            "rows in rejected_events: 1, but rejected by the job: 2",
            "rows rejected as nul_byte: 1, but counted by the job: 2",
            "events in Kafka: 20, but rows written and rejected, and events filtered: 19");
  }

  @Test
  void tellOfLateEventsCountedDifferently() {
    assertThat(new Books(KAFKA, rows(7, 3, 2), job(20, 5, 2, 13)).differences())
        .containsExactly("late rows: 3, but late events counted by the job: 1");
  }

  @Test
  void tellOfMoreRowsThanEventsInOnePartition() {
    assertThat(new Books(KAFKA, rows(11, 1, 2), job(20, 1, 2, 17)).differences())
        .containsExactly("partition 0: 11 rows for 10 events");
  }
}
