package dev.trafficctl.cli.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimePointTest {
  private static final String FIRST = "for the first event give --first";
  private static final Clock NOON =
      Clock.fixed(Instant.parse("2026-01-31T12:00:00Z"), ZoneOffset.UTC);

  @ParameterizedTest
  @CsvSource({
    "-2h, 2026-01-31T10:00:00Z",
    "-10m, 2026-01-31T11:50:00Z",
    "-90s, 2026-01-31T11:58:30Z",
    "-1h30m, 2026-01-31T10:30:00Z",
    "-3d, 2026-01-28T12:00:00Z",
    "-1D12H, 2026-01-30T00:00:00Z",
    "1769860800000, 2026-01-31T12:00:00Z",
    "2026-01-31T12:30:00+01:00, 2026-01-31T11:30:00Z",
  })
  void readsAgesAndInstants(String text, Instant time) {
    assertThat(TimePoint.parse(text, NOON, FIRST)).isEqualTo(time);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-", "-x", "-10", "--2h", "-2h-10m", "-+2h", "-1m2h", "-99999d", "-P1D"})
  void refusesWhatIsNoAge(String text) {
    assertThatThrownBy(() -> TimePoint.parse(text, NOON, FIRST))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "timestamp '"
                + text
                + "' is not understood; a time before now is given as -2h, -10m or -3d");
  }

  @Test
  void refusesSeconds() {
    assertThatThrownBy(() -> TimePoint.parse("1769860800", NOON, FIRST))
        .hasMessage(
            "timestamp '1769860800' looks like seconds; give epoch milliseconds: 1769860800000");
  }

  @Test
  void refusesATimeWithoutAZone() {
    assertThatThrownBy(() -> TimePoint.parse("2026-01-31T11:00:00", NOON, FIRST))
        .hasMessage(
            "timestamp '2026-01-31T11:00:00' has no zone; in UTC it is 2026-01-31T11:00:00Z");
  }

  @Test
  void saysHowTheFirstEventIsGivenThere() {
    assertThatThrownBy(() -> TimePoint.parse("1969-12-31T23:59:59Z", NOON, FIRST))
        .hasMessage("timestamp '1969-12-31T23:59:59Z' lies before 1970; " + FIRST);
    assertThatThrownBy(() -> TimePoint.parse("0", NOON, FIRST))
        .hasMessage(
            "timestamp '0' is 1970-01-01T00:00:00Z in epoch milliseconds, and nothing in Kafka is so"
                + " old; "
                + FIRST);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-01-31T12:00:01Z", "1769860801000"})
  void refusesTheFuture(String text) {
    assertThatThrownBy(() -> TimePoint.parse(text, NOON, FIRST))
        .hasMessage("timestamp '" + text + "' lies in the future; it is 2026-01-31T12:00:00Z now");
  }
}
