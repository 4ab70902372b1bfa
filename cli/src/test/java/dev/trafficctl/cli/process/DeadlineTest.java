package dev.trafficctl.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeadlineTest {
  private Instant now = Instant.parse("2026-01-31T12:00:00Z");
  private final InstantSource source = () -> now;
  private final Clock clock = source.withZone(ZoneOffset.UTC);
  private final List<Duration> pauses = new ArrayList<>();
  private final Sleeper sleeper =
      time -> {
        pauses.add(time);
        now = now.plus(time);
      };

  private Deadline steady(Duration timeout, Duration between) {
    return new Deadline(clock, sleeper, timeout, between);
  }

  @Test
  void looksUntilItIsEnough() {
    List<Integer> looks = new ArrayList<>();
    List<Integer> meanwhile = new ArrayList<>();

    int seen =
        steady(Duration.ofSeconds(10), Duration.ofSeconds(1))
            .until(
                () -> {
                  looks.add(looks.size());
                  return looks.size();
                },
                number -> number == 3,
                meanwhile::add);

    assertThat(seen).isEqualTo(3);
    assertThat(meanwhile).containsExactly(1, 2);
    assertThat(pauses).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(1));
  }

  @Test
  void answersWithTheLastLookWhenTheTimeIsOver() {
    Instant seen =
        steady(Duration.ofSeconds(2), Duration.ofSeconds(1)).until(clock::instant, never -> false);

    assertThat(seen).isEqualTo(Instant.parse("2026-01-31T12:00:02Z"));
    assertThat(pauses).hasSize(2);
  }

  @Test
  void looksOnceWithoutAnyTime() {
    assertThat(steady(Duration.ZERO, Duration.ofSeconds(1)).until(() -> "seen", never -> false))
        .isEqualTo("seen");
    assertThat(pauses).isEmpty();
  }

  @Test
  void looksMoreSeldomWithTime() {
    new Deadline(
            clock,
            sleeper,
            clock.instant(),
            Duration.ofSeconds(3),
            Duration.ofMillis(800),
            Duration.ofMillis(1_100))
        .until(() -> "", never -> false);

    assertThat(pauses)
        .containsExactly(
            Duration.ofMillis(800),
            Duration.ofMillis(1_000),
            Duration.ofMillis(1_100),
            Duration.ofMillis(1_100));
  }

  @Test
  void countsFromWhenItBegan() {
    Deadline deadline =
        new Deadline(
            clock,
            sleeper,
            clock.instant().minusSeconds(7),
            Duration.ofSeconds(10),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1));

    assertThat(deadline.elapsed()).isEqualTo(Duration.ofSeconds(7));
    assertThat(deadline.left()).isEqualTo(Duration.ofSeconds(3));
    now = now.plusSeconds(4);
    assertThat(deadline.isOver()).isTrue();
    assertThat(deadline.left()).isZero();
  }
}
