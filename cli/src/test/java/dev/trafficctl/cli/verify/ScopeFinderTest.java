package dev.trafficctl.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trafficctl.cli.kafka.HeldBack;
import dev.trafficctl.cli.kafka.TopicLog;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.kafka.LostOffsets;
import dev.trafficctl.model.StartingPosition;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ScopeFinderTest {
  private static final String GONE =
      "partition 1: offsets before 50 cannot be checked any more, Kafka has deleted them";
  private static final String NOT_YET =
      "partitions [0]: --to is behind the checkpoint c; rows behind that may still be on their way";

  private final SortedMap<Integer, HeldBack> held = new TreeMap<>();

  /** Partition 0 from 0 to 100, partition 1 from 50 to 250; an event a second in both. */
  private final class Topic implements TopicLog {
    @Override
    public String id() {
      return "id";
    }

    @Override
    public SortedMap<Integer, Range> ranges() {
      return new TreeMap<>(Map.of(0, new Range(0, 100), 1, new Range(50, 250)));
    }

    @Override
    public SortedMap<Integer, HeldBack> heldBack() {
      return held;
    }

    @Override
    public SortedMap<Integer, Long> offsetsFrom(Instant instant) {
      SortedMap<Integer, Long> found = new TreeMap<>();
      ranges()
          .forEach(
              (partition, range) -> {
                if (instant.getEpochSecond() < range.end()) {
                  found.put(partition, Math.max(range.start(), instant.getEpochSecond()));
                }
              });
      return found;
    }

    @Override
    public SortedMap<Integer, Long> committed(String group) {
      throw new AssertionError("who asks knows it already");
    }

    @Override
    public SortedMap<Integer, Instant> timesAt(Map<Integer, Long> offsets) {
      throw new AssertionError("no event is needed");
    }

    @Override
    public void close() {}
  }

  @Test
  void saysWhatWaitsBehindAnOpenTransactionUnlessTheEndGivenLiesBeforeIt() {
    held.put(0, new HeldBack(100, 103));
    held.put(1, new HeldBack(250, 8_250));
    ScopeFinder.Known flushed = known("the checkpoint c", 90, 250);
    String most =
        "partition t-1: nothing from offset 250 on can be read before a transaction ends that is"
            + " open; up to 8,000 events wait there, and 1 other partitions wait too. They are not"
            + " compared; whose transaction it is: trafficctl lag traffic";
    Scope scope = find(null, null, null, flushed);
    assertThat(scope.heldBack()).isEqualTo(held);
    assertThat(scope.notes()).contains(most);
    assertThat(find(null, "latest", null, flushed).notes()).contains(most);

    Scope before = find(null, "offsets:0=100,1=249", null, flushed);
    assertThat(before.heldBack()).containsExactly(Map.entry(0, new HeldBack(100, 103)));
    assertThat(before.notes())
        .contains(
            "partition t-0: nothing from offset 100 on can be read before a transaction ends that"
                + " is open; up to 3 events wait there. They are not compared; whose transaction it"
                + " is: trafficctl lag traffic");
  }

  private static ScopeFinder.Known known(String from, long first, long second) {
    return new ScopeFinder.Known(new TreeMap<>(Map.of(0, first, 1, second)), from, true);
  }

  private static String leftOut(int partition, long first, long began) {
    return "partition %d: offsets %d to %d are left out: the job began to read at offset %d; --from earliest takes them in"
        .formatted(partition, first, began - 1, began);
  }

  private Scope find(String from, String to, ScopeFinder.Known start, ScopeFinder.Known flushed) {
    return new ScopeFinder(new Topic(), "t", "trafficctl lag traffic")
        .find(position(from), position(to), start, flushed);
  }

  private static StartingPosition position(String text) {
    return text == null ? null : StartingPosition.parse(text);
  }

  private static void isRange(Scope scope, long from0, long to0, long from1, long to1) {
    assertThat(scope.ranges())
        .containsExactly(
            Map.entry(0, new Scope.Range(from0, to0)), Map.entry(1, new Scope.Range(from1, to1)));
  }

  private void refused(ExitCode exitCode, String message, String from, String to) {
    assertThatThrownBy(() -> find(from, to, null, known("the checkpoint c", 80, 200)))
        .isInstanceOfSatisfying(
            CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(exitCode))
        .hasMessage(message);
  }

  @Test
  void goesFromTheFirstEventToTheCheckpointByItself() {
    Scope scope = find(null, null, null, known("the checkpoint c", 80, 200));
    isRange(scope, 0, 80, 50, 200);
    assertThat(scope.from()).isEqualTo("the first event in Kafka");
    assertThat(scope.to()).isEqualTo("the checkpoint c");
    assertThat(scope.notes()).containsExactly(GONE);
    assertThat(scope.wholePast()).isFalse();
    assertThat(scope.size()).isEqualTo(230);
  }

  @Test
  void goesFromWhereTheJobBegan() {
    Scope scope = find(null, null, known("the start", 10, 60), known("c", 80, 200));
    isRange(scope, 10, 80, 60, 200);
    assertThat(scope.notes()).containsExactly(leftOut(0, 0, 10), leftOut(1, 50, 60));
    assertThat(find(null, null, known("the start", 0, 50), known("c", 80, 200)).notes()).isEmpty();
    assertThat(find(null, null, known("the start", 100, 50), known("c", 100, 50)).notes())
        .containsExactly(leftOut(0, 0, 100));
    assertThat(find("earliest", null, known("the start", 10, 60), known("c", 80, 200)).notes())
        .containsExactly(GONE);
    assertThat(find(null, null, known("the start", 0, 40), known("c", 80, 200)).notes())
        .containsExactly(
            "partition 1: offsets 40 to 49 cannot be checked any more, Kafka has deleted them");
  }

  @Test
  void whatTheCheckpointHasNotReadIsNotChecked() {
    isRange(
        find(
            null,
            null,
            known("the start", 0, 60),
            new ScopeFinder.Known(new TreeMap<>(Map.of(0, 100L)), "c", true)),
        0,
        100,
        60,
        60);
    Scope lost = find(null, null, null, known("c", 120, 200));
    isRange(lost, 0, 100, 50, 200);
    assertThat(lost.notes())
        .contains(
            "partition 0 ends at offset 100, before offset 120 up to which the job has read: Kafka"
                + " has lost events, they are not checked");
  }

  @Test
  void whatWasDeletedBeforeTheJobReadItIsLost() {
    ScopeFinder.Known withoutPartition1 =
        new ScopeFinder.Known(new TreeMap<>(Map.of(0, 80L)), "the checkpoint c", true);
    Scope added = find(null, null, null, withoutPartition1);
    isRange(added, 0, 80, 50, 50);
    assertThat(added.lost()).containsExactly(new LostOffsets(1, 0, 49));
    assertThat(find(null, null, known("the start", 0, 60), withoutPartition1).lost()).isEmpty();

    ScopeFinder.Known behind = known("the checkpoint c", 80, 30);
    Scope passed = find(null, null, known("the start", 0, 10), behind);
    isRange(passed, 0, 80, 50, 50);
    assertThat(passed.lost()).containsExactly(new LostOffsets(1, 30, 49));
    assertThat(passed.notes())
        .containsExactly(
            "partition 1: offsets 10 to 29 cannot be checked any more, Kafka has deleted them");
    assertThat(find("earliest", "latest", null, behind).lost())
        .containsExactly(new LostOffsets(1, 30, 49));
    assertThat(find("offsets:0=0,1=40", null, null, behind).lost())
        .containsExactly(new LostOffsets(1, 40, 49));
    assertThat(find("offsets:0=0,1=60", null, null, behind).lost()).isEmpty();
    assertThat(find(null, "offsets:0=50,1=35", null, behind).lost())
        .containsExactly(new LostOffsets(1, 30, 34));
  }

  @Test
  void whatAGroupHasCommittedDoesNotTellThatAnythingIsLost() {
    Scope scope =
        find(
            null,
            null,
            null,
            new ScopeFinder.Known(new TreeMap<>(Map.of(0, 80L, 1, 49L)), "the group", false));

    isRange(scope, 0, 80, 50, 50);
    assertThat(scope.lost()).isEmpty();
  }

  @Test
  void takesWhatIsGiven() {
    Scope offsets =
        find("offsets:0=10,1=60", "offsets:0=20,1=70", null, known("the checkpoint c", 80, 200));
    isRange(offsets, 10, 20, 60, 70);
    assertThat(offsets.notes()).isEmpty();
    Scope times = find("timestamp:1970-01-01T00:01:00Z", null, null, known("c", 80, 200));
    isRange(times, 60, 80, 60, 200);
    Scope late = find(null, "timestamp:1970-01-01T00:03:00Z", null, null);
    isRange(late, 0, 100, 50, 180);
    Scope all = find("earliest", "latest", known("the start", 10, 60), null);
    isRange(all, 0, 100, 50, 250);
    assertThat(all.notes()).containsExactly(GONE);
    Scope ahead =
        find(null, "offsets:0=90,1=200", known("s", 0, 50), known("the checkpoint c", 80, 200));
    assertThat(ahead.notes()).containsExactly(NOT_YET);
    assertThat(find("offsets:0=10,1=20", null, null, known("c", 80, 200)).notes())
        .containsExactly(
            "partition 1: offsets 20 to 49 cannot be checked any more, Kafka has deleted them");
  }

  @Test
  void refusesWhatIsOutOfRange() {
    refused(
        ExitCode.USAGE,
        "--from: partition 0 ends at offset 100, before offset 101",
        "offsets:0=101,1=60",
        null);
    refused(
        ExitCode.USAGE,
        "--to: partition 1 ends at offset 250, before offset 251",
        null,
        "offsets:0=1,1=251");
    refused(
        ExitCode.USAGE,
        "partition 0: --from is offset 10, behind --to, offset 9",
        "offsets:0=10,1=60",
        "offsets:0=9,1=60");
    refused(
        ExitCode.USAGE,
        "--from: give one offset for each of the partitions [0, 1]",
        "offsets:0=10",
        null);
    refused(
        ExitCode.USAGE,
        "--to: give one offset for each of the partitions [0, 1]",
        null,
        "offsets:0=10,1=60,2=7");
    assertThatThrownBy(() -> find(null, null, null, null))
        .isInstanceOfSatisfying(
            CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.REFUSED))
        .hasMessageStartingWith("nothing tells how far the job has written");
  }
}
