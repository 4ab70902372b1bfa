package dev.trafficctl.local.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DayRhythmTest {
  private static final Instant MIDNIGHT = Instant.parse("2026-11-22T00:00:00Z");

  @Test
  void fillsADayHourByHour() {
    DayRhythm rhythm = new DayRhythm(MIDNIGHT, MIDNIGHT.plus(Duration.ofDays(1)), 24_000);
    int[] hours = new int[24];
    for (int i = 0; i < 24_000; i++) {
      hours[hour(rhythm.getAsLong())]++;
    }

    assertThat(hours)
        .containsExactly(
            550, 420, 340, 300, 320, 420, 620, 860, 1050, 1160, 1200, 1220, //
            1240, 1200, 1160, 1150, 1180, 1260, 1400, 1520, 1550, 1420, 1160, 1300);
  }

  @Test
  void ascendsFromTheStartAndStaysBeforeTheEnd() {
    Instant from = Instant.parse("2026-11-22T10:59:30Z");
    Instant to = from.plusSeconds(60);
    DayRhythm rhythm = new DayRhythm(from, to, 5);
    long[] times = new long[6];
    for (int i = 0; i < 6; i++) {
      times[i] = rhythm.getAsLong() - from.toEpochMilli();
    }

    assertThat(times).containsExactly(0, 12_100, 24_200, 36_196, 48_098, 60_000);
  }

  @Test
  void refusesAnEmptySpan() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DayRhythm(MIDNIGHT, MIDNIGHT, 1))
        .withMessage("nothing to spread from 2026-11-22T00:00:00Z to 2026-11-22T00:00:00Z");
  }

  private static int hour(long millis) {
    return (int) ((millis - MIDNIGHT.toEpochMilli()) / Duration.ofHours(1).toMillis());
  }
}
