package dev.trafficctl.model;

import com.ethlo.time.ITU;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Reads {@code event_time}: microseconds since 1970-01-01T00:00:00Z, what is finer is cut off.
 *
 * <p>It is a date and time with seconds and a zone, of the years 1970 to 9999 in UTC, as {@link
 * TimeSpelling} has it; what else there is depends on the {@link EventTimeFormat}. A leap second
 * ({@code :60}) is refused, because neither {@code java.time} nor Postgres can tell it from the
 * second after.
 */
final class EventTime {
  private static final List<String> UNITS = List.of(" days", " h", " min");

  private static final long NANOS_PER_MICRO = 1_000;
  private static final long END_SECONDS =
      OffsetDateTime.of(10_000, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC).toEpochSecond();
  private static final BigDecimal END_MICROS = BigDecimal.valueOf(END_SECONDS).movePointRight(6);
  private static final Pattern YEAR_OUT_OF_RANGE = Pattern.compile("([+-]\\d|\\d{5,}-).*");

  /** Also as JSON libraries write a floating-point number. */
  private static final Pattern NUMBER =
      Pattern.compile("-?\\d{1,20}(\\.\\d{1,40})?([eE][+-]?\\d{1,2})?");

  private final Duration maxAhead;
  private final long maxAheadMicros;
  private final EventTimeFormat format;

  EventTime(Duration maxAhead, EventTimeFormat format) {
    this.maxAhead = maxAhead;
    this.maxAheadMicros = TimeUnit.MICROSECONDS.convert(maxAhead);
    this.format = format;
  }

  long parse(String text, long kafkaTimestampMillis) throws RejectedException {
    long micros =
        format.readsNumbers() && NUMBER.matcher(text).matches() ? ofNumber(text) : ofText(text);
    checkNotAhead(text, micros, kafkaTimestampMillis);
    return micros;
  }

  private long ofNumber(String text) throws RejectedException {
    BigDecimal micros =
        new BigDecimal(text).movePointRight(format == EventTimeFormat.EPOCH_SECONDS ? 6 : 3);
    if (micros.signum() < 0 || micros.compareTo(END_MICROS) >= 0) {
      throw outOfRange(text);
    }
    return micros.setScale(0, RoundingMode.DOWN).longValueExact();
  }

  private long ofText(String text) throws RejectedException {
    String usual = TimeSpelling.usual(text, format == EventTimeFormat.ISO_UTC);
    OffsetDateTime time;
    try {
      time = ITU.parseDateTime(usual);
    } catch (DateTimeException e) {
      throw unreadable(text, usual, e);
    }
    long seconds = time.toEpochSecond();
    if (seconds < 0 || seconds >= END_SECONDS) {
      throw outOfRange(text);
    }
    return seconds * 1_000_000 + time.getNano() / NANOS_PER_MICRO;
  }

  private void checkNotAhead(String text, long micros, long kafkaTimestampMillis)
      throws RejectedException {
    if (kafkaTimestampMillis < 0) {
      return;
    }
    // A record's timestamp may be any long; past the last event time there is nothing to compare.
    long kafkaMicros = Math.min(kafkaTimestampMillis, END_SECONDS * 1_000) * 1_000;
    long ahead = micros - kafkaMicros;
    if (ahead > maxAheadMicros) {
      throw new RejectedException(
          RejectionReason.EVENT_TIME_AHEAD,
          "event_time "
              + Rejection.quoted(text)
              + " is "
              + words(Duration.of(ahead, ChronoUnit.MICROS))
              + " ahead of Kafka's timestamp "
              + Instant.ofEpochMilli(kafkaTimestampMillis)
              + "; the limit is "
              + words(maxAhead));
    }
  }

  private static String words(Duration time) {
    StringJoiner words = new StringJoiner(" ").setEmptyValue("0 s");
    long[] parts = {time.toDays(), time.toHoursPart(), time.toMinutesPart()};
    for (int i = 0; i < parts.length; i++) {
      if (parts[i] != 0) {
        words.add(parts[i] + UNITS.get(i));
      }
    }
    if (time.toSecondsPart() != 0 || time.toNanosPart() != 0) {
      words.add(
          BigDecimal.valueOf(time.toSecondsPart())
                  .add(BigDecimal.valueOf(time.toNanosPart(), 9))
                  .stripTrailingZeros()
                  .toPlainString()
              + " s");
    }
    return words.toString();
  }

  private RejectedException unreadable(String text, String usual, DateTimeException cause) {
    if (YEAR_OUT_OF_RANGE.matcher(text).matches()) {
      return outOfRange(text);
    }
    return new RejectedException(
        RejectionReason.INVALID_EVENT_TIME,
        "event_time "
            + Rejection.quoted(text)
            + " is not "
            + format.expected()
            + why(usual, cause));
  }

  /** The library's explanation, without the text, which it repeats at the end. */
  private static String why(String text, DateTimeException cause) {
    String message = cause.getMessage();
    String repeated = ": " + text;
    return " ("
        + (message.endsWith(repeated)
            ? message.substring(0, message.length() - repeated.length())
            : message)
        + ")";
  }

  private static RejectedException outOfRange(String text) {
    return new RejectedException(
        RejectionReason.EVENT_TIME_OUT_OF_RANGE,
        "event_time " + Rejection.quoted(text) + " is not in the years 1970 to 9999, UTC");
  }
}
