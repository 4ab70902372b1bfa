package dev.trafficctl.local.traffic;

import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * Event times spread over a span as visits are over a day: few at night, most in the evening (UTC).
 * They ascend, and the same arguments give the same times.
 */
public final class DayRhythm implements LongSupplier {
  /** How busy each hour of the day is, from midnight UTC, in percent of the mean. */
  private static final int[] HOURS = {
    55, 42, 34, 30, 32, 42, 62, 86, 105, 116, 120, 122, //
    124, 120, 116, 115, 118, 126, 140, 152, 155, 142, 116, 130
  };

  private static final long HOUR = Duration.ofHours(1).toMillis();

  private final long to;
  private final long count;
  private final long total;
  private long pieceFrom;
  private long weightBefore;
  private long made;

  /**
   * Times from one instant until another.
   *
   * @param from the earliest
   * @param to after the last one
   * @param count how many times fill the span, from 1; more may be taken and all equal its end
   * @throws IllegalArgumentException when the span is empty or the count below 1
   */
  public DayRhythm(Instant from, Instant to, long count) {
    if (!from.isBefore(to) || count < 1) {
      throw new IllegalArgumentException("nothing to spread from " + from + " to " + to);
    }
    this.pieceFrom = from.toEpochMilli();
    this.to = to.toEpochMilli();
    this.count = count;
    long sum = 0;
    for (long piece = pieceFrom; piece < this.to; piece = endOf(piece)) {
      sum += weightOf(piece);
    }
    this.total = sum;
  }

  @Override
  public long getAsLong() {
    double wanted = (double) total * made++ / count;
    while (pieceFrom < to && weightBefore + weightOf(pieceFrom) <= wanted) {
      weightBefore += weightOf(pieceFrom);
      pieceFrom = endOf(pieceFrom);
    }
    return Math.min(to, pieceFrom + (long) ((wanted - weightBefore) / density(pieceFrom)));
  }

  private long endOf(long piece) {
    return Math.min(to, (Math.floorDiv(piece, HOUR) + 1) * HOUR);
  }

  private long weightOf(long piece) {
    return (endOf(piece) - piece) * density(piece);
  }

  private static int density(long epochMillis) {
    return HOURS[(int) Math.floorMod(Math.floorDiv(epochMillis, HOUR), 24L)];
  }
}
