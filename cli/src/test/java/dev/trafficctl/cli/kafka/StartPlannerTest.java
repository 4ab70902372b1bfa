package dev.trafficctl.cli.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.model.StartingPosition;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StartPlannerTest {
  private static final Instant NOON = FakeEventLog.NOON;

  private static StartPlanner planner(FakeEventLog topic) {
    return new StartPlanner(topic, "web-traffic", Clock.fixed(NOON, ZoneOffset.UTC));
  }

  private static StartPlan plan(FakeEventLog topic, String position, Map<Integer, Long> current) {
    return planner(topic).plan(StartingPosition.parse(position), "traffic", current);
  }

  private static void assertRefused(FakeEventLog topic, String position, String message) {
    assertThatThrownBy(() -> plan(topic, position, Map.of()))
        .isInstanceOfSatisfying(
            CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.REFUSED))
        .hasMessage(message);
  }

  @Test
  void resolvesATimestampInEveryPartition() {
    FakeEventLog topic = new FakeEventLog().with(0, 0, 100).with(1, 50, 250);
    StartPlan plan = plan(topic, "timestamp:" + NOON.minusSeconds(30), Map.of(0, 90L, 1, 200L));
    assertThat(plan.partitions())
        .containsExactly(
            new PartitionStart(
                0, 69, NOON.minusSeconds(30), 90L, 21L, 0L, 31, 0, NOON.minusSeconds(99), 100),
            new PartitionStart(
                1, 219, NOON.minusSeconds(30), 200L, 0L, 19L, 31, 50, NOON.minusSeconds(199), 250));
    assertThat(plan.notes()).isEmpty();
    assertThat(plan.readAgain()).isEqualTo(21);
    assertThat(plan.skipped()).isEqualTo(19);
    assertThat(plan.toEnd()).isEqualTo(62);
    assertThat(plan.pinned().text()).isEqualTo("offsets:0=69,1=219");
  }

  @Test
  void whatIsNotKnownIsNotZero() {
    StartPlan plan =
        plan(new FakeEventLog().with(0, 0, 10).with(1, 0, 0), "earliest", Map.of(0, 4L));
    assertThat(plan.partitions())
        .containsExactly(
            new PartitionStart(
                0, 0, NOON.minusSeconds(9), 4L, 4L, 0L, 10, 0, NOON.minusSeconds(9), 10),
            new PartitionStart(1, 0, null, null, null, null, 0, 0, null, 0));
    assertThat(plan.readAgain()).isNull();
    assertThat(plan.skipped()).isNull();
  }

  @Test
  void latestSkipsWhatWasNotReadYet() {
    StartPlan plan = plan(new FakeEventLog().with(0, 0, 10), "latest", Map.of(0, 4L));
    assertThat(plan.partitions())
        .containsExactly(
            new PartitionStart(0, 10, null, 4L, 0L, 6L, 0, 0, NOON.minusSeconds(9), 10));
  }

  @Test
  void aTimestampPastTheEndSaysThatNothingIsThere() {
    FakeEventLog topic = new FakeEventLog().with(0, 0, 100).with(1, 0, 0).with(2, 70, 70);
    StartPlan plan =
        planner(topic)
            .plan(new StartingPosition.Timestamp(NOON.minusMillis(1)), "traffic", Map.of());
    assertThat(plan.pinned().text()).isEqualTo("offsets:0=99,1=0,2=70");
    assertThat(plan.notes())
        .containsExactly(
            "no event since 2026-01-31T11:59:59.999Z in partitions [1, 2]: these start at their"
                + " ends",
            "all events of partitions [2] are gone, perhaps some of that time too");
  }

  @Test
  void aTimestampBeforeRetentionIsRefusedWithTheFirstTimeThatIsLeft() {
    assertRefused(
        new FakeEventLog().with(0, 20, 100).with(1, 30, 60).with(2, 0, 5).with(3, 10, 500),
        "timestamp:" + NOON.minusSeconds(100),
        "2026-01-31T11:58:20Z lies before what Kafka still has: partition 0 has lost its events"
            + " before offset 20, which is of 2026-01-31T11:58:41Z; partition 1 has lost its events"
            + " before offset 30, which is of 2026-01-31T11:59:31Z; give a time after"
            + " 2026-01-31T11:59:31Z, or --from-earliest to start with what is left");
  }

  @Test
  void aTimestampBeforeRetentionIsRefusedWhereTheLogBeginsWithAGap() {
    assertRefused(
        new FakeEventLog().with(0, 40, 50).withGap(0, 40, 43),
        "timestamp:" + NOON.minusSeconds(60),
        "2026-01-31T11:59:00Z lies before what Kafka still has: partition 0 has lost its events"
            + " before offset 43, which is of 2026-01-31T11:59:54Z; give a time after"
            + " 2026-01-31T11:59:54Z, or --from-earliest to start with what is left");
  }

  @Test
  void aTimestampInTheFutureIsWrongUsage() {
    assertThatThrownBy(
            () ->
                plan(new FakeEventLog().with(0, 0, 1), "timestamp:2026-01-31T12:00:01Z", Map.of()))
        .isInstanceOfSatisfying(
            CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessage(
            "2026-01-31T12:00:01Z lies in the future; give a time that has passed, or"
                + " --from-latest");
  }

  @Test
  void everyProblemOfGivenOffsetsIsToldAtOnce() {
    assertRefused(
        new FakeEventLog().with(0, 20, 100).with(1, 0, 50).with(2, 0, 5),
        "offsets:0=5,1=51,7=3",
        "--from-offsets cannot be honoured: there are no partitions [7]; no offset is given for"
            + " partitions [2]; partition 0 has lost offsets 5 to 19 (15 offsets), they were"
            + " deleted before they were read; partition 1 ends at offset 50, before offset 51"
            + " where reading would go on; give one offset for each of the partitions [0, 1, 2]");
  }

  @Test
  void offsetsAtTheEdgesAreGood() {
    StartPlan plan =
        plan(new FakeEventLog().with(0, 20, 100).with(1, 0, 50), "offsets:0=20,1=50", Map.of());
    assertThat(plan.pinned().text()).isEqualTo("offsets:0=20,1=50");
    assertThat(plan.partitions().get(1).eventTime()).isNull();
  }

  @Test
  void committedOffsetsFallBackAsWanted() {
    FakeEventLog topic = new FakeEventLog().with(0, 20, 100).with(1, 3, 50);
    topic.committing("traffic", Map.of(0, 42L, 9, 1L));
    assertThat(plan(topic, "committed:earliest", Map.of()).pinned().text())
        .isEqualTo("offsets:0=42,1=3");
    assertThat(plan(topic, "committed:latest", Map.of()).pinned().text())
        .isEqualTo("offsets:0=42,1=50");
    assertRefused(
        topic,
        "committed",
        "the committed offsets cannot be honoured: group 'traffic' has committed nothing for"
            + " partitions [1]");
  }

  @Test
  void restoredStateGoesOnAndFindsNewPartitions() {
    StartPlan plan =
        planner(new FakeEventLog().with(0, 0, 100).with(1, 0, 50))
            .planRestored(Map.of(0, 80L), Map.of(0, 90L), StartingPosition::text);
    assertThat(plan.pinned().text()).isEqualTo("offsets:0=80,1=0");
    assertThat(plan.readAgain()).isNull();
    assertThat(plan.partitions().get(0).readAgain()).isEqualTo(10);
    assertThat(plan.notes())
        .isEqualTo(List.of("the state does not know partition 1: it is read from its first event"));
  }

  @Test
  void restoredStateWhoseEventsMayBeGoneIsRefusedAndNamesWhatIsLeft() {
    assertThatThrownBy(
            () ->
                planner(new FakeEventLog().with(0, 90, 100).with(1, 500, 1_000).with(2, 0, 9))
                    .planRestored(Map.of(0, 89L, 2, 7L), Map.of(), left -> "start " + left.text()))
        .isInstanceOfSatisfying(
            CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.REFUSED))
        .hasMessage(
            "the state cannot be restored: topic web-traffic: partition 0 has lost offset 89,"
                + " it was deleted before it was read; partition 1 has lost offsets 0 to 499 (500"
                + " offsets), they were deleted before they were read; whether events or only marks"
                + " of transactions were there can no longer be known;"
                + " to go on with what is left, start without state: start offsets:0=90,1=500,2=7");
  }

  @Test
  void restoredStateThatSaysMoreThanTheTopicHoldsNamesNoOffsets() {
    assertThatThrownBy(
            () ->
                planner(new FakeEventLog().with(0, 90, 100))
                    .planRestored(Map.of(0, 101L, 4, 7L), Map.of(), left -> "start " + left.text()))
        .hasMessage(
            "the state cannot be restored: topic web-traffic: partition 0 ends at offset 100,"
                + " before offset 101 where reading would go on; partition 4 no longer exists; to"
                + " go on with what is left, start without state: start earliest");
  }
}
