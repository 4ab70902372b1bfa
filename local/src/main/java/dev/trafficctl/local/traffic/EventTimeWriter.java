package dev.trafficctl.local.traffic;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Writes times as {@code 2024-01-31T23:59:59.123Z}; years 0 to 9999. Not for several threads. */
final class EventTimeWriter {
  private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");
  private static final int MILLIS_AT = 20;

  private final byte[] text = "0000-00-00T00:00:00.000Z".getBytes(StandardCharsets.US_ASCII);
  private long second = Long.MIN_VALUE;

  /** Whether a time has a year of four digits. */
  static boolean canWrite(Instant time) {
    return !time.isBefore(FIRST) && !time.isAfter(LAST);
  }

  /**
   * The text of a time.
   *
   * @return an array that the next call overwrites
   */
  byte[] format(long epochMillis) {
    long newSecond = Math.floorDiv(epochMillis, 1000L);
    if (newSecond != second) {
      second = newSecond;
      LocalDateTime time = LocalDateTime.ofEpochSecond(newSecond, 0, ZoneOffset.UTC);
      digits(0, 4, time.getYear());
      digits(5, 2, time.getMonthValue());
      digits(8, 2, time.getDayOfMonth());
      digits(11, 2, time.getHour());
      digits(14, 2, time.getMinute());
      digits(17, 2, time.getSecond());
    }
    digits(MILLIS_AT, 3, Math.floorMod(epochMillis, 1000));
    return text;
  }

  private void digits(int from, int count, int number) {
    int rest = number;
    for (int i = from + count - 1; i >= from; i--) {
      text[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }
}
