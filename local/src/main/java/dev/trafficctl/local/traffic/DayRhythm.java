package dev.trafficctl.local.traffic;

import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * Event times spread over a span as visits are over a day: few at night, most in the evening (UTC).
 * They ascend, and the same arguments give the same times.
 */
public final class DayRhythm implements LongSupplier {
  /** How busy each hour of the day is, from midnight UTC; the mean is 1. */
  private static final double[] HOURS = {
    0.55, 0.42, 0.34, 0.30, 0.32, 0.42, 0.62, 0.86, 1.05, 1.16, 1.20, 1.22, //
    1.24, 1.20, 1.16, 1.15, 1.18, 1.26, 1.40, 1.52, 1.55, 1.42, 1.16, 1.30
  };

  private static final long HOUR = Duration.ofHours(1).toMillis();

  private final long to;
  private final double weightOfOne;
  private long pieceFrom;
  private double weightBefore;
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
    double total = 0;
    for (long piece = pieceFrom; piece < this.to; piece = endOf(piece)) {
      total += weightOf(piece);
    }
    this.weightOfOne = total / count;
  }

  @Override
  public long getAsLong() {
    double wanted = weightOfOne * made++;
    while (pieceFrom < to && weightBefore + weightOf(pieceFrom) <= wanted) {
      weightBefore += weightOf(pieceFrom);
      pieceFrom = endOf(pieceFrom);
    }
    return Math.min(to, pieceFrom + (long) ((wanted - weightBefore) / density(pieceFrom)));
  }

  private long endOf(long piece) {
    return Math.min(to, (Math.floorDiv(piece, HOUR) + 1) * HOUR);
  }

  private double weightOf(long piece) {
    return (endOf(piece) - piece) * density(piece);
  }

  private static double density(long epochMillis) {
    return HOURS[(int) Math.floorMod(Math.floorDiv(epochMillis, HOUR), 24L)];
  }
}
