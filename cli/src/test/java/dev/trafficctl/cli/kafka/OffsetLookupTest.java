package dev.trafficctl.cli.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.command.next.ShellCommands;
import dev.trafficctl.cli.kafka.PartitionOffset.Place;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OffsetLookupTest {
  private static final Instant NOON = FakeEventLog.NOON;
  private static final String EVENT = "shop.example.com /item/";

  private final FakeEventLog log = new FakeEventLog();
  private final OffsetLookup lookup =
      new OffsetLookup(log, "t", Clock.fixed(NOON, ZoneOffset.UTC), new ShellCommands());

  @Test
  void saysWhatWaitsBehindAnOpenTransaction() {
    log.with(0, 0, 100).with(1, 0, 120).holding(0, 103).holding(1, 8_120);
    assertThat(lookup.latest().notes())
        .containsExactly(
            "partition t-1: nothing from offset 120 on can be read before a transaction ends that"
                + " is open; up to 8,000 events wait there, and 1 other partitions wait too. What is"
                + " shown ends there; trafficctl lag names who has the transaction");
  }

  @Test
  void resolvesATimeWithEventAndRetention() {
    log.with(0, 0, 100)
        .with(1, 50, 250)
        .keeping(new TopicRetention(Duration.ofMinutes(5), null, false));

    TopicOffsets offsets = lookup.from(NOON.minusSeconds(30));

    assertThat(offsets.partitions())
        .containsExactly(
            new PartitionOffset(
                0,
                69L,
                NOON.minusSeconds(30),
                EVENT + 69,
                31L,
                0L,
                NOON.minusSeconds(99),
                100L,
                Duration.ofSeconds(270),
                Place.IN_LOG,
                0L,
                null),
            new PartitionOffset(
                1,
                219L,
                NOON.minusSeconds(30),
                EVENT + 219,
                31L,
                50L,
                NOON.minusSeconds(199),
                250L,
                Duration.ofSeconds(270),
                Place.IN_LOG,
                0L,
                null));
    assertThat(offsets.toEnd()).isEqualTo(62);
    assertThat(offsets.notes()).isEmpty();
  }

  @Test
  void saysThatATimeIsBeforeRetentionWhereTheLogBeginsWithAGap() {
    log.with(0, 40, 50).withGap(0, 40, 43);
    assertThat(notes(lookup.from(NOON.minusSeconds(60))))
        .containsExactly("before retention: older events are deleted");
    assertThat(notes(lookup.from(NOON.minusSeconds(5)))).containsExactly((String) null);
  }

  @Test
  void saysOfEachPartitionThatATimeIsBeforeRetentionOrPastTheEnd() {
    log.with(0, 0, 10).with(1, 40, 50).with(2, 0, 100).with(3, 0, 0).with(4, 7, 7);

    assertThat(notes(lookup.from(NOON.minusSeconds(60))))
        .containsExactly(
            "before the first event",
            "before retention: older events are deleted",
            null,
            "empty",
            "empty: all of its events are deleted");
    assertThat(places(lookup.from(NOON.minusSeconds(60))))
        .containsExactly(
            Place.IN_LOG, Place.BEFORE_LOG_START, Place.IN_LOG, Place.AT_END, Place.AT_END);
    assertThat(notes(lookup.from(NOON.plusSeconds(1))))
        .containsExactly(
            "no event since then",
            "no event since then",
            "no event since then",
            "empty",
            "empty: all of its events are deleted");
    // Nothing tells whether events of that time were deleted.
    assertThat(lookup.from(NOON.minusSeconds(60)).partitions().stream().map(PartitionOffset::lost))
        .containsExactly(0L, null, 0L, 0L, null);
  }

  @Test
  void saysWhatKafkaNoLongerHasOfAState() {
    log.with(0, 30, 100).with(1, 0, 20).with(2, 0, 20).with(3, 5, 20).with(4, 0, 20);

    TopicOffsets offsets = lookup.restored(Map.of(0, 12L, 1, 25L, 2, 20L, 9, 4L));

    assertThat(notes(offsets))
        .containsExactly(
            "lost offsets 12 to 29 (18)",
            "the log ends at offset 20",
            null,
            "not in the state: lost offsets 0 to 4 (5)",
            "not in the state: read from its first event",
            "no such partition");
    assertThat(places(offsets))
        .containsExactly(
            Place.BEFORE_LOG_START,
            Place.PAST_END,
            Place.AT_END,
            Place.BEFORE_LOG_START,
            Place.IN_LOG,
            Place.NO_PARTITION);
    assertThat(offsets.partitions().stream().map(PartitionOffset::offset))
        .containsExactly(12L, 25L, 20L, 0L, 0L, 4L);
    assertThat(offsets.partitions().stream().map(PartitionOffset::toEnd))
        .containsExactly(70L, 0L, 0L, 15L, 20L, null);
    assertThat(offsets.partitions().stream().map(PartitionOffset::lost))
        .containsExactly(18L, null, 0L, 5L, 0L, null);
  }

  @Test
  void looksAtBothEnds() {
    log.with(0, 30, 100).with(1, 0, 0);

    assertThat(lookup.earliest().partitions().stream().map(PartitionOffset::event))
        .containsExactly(EVENT + 30, null);
    assertThat(lookup.latest().partitions().stream().map(PartitionOffset::offset))
        .containsExactly(100L, 0L);
    assertThat(lookup.latest().partitions().stream().map(PartitionOffset::eventTime))
        .containsExactly(null, null);
  }

  @Test
  void anEventMayBeDeletedAtAnyTimeButNeverBeforeNow() {
    log.with(0, 0, 100).keeping(new TopicRetention(Duration.ofSeconds(10), null, false));

    assertThat(lookup.earliest().partitions().get(0).retentionLeft()).isZero();
  }

  @Test
  void whatIsNotKnownOfRetentionIsSaidAndNotMadeUp() {
    log.with(0, 0, 10).keeping(new TopicRetention(null, 1L << 30, false));
    assertThat(lookup.earliest().partitions().get(0).retentionLeft()).isNull();
    assertThat(lookup.earliest().notes())
        .containsExactly(
            "Kafka may delete events sooner than for their age: a partition keeps 1.0 GiB");

    log.refusing(new CommandException(ExitCode.FAILED, "not allowed"));
    assertThat(lookup.earliest().partitions().get(0).retentionLeft()).isNull();
    assertThat(lookup.earliest().notes())
        .containsExactly("when Kafka deletes events is not known: not allowed");
  }

  @Test
  void showsWhatIsNoEventAsWhatItIs() {
    log.with(0, 0, 10).saying("{".getBytes(UTF_8));
    assertThat(lookup.earliest().partitions().get(0).event()).isEqualTo("rejected: truncated");

    log.saying(FakeEventLog.event("/" + "x".repeat(100)));
    assertThat(lookup.earliest().partitions().get(0).event()).hasSize(63).endsWith("xxx...");
  }

  @Test
  void countsNoEventsWhereOnlyTransactionsOrCompactionLeftOffsets() {
    // Events from 40 on; none behind 90; none at all.
    log.with(0, 0, 100).withGap(0, 10, 40);
    log.with(1, 0, 100).withGap(1, 90, 100);
    log.with(2, 0, 3).withGap(2, 0, 3);

    TopicOffsets offsets = lookup.restored(Map.of(0, 12L, 1, 95L, 2, 1L));

    assertThat(places(offsets)).containsOnly(Place.IN_LOG);
    assertThat(offsets.partitions().stream().map(PartitionOffset::event))
        .containsExactly(EVENT + 40, null, null);
    assertThat(offsets.partitions().stream().map(PartitionOffset::toEnd))
        .containsExactly(60L, 0L, 0L);
    assertThat(offsets.partitions().stream().map(PartitionOffset::lost))
        .containsExactly(0L, 0L, 0L);
    String onlyGaps = "no event up to the end, only what transactions or compaction left";
    assertThat(notes(offsets)).containsExactly(null, onlyGaps, onlyGaps);
    assertThat(offsets.toEnd()).isEqualTo(60);
    assertThat(offsets.notes()).isEmpty();

    assertThat(lookup.earliest().partitions().stream().map(PartitionOffset::toEnd))
        .containsExactly(100L, 100L, 0L);
    TopicOffsets since = lookup.from(NOON.minusSeconds(85));
    assertThat(since.partitions().stream().map(PartitionOffset::offset))
        .containsExactly(40L, 14L, 3L);
    assertThat(since.partitions().stream().map(PartitionOffset::toEnd))
        .containsExactly(60L, 86L, 0L);
  }

  @Test
  void showsEventsWithoutATimestampWithoutATime() {
    log.with(0, 5, 100).withoutTimestamps();
    PartitionOffset first = lookup.restored(Map.of(0, 12L)).partitions().get(0);
    assertThat(first.event()).isEqualTo(EVENT + 12);
    assertThat(first.eventTime()).isNull();
    assertThat(first.logStartTime()).isNull();
    assertThat(first.retentionLeft()).isNull();
    assertThat(lookup.from(NOON.minusSeconds(30)).partitions().get(0).note()).isNull();
  }

  @Test
  void doesNotSayOfACompactedTopicThatNothingIsLost() {
    log.with(0, 0, 100).withGap(0, 12, 20).with(1, 0, 20).with(2, 30, 40);
    Map<Integer, Long> state = Map.of(0, 12L, 1, 20L, 2, 25L);
    assertThat(lookup.restored(state).partitions().stream().map(PartitionOffset::lost))
        .containsExactly(0L, 0L, 5L);
    assertThat(lookup.restored(state).notes()).isEmpty();

    log.keeping(new TopicRetention(null, null, true));
    assertThat(lookup.restored(state).partitions().stream().map(PartitionOffset::lost))
        .containsExactly(null, 0L, 5L);
    assertThat(lookup.restored(state).notes())
        .containsExactly(
            "the topic is compacted: whether Kafka still has every event behind these offsets is"
                + " not known");
    assertThat(lookup.restored(Map.of(0, 100L, 1, 20L, 2, 40L)).notes()).isEmpty();
    assertThat(lookup.earliest().notes()).isEmpty();

    log.refusing(new CommandException(ExitCode.FAILED, "not allowed"));
    assertThat(lookup.restored(state).partitions().stream().map(PartitionOffset::lost))
        .containsExactly(null, 0L, 5L);
    assertThat(lookup.restored(state).notes())
        .containsExactly(
            "when Kafka deletes events is not known: not allowed",
            "the topic may be compacted: whether Kafka still has every event behind these offsets"
                + " is not known");
  }

  private static List<String> notes(TopicOffsets offsets) {
    return offsets.partitions().stream().map(PartitionOffset::note).toList();
  }

  private static List<Place> places(TopicOffsets offsets) {
    return offsets.partitions().stream().map(PartitionOffset::place).toList();
  }
}
