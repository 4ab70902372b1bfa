package dev.trafficctl.model;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A length of time as a user writes it: whole numbers with the units {@code d}, {@code h}, {@code
 * m}, {@code s} and {@code ms}, in this order and each at most once, such as {@code 200ms}, {@code
 * 30s}, {@code 1m30s} or {@code 2d}. Seconds may have a fraction of up to nine digits, as in {@code
 * 0.5s}; the units may be capitals.
 */
public final class LengthOfTime {
  /** The longest that is read; in nanoseconds it is still a {@code long}. */
  public static final Duration LONGEST = Duration.ofDays(36_500);

  /** More digits would be longer than the longest in every unit but milliseconds. */
  private static final String NUMBER = "([0-9]{1,12})";

  private static final Pattern FORM =
      Pattern.compile(
          "(?:%1$sd)?(?:%1$sh)?(?:%1$sm)?(?:([0-9]{1,12}(?:[.,][0-9]{1,9})?)s)?(?:%1$sms)?"
              .formatted(NUMBER),
          Pattern.CASE_INSENSITIVE);

  private static final int NANO_DIGITS = 9;

  private LengthOfTime() {}

  /**
   * Reads a length of time from nothing to {@link #LONGEST}.
   *
   * @throws IllegalArgumentException when the text is none; the message gives examples
   */
  public static Duration parse(String text) {
    return parse(text, Duration.ZERO, LONGEST);
  }

  /**
   * Reads a length of time within bounds.
   *
   * @param least the shortest that is allowed
   * @param most the longest that is allowed, at most {@link #LONGEST}
   * @throws IllegalArgumentException when the text is none; the message gives the bounds and
   *     examples
   */
  public static Duration parse(String text, Duration least, Duration most) {
    Matcher parts = FORM.matcher(text);
    if (!text.isEmpty() && parts.matches()) {
      Duration time =
          Duration.ofDays(whole(parts.group(1)))
              .plusHours(whole(parts.group(2)))
              .plusMinutes(whole(parts.group(3)))
              .plus(seconds(parts.group(4)))
              .plusMillis(whole(parts.group(5)));
      if (time.compareTo(least) >= 0 && time.compareTo(most) <= 0) {
        return time;
      }
    }
    throw new IllegalArgumentException(
        "'%s' is not a length of time from %s to %s; give for example 200ms, 30s, 1m30s or 2d"
            .formatted(Settings.shown(text), bound(least), bound(most)));
  }

  private static long whole(String number) {
    return number == null ? 0 : Long.parseLong(number);
  }

  private static Duration seconds(String number) {
    if (number == null) {
      return Duration.ZERO;
    }
    BigDecimal seconds = new BigDecimal(number.replace(',', '.'));
    return Duration.ofSeconds(
        seconds.longValue(),
        seconds.remainder(BigDecimal.ONE).movePointRight(NANO_DIGITS).longValue());
  }

  private static String bound(Duration time) {
    if (time.toDays() > 0 && time.equals(Duration.ofDays(time.toDays()))) {
      return time.toDays() + "d";
    }
    return time.toSeconds() == 0 && !time.isZero() ? time.toMillis() + "ms" : text(time);
  }

  /**
   * The text from which {@link #parse} reads the same length of time: hours, minutes and seconds
   * with a fraction. Jobs of earlier versions, which a restart may go back to, read no other units.
   *
   * @param time not negative
   */
  public static String text(Duration time) {
    StringBuilder text = new StringBuilder();
    append(text, time.toHours(), 'h');
    append(text, time.toMinutesPart(), 'm');
    if (text.isEmpty() || time.toSecondsPart() != 0 || time.toNanosPart() != 0) {
      BigDecimal seconds =
          BigDecimal.valueOf(time.toNanosPart(), NANO_DIGITS)
              .add(BigDecimal.valueOf(time.toSecondsPart()));
      text.append(seconds.signum() == 0 ? "0" : seconds.stripTrailingZeros().toPlainString())
          .append('s');
    }
    return text.toString();
  }

  private static void append(StringBuilder text, long number, char unit) {
    if (number != 0) {
      text.append(number).append(unit);
    }
  }
}
