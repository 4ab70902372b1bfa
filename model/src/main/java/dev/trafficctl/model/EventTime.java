package dev.trafficctl.model;

import com.ethlo.time.ITU;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Reads {@code event_time}: microseconds since 1970-01-01T00:00:00Z. */
final class EventTime {
  /** What a detail tells to write. */
  static final String EXPECTED = "an ISO-8601 text such as 2024-01-31T23:59:59.123Z";

  private static final long NANOS_PER_MICRO = 1_000;
  private static final long END_SECONDS =
      OffsetDateTime.of(10_000, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC).toEpochSecond();
  private static final Pattern YEAR_OUT_OF_RANGE = Pattern.compile("([+-]\\d|\\d{5,}-).*");

  private final Duration maxAhead;
  private final long maxAheadMicros;

  EventTime(Duration maxAhead) {
    if (maxAhead.isNegative()) {
      throw new IllegalArgumentException("maxAhead must not be negative, but is " + maxAhead);
    }
    this.maxAhead = maxAhead;
    this.maxAheadMicros = TimeUnit.MICROSECONDS.convert(maxAhead);
  }

  long parse(String text, long kafkaTimestampMillis) throws RejectedException {
    OffsetDateTime time;
    try {
      time = ITU.parseDateTime(text);
    } catch (DateTimeException e) {
      throw unreadable(text, e);
    }
    long seconds = time.toEpochSecond();
    if (seconds < 0 || seconds >= END_SECONDS) {
      throw outOfRange(text);
    }
    if (time.getNano() % NANOS_PER_MICRO != 0) {
      throw new RejectedException(
          RejectionReason.EVENT_TIME_TOO_FINE,
          "event_time " + Rejection.quoted(text) + " is finer than microseconds");
    }
    long micros = seconds * 1_000_000 + time.getNano() / NANOS_PER_MICRO;
    checkNotAhead(text, micros, kafkaTimestampMillis);
    return micros;
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
              + Duration.of(ahead, ChronoUnit.MICROS)
              + " ahead of Kafka's timestamp "
              + Instant.ofEpochMilli(kafkaTimestampMillis)
              + "; the limit is "
              + maxAhead);
    }
  }

  private static RejectedException unreadable(String text, DateTimeException cause) {
    if (YEAR_OUT_OF_RANGE.matcher(text).matches()) {
      return outOfRange(text);
    }
    return new RejectedException(
        RejectionReason.INVALID_EVENT_TIME,
        "event_time " + Rejection.quoted(text) + " is not " + EXPECTED + why(text, cause));
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
