package dev.trafficctl.cli.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.flink.Checkpoint;
import dev.trafficctl.cli.flink.CheckpointConfig;
import dev.trafficctl.cli.flink.Checkpoints;
import dev.trafficctl.cli.flink.JobDetails;
import dev.trafficctl.cli.flink.JobFailure;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.flink.JobVertex;
import dev.trafficctl.cli.flink.Overview;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class HealthTest {
  private static final Instant START = Instant.parse("2026-01-31T11:00:00Z");
  private static final JobFailure[] NONE = {};

  private final JobDetails job =
      new JobDetails(
          new JobId("0".repeat(32)),
          "traffic",
          "RUNNING",
          START,
          Map.of("RUNNING", START),
          128,
          List.of(new JobVertex("v", "read", 2, 2)),
          START);

  private static Checkpoint checkpoint(long id, String status, boolean savepoint, int second) {
    return new Checkpoint(
        id,
        status,
        savepoint,
        START.plusSeconds(second),
        Duration.ofSeconds(1),
        1,
        2,
        2,
        "file:/c",
        false,
        null);
  }

  private static Checkpoints checkpoints(
      Checkpoint completed, Checkpoint savepoint, Checkpoint... history) {
    return new Checkpoints(0, 0, 0, completed, savepoint, null, null, List.of(history));
  }

  private Health at(
      int second, Duration interval, Checkpoints checkpoints, JobFailure... failures) {
    JobStatus status =
        new JobStatus(
            job,
            checkpoints,
            new CheckpointConfig(interval, Duration.ofMinutes(10), true, true),
            null,
            OptionalInt.empty(),
            OptionalLong.empty(),
            List.of(failures),
            new Overview(1, 2, 0, "2.2.1"),
            null);
    return Health.of(status, RejectedLimit.DEFAULT, START.plusSeconds(second));
  }

  @Test
  void withoutAnyFailureACheckpointMayTakeUntilItsTimeout() {
    Checkpoints last = checkpoints(checkpoint(1, "COMPLETED", false, 9), null);
    Duration interval = Duration.ofSeconds(10);
    assertThat(at(610, interval, last, NONE).healthy()).isTrue();
    assertThat(at(611, interval, last, NONE).problems())
        .containsExactly("no checkpoint has completed for 10m 1s");
  }

  @Test
  void threeLongIntervalsCountMoreThanTheTimeout() {
    Checkpoints last = checkpoints(checkpoint(1, "COMPLETED", false, 9), null);
    Duration interval = Duration.ofMinutes(10);
    assertThat(at(10 + 1_800, interval, last, NONE).healthy()).isTrue();
    assertThat(at(10 + 1_801, interval, last, NONE).healthy()).isFalse();
  }

  @Test
  void afterAFailedCheckpointThreeIntervalsAreTooLong() {
    Duration interval = Duration.ofSeconds(10);
    Checkpoints last =
        checkpoints(
            checkpoint(2, "COMPLETED", false, 9),
            null,
            checkpoint(4, "FAILED", true, 25),
            checkpoint(3, "FAILED", false, 20),
            checkpoint(1, "FAILED", false, 0));
    assertThat(at(40, interval, last, NONE).healthy()).isTrue();
    assertThat(at(41, interval, last, NONE).problems())
        .containsExactly("no checkpoint has completed for 31s, 1 failed");
  }

  @Test
  void afterAFailedTaskThreeIntervalsAreTooLong() {
    Checkpoints last = checkpoints(checkpoint(2, "COMPLETED", false, 9), null);
    JobFailure before = new JobFailure(START.plusSeconds(5), "x", null, null, "x");
    JobFailure after = new JobFailure(START.plusSeconds(15), "x", null, null, "x");
    assertThat(at(41, Duration.ofSeconds(10), last, before).healthy()).isTrue();
    assertThat(at(41, Duration.ofSeconds(10), last, after).healthy()).isFalse();
  }

  @Test
  void aJobThatFailsAgainAndAgainIsNotHealthyWhileItRunsForAMoment() {
    Checkpoints last = checkpoints(checkpoint(2, "COMPLETED", false, 33), null);
    Duration interval = Duration.ofSeconds(10);
    JobFailure first = new JobFailure(START.plusSeconds(20), "x", null, null, "x");
    JobFailure second =
        new JobFailure(START.plusSeconds(30), "Postgres takes no row\nat", null, null, "x");
    assertThat(at(36, interval, last, second, first).problems())
        .containsExactly("the job keeps failing, the last time 6s ago: Postgres takes no row");
    assertThat(at(45, interval, last, second, first).healthy()).isTrue();
    assertThat(at(36, interval, last, second).healthy()).isTrue();
    assertThat(
            at(
                    50,
                    Duration.ofMinutes(1),
                    checkpoints(checkpoint(1, "COMPLETED", false, 9), null),
                    second,
                    first)
                .healthy())
        .isFalse();
    assertThat(
            at(
                    81,
                    Duration.ofMinutes(1),
                    checkpoints(checkpoint(1, "COMPLETED", false, 9), null),
                    second,
                    first)
                .healthy())
        .isTrue();
  }

  @Test
  void aSavepointIsAsGoodAsACheckpoint() {
    Checkpoints last =
        checkpoints(checkpoint(1, "COMPLETED", false, 9), checkpoint(2, "COMPLETED", true, 600));
    assertThat(at(620, Duration.ofSeconds(10), last, NONE).healthy()).isTrue();
  }

  @Test
  void aJobThatNeverCompletedOneIsJudgedFromItsStart() {
    Checkpoints none = checkpoints(null, null);
    assertThat(at(600, Duration.ofSeconds(10), none, NONE).healthy()).isTrue();
    assertThat(at(601, Duration.ofSeconds(10), none, NONE).problems())
        .containsExactly("no checkpoint has completed since the job was started 10m 1s ago");
  }

  @Test
  void aJobThatMakesNoneIsNotJudgedByThem() {
    Duration never = Duration.ofMillis(Long.MAX_VALUE);
    assertThat(at(9_999, never, checkpoints(null, null), NONE).healthy()).isTrue();
  }
}
