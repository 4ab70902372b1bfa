package dev.trafficctl.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LengthOfTimeTest {
  private static final long MOST_SECONDS = 36_500L * 86_400;

  @ParameterizedTest
  @CsvSource({
    "200ms, PT0.2S",
    "0ms, PT0S",
    "0s, PT0S",
    "90s, PT1M30S",
    "0.05s, PT0.05S",
    "0.123456789s, PT0.123456789S",
    "1m30s, PT1M30S",
    "1h30m, PT1H30M",
    "5m, PT5M",
    "5ms, PT0.005S",
    "2d, PT48H",
    "1d2h3m4.5s6ms, PT26H3M4.506S",
    "1M30S, PT1M30S",
    "10MS, PT0.01S",
    "999999999ms, PT277H46M39.999S",
    "36500d, PT876000H",
  })
  void readsUnitsInOrder(String text, Duration time) {
    assertThat(LengthOfTime.parse(text)).isEqualTo(time);
  }

  @Test
  void readsADecimalComma() {
    assertThat(LengthOfTime.parse("0,5s")).isEqualTo(Duration.ofMillis(500));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "5",
        "s",
        "ms",
        "-5s",
        "+5s",
        "1m-30s",
        "5 s",
        "1 min",
        "30s1m",
        "1m1m",
        "1.5h",
        "1.s",
        ".5s",
        "1_000s",
        "٣s",
        "NaNs",
        "1e3s",
        "PT5S",
        "5s\n",
        "0.1234567890s",
        "36501d",
        "36500d1ms",
        "999999999999d",
        "9999999999999999999d",
        "99999999999999999999999999999999s"
      })
  void refusesEverythingElseInOneLine(String text) {
    assertThatThrownBy(() -> LengthOfTime.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "'%s' is not a length of time from 0s to 36500d; give for example 200ms, 30s, 1m30s or"
                    .formatted(text.replace('\n', '?'))
                + " 2d");
  }

  @ParameterizedTest
  @CsvSource({"0.0009s", "8d", "soon"})
  void namesTheBounds(String text) {
    assertThatThrownBy(() -> LengthOfTime.parse(text, Duration.ofMillis(1), Duration.ofDays(7)))
        .hasMessage(
            "'%s' is not a length of time from 1ms to 7d; give for example 200ms, 30s, 1m30s or 2d"
                .formatted(text));
  }

  @Property
  void readsWhatItWrites(
      @ForAll @LongRange(min = 0, max = MOST_SECONDS - 1) long seconds,
      @ForAll @IntRange(min = 0, max = 999_999_999) int nanos) {
    Duration time = Duration.ofSeconds(seconds, nanos);

    assertThat(LengthOfTime.parse(LengthOfTime.text(time))).isEqualTo(time);
  }

  @Property
  void writesWhatEarlierJobsRead(
      @ForAll @LongRange(min = 0, max = MOST_SECONDS) long seconds,
      @ForAll @IntRange(min = 0, max = 999_999_999) int nanos) {
    Duration time = Duration.ofSeconds(seconds, nanos);

    assertThat(Duration.parse("PT" + LengthOfTime.text(time))).isEqualTo(time);
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void readsEachUnitAsItsOwn(
      @ForAll @IntRange(min = 0, max = 9_999) int days,
      @ForAll @IntRange(min = 0, max = 9_999) int hours,
      @ForAll @IntRange(min = 0, max = 9_999) int minutes,
      @ForAll @IntRange(min = 0, max = 9_999) int seconds,
      @ForAll @IntRange(min = 0, max = 9_999) int millis) {
    assertThat(
            LengthOfTime.parse("%dd%dh%dm%ds%dms".formatted(days, hours, minutes, seconds, millis)))
        .isEqualTo(
            Duration.ofDays(days)
                .plusHours(hours)
                .plusMinutes(minutes)
                .plusSeconds(seconds)
                .plusMillis(millis));
  }

  @Property
  void isAValueOrOneLineForAnyText(@ForAll("texts") String text) {
    Throwable refusal =
        catchThrowable(
            () ->
                assertThat(LengthOfTime.parse(text))
                    .isBetween(Duration.ZERO, LengthOfTime.LONGEST));

    if (refusal != null) {
      assertThat(refusal)
          .isExactlyInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("give for example 200ms, 30s, 1m30s or 2d");
      assertThat(refusal.getMessage().lines()).hasSize(1);
    }
  }

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> likely =
        Arbitraries.strings().withChars("0123456789dhms.,+- DHMS").ofMaxLength(30);
    Arbitrary<String> huge =
        Combinators.combine(
                Arbitraries.strings().numeric().ofMinLength(1).ofMaxLength(40),
                Arbitraries.of("d", "h", "m", "s", "ms"))
            .as((number, unit) -> number + unit);
    return Arbitraries.oneOf(likely, huge, Arbitraries.strings().ofMaxLength(200));
  }
}
