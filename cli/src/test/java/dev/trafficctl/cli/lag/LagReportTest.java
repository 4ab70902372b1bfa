package dev.trafficctl.cli.lag;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.kafka.OpenTransaction;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class LagReportTest {
  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
  private static final Duration WEEK = Duration.ofDays(7);

  private final TreeMap<TopicPartition, LagReading.Partition> partitions =
      new TreeMap<>(Comparator.comparing(TopicPartition::partition));
  private final Map<TopicPartition, Long> endsBefore = new HashMap<>();
  private final Map<TopicPartition, Long> nextBefore = new HashMap<>();
  private final Map<Integer, Double> readPerSecond = new HashMap<>();
  private Boolean running = true;

  private static TopicPartition at(int number) {
    return new TopicPartition("t", number);
  }

  /** A partition from 0 to an end, whose next event is as old as given. */
  private void partition(int number, int subtask, long end, Long live, Duration age) {
    partitions.put(
        at(number),
        new LagReading.Partition(
            0L,
            end,
            10L,
            20L,
            live,
            subtask,
            age == null ? null : NOW.minus(age),
            false,
            WEEK,
            null));
  }

  /** What a partition was ten seconds ago. */
  private void before(int number, long end, long next) {
    endsBefore.put(at(number), end);
    nextBefore.put(at(number), next);
  }

  private LagReport report() {
    return LagReport.of(
        new LagReading(
            NOW,
            "traffic",
            "id",
            running,
            "g",
            Duration.ofSeconds(1),
            partitions,
            readPerSecond,
            new LagReading.Earlier(NOW.minusSeconds(10), endsBefore, nextBefore),
            List.of()));
  }

  @Test
  void itRecovers() {
    partition(0, 0, 1_000, 400L, Duration.ofSeconds(30));
    before(0, 900, 100);
    LagFigures only = report().partitions().get(0).figures();
    assertThat(only.committedLag()).isEqualTo(990);
    assertThat(only.checkpointedLag()).isEqualTo(980);
    assertThat(only.liveLag()).isEqualTo(600);
    assertThat(only.lag()).isEqualTo(600);
    assertThat(only.timeLag()).isEqualTo(Duration.ofSeconds(30));
    assertThat(only.rateIn()).isEqualTo(10);
    assertThat(only.rateOut()).isEqualTo(30);
    assertThat(only.trend()).isEqualTo(Trend.RECOVERING);
    assertThat(only.eta()).isEqualTo(Duration.ofSeconds(30));
    assertThat(only.retentionLeft()).isEqualTo(WEEK.minusSeconds(30));
    assertThat(report().notes()).isEmpty();
  }

  @Test
  void whatIsDeletedIsLostUnlessACheckpointHasPassedIt() {
    partitions.put(
        at(0), new LagReading.Partition(101L, 101L, 100L, 101L, 100L, 0, null, false, WEEK, null));
    partitions.put(
        at(1),
        new LagReading.Partition(500L, 1_000L, null, 0L, null, null, NOW, false, WEEK, null));

    LagReport report = report();

    assertThat(report.notes())
        .containsExactly(
            "partition t-1: Kafka has deleted what would be read next, the offsets 0 to 499");
    assertThat(report.partitions().stream().map(each -> each.figures().lag()))
        .containsExactly(0L, 500L);
  }

  @Test
  void itGrowsIsSteadyOrStalled() {
    partition(0, 0, 1_000, 400L, Duration.ofSeconds(30));
    before(0, 900, 305);
    assertThat(report().total().trend()).isEqualTo(Trend.GROWING);
    assertThat(report().total().eta()).isNull();
    before(0, 900, 300);
    assertThat(report().total().trend()).isEqualTo(Trend.STEADY);
    before(0, 900, 400);
    assertThat(report().total().trend()).isEqualTo(Trend.STALLED);
  }

  @Test
  void aJobThatDoesNotRunReadsNothing() {
    running = false;
    partition(0, 0, 1_000, null, Duration.ofSeconds(30));
    before(0, 900, 1);
    LagReport report = report();
    assertThat(report.total().lag()).isEqualTo(980);
    assertThat(report.total().rateOut()).isZero();
    assertThat(report.total().trend()).isEqualTo(Trend.STALLED);
  }

  @Test
  void whatFlinkHasNotToldYetIsNoLag() {
    partition(0, 0, 1_000, 990L, Duration.ofMillis(900));
    before(0, 900, 890);
    LagFigures only = report().partitions().get(0).figures();
    assertThat(only.lag()).isEqualTo(10);
    assertThat(only.trend()).isEqualTo(Trend.CAUGHT_UP);
    assertThat(only.eta()).isNull();
    assertThat(only.retentionLeft()).isNull();
    partition(0, 0, 1_000, 989L, Duration.ofMillis(900));
    assertThat(report().partitions().get(0).figures().trend()).isNotEqualTo(Trend.CAUGHT_UP);
  }

  @Test
  void theSlowestPartitionCounts() {
    partition(0, 0, 1_000, 900L, Duration.ofSeconds(5));
    before(0, 1_000, 800);
    partition(1, 1, 1_000, 400L, Duration.ofSeconds(30));
    before(1, 1_000, 200);
    LagReport report = report();
    assertThat(report.partitions().get(0).figures().eta()).isEqualTo(Duration.ofSeconds(10));
    assertThat(report.total().eta()).isEqualTo(Duration.ofSeconds(30));
    assertThat(report.total().lag()).isEqualTo(700);
    assertThat(report.total().timeLag()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void whatASubtaskReadsOfOnePartitionItCanReadOfItsOthers() {
    partition(0, 0, 1_000, 900L, Duration.ofSeconds(5));
    before(0, 1_000, 800);
    partition(1, 0, 1_000, 100L, Duration.ofSeconds(30));
    before(1, 1_000, 0);
    // 1,000 events at 20 a second; partition 1 alone would take 90 s at its 10 a second.
    assertThat(report().total().eta()).isEqualTo(Duration.ofSeconds(50));
    assertThat(report().partitions().get(0).figures().eta()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void withoutAnEarlierOffsetTheSubtaskTellsTheRate() {
    partition(0, 0, 1_000, 400L, Duration.ofSeconds(30));
    partition(1, 1, 1_000, 400L, Duration.ofSeconds(30));
    partition(2, 1, 1_000, 400L, Duration.ofSeconds(30));
    readPerSecond.put(0, 50.0);
    readPerSecond.put(1, 80.0);
    LagReport report = report();
    // What has not been read came in within the time lag.
    assertThat(report.partitions().get(0).figures().rateIn()).isEqualTo(20);
    assertThat(report.partitions().get(0).figures().rateOut()).isEqualTo(50);
    assertThat(report.partitions().get(1).figures().rateOut()).isNull();
    assertThat(report.partitions().get(1).figures().trend()).isNull();
    assertThat(report.partitions().get(1).figures().eta()).isEqualTo(Duration.ofSeconds(30));
    assertThat(report.total().rateOut()).isEqualTo(130);
    assertThat(report.total().trend()).isEqualTo(Trend.RECOVERING);
    assertThat(report.total().eta()).isEqualTo(Duration.ofSeconds(30));
    readPerSecond.put(1, 0.0);
    assertThat(report().partitions().get(1).figures().trend()).isEqualTo(Trend.STALLED);
  }

  @Test
  void anUnknownPartIsAnUnknownSum() {
    partition(0, 0, 1_000, 400L, Duration.ofSeconds(30));
    partitions.put(
        at(1), new LagReading.Partition(null, null, 5L, null, 5L, 1, null, false, null, null));
    LagReport report = report();
    assertThat(report.partitions().get(1).figures().lag()).isNull();
    assertThat(report.partitions().get(1).figures().trend()).isNull();
    assertThat(report.total().lag()).isNull();
    assertThat(report.total().timeLag()).isNull();
    assertThat(report.total().trend()).isNull();
    assertThat(report.notes())
        .containsExactly(
            "the lag of 1 of 2 partitions is not known, and so that of all together is not");
  }

  @Test
  void anEmptyPartitionHasNoLagWhateverIsKnown() {
    partitions.put(
        at(0), new LagReading.Partition(0L, 0L, null, null, null, null, null, false, WEEK, null));
    LagReport report = report();
    assertThat(report.total().lag()).isZero();
    assertThat(report.total().timeLag()).isZero();
    assertThat(report.total().trend()).isEqualTo(Trend.CAUGHT_UP);
  }

  @Test
  void withoutAnyOffsetTheLagIsUnknown() {
    partitions.put(
        at(0), new LagReading.Partition(0L, 9L, null, null, null, null, null, false, WEEK, null));
    assertThat(report().total().lag()).isNull();
    assertThat(report().total().timeLag()).isNull();
  }

  @Test
  void deletionBeforeItIsReadIsTold() {
    partition(0, 0, 1_000, 400L, WEEK.minusMinutes(5));
    before(0, 1_000, 400);
    assertThat(report().notes())
        .containsExactly("partition t-0: Kafka may delete what has not been read in 5m");
    assertThat(report().total().retentionLeft()).isEqualTo(Duration.ofMinutes(5));
    partition(0, 0, 1_000, 400L, WEEK.plusMinutes(5));
    assertThat(report().total().retentionLeft()).isZero();
  }

  @Test
  void aWatchTakesItsRatesFromWhatItSaw() {
    LagHistory history = new LagHistory(2);
    partition(0, 0, 1_000, 500L, Duration.ofSeconds(30));
    LagReading first = report().reading();
    history.add(first);
    partition(0, 0, 1_100, 800L, Duration.ofSeconds(30));
    LagReport second = history.add(moved(5));
    assertThat(second.total().rateIn()).isEqualTo(20);
    assertThat(second.total().rateOut()).isEqualTo(60);
    assertThat(second.total().eta()).isEqualTo(Duration.ofMillis(7_500));
    partition(0, 0, 1_100, 1_000L, Duration.ofSeconds(30));
    LagReport third = history.add(moved(12));
    // The first is older than 10 s by now, so that it goes by the second.
    assertThat(third.total().rateOut()).isCloseTo(28.6, Offset.offset(0.1));
    assertThat(history.lags(at(0))).containsExactly(300L, 100L);
  }

  private LagReading moved(long seconds) {
    LagReading now = report().reading();
    return new LagReading(
        NOW.plusSeconds(seconds),
        now.jobName(),
        now.jobId(),
        now.running(),
        now.group(),
        now.refresh(),
        new TreeMap<>(partitions),
        now.readPerSecond(),
        null,
        List.of());
  }

  private void held(int number, long end, long live, long stable, Duration since) {
    partitions.put(
        at(number),
        new LagReading.Partition(
            0L,
            end,
            10L,
            20L,
            live,
            0,
            null,
            false,
            WEEK,
            new OpenTransaction(
                stable, "orders-7", 1_005L, since == null ? null : NOW.minus(since))));
  }

  @Test
  void whatWaitsBehindAnOpenTransactionIsNotCaughtUp() {
    held(0, 8_120, 120, 120, Duration.ofMinutes(20));
    // As much as comes in until the live offsets are told again.
    before(0, 0, 120);
    PartitionLag only = report().partitions().get(0);
    assertThat(only.figures().lag()).isEqualTo(8_000);
    assertThat(only.figures().timeLag()).isEqualTo(Duration.ofMinutes(20));
    assertThat(only.figures().trend()).isEqualTo(Trend.STALLED);
    assertThat(only.known().stable()).isEqualTo(120);
    assertThat(report().notes())
        .containsExactly(
            "partition t-0: nothing from offset 120 on can be read before a transaction ends that"
                + " is open for 20m, since 2026-01-31T11:40:00Z (transactional id orders-7,"
                + " producer 1005); up to 8,000 events wait there. If its producer is gone:"
                + " kafka-transactions.sh --bootstrap-server ... abort --topic t --partition 0"
                + " --start-offset 120");
  }

  @Test
  void theOldestOpenTransactionIsNamedAndAnUnknownAgeIsTheOldest() {
    held(0, 200, 120, 120, Duration.ofMinutes(1));
    held(1, 200, 100, 120, null);
    LagReport report = report();
    assertThat(report.oldestTransaction().since()).isNull();
    assertThat(report.notes().get(0))
        .startsWith("partition t-1: nothing from offset 120 on can be read before a transaction")
        .contains("up to 80 events wait there, and 1 other partitions wait too.");
    assertThat(report.total().lag()).isEqualTo(180);
    assertThat(report.total().trend()).isNotEqualTo(Trend.CAUGHT_UP);
  }
}
