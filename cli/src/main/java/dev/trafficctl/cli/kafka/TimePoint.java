package dev.trafficctl.cli.kafka;

import dev.trafficctl.model.LengthOfTime;
import dev.trafficctl.model.StartingPosition;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Reads a point in time as users give it. */
public final class TimePoint {
  private static final Duration LONGEST = Duration.ofDays(3_650);

  private TimePoint() {}

  /**
   * Reads ISO-8601 with a zone, epoch milliseconds, or a time before now: a minus and a {@link
   * LengthOfTime}, such as {@code -2h}, {@code -1h30m} or {@code -3d}.
   *
   * @param ifTooOld what to do about a time before 1970, as the option has it that is read
   * @throws IllegalArgumentException when it is none of these, has no zone, looks like seconds,
   *     lies before 1970, or lies in the future; the message names the remedy
   */
  public static Instant parse(String text, Clock clock, String ifTooOld) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    Instant time =
        text.startsWith("-")
            ? now.minus(age(text))
            : StartingPosition.parseTime(text, ifTooOld).instant();
    if (time.isAfter(now)) {
      throw new IllegalArgumentException(
          "timestamp '" + text + "' lies in the future; it is " + now + " now");
    }
    return time;
  }

  private static Duration age(String text) {
    try {
      return LengthOfTime.parse(text.substring(1), Duration.ZERO, LONGEST);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "timestamp '"
              + text
              + "' is not understood; a time before now is given as -2h, -10m or -3d",
          e);
    }
  }
}
