package dev.trafficctl.local.traffic;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Lets events through at a steady rate. After a stall it catches up with at most a tenth of a
 * second's events at once.
 */
final class Pace {
  /** Waits for a number of nanoseconds. */
  interface Sleeper {
    void sleep(long nanos) throws InterruptedException;
  }

  private static final long SHORTEST_SLEEP = Duration.ofMillis(1).toNanos();
  private static final long LONGEST_CATCH_UP = Duration.ofMillis(100).toNanos();

  private final LongSupplier nanoTime;
  private final Sleeper sleeper;
  private final double interval;
  private final long epoch;
  private double due;

  /**
   * A rate that starts now.
   *
   * @param perSecond how many events a second; {@link Double#POSITIVE_INFINITY} for no limit
   */
  Pace(double perSecond, LongSupplier nanoTime, Sleeper sleeper) {
    this.nanoTime = nanoTime;
    this.sleeper = sleeper;
    this.interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
    this.epoch = nanoTime.getAsLong();
  }

  /** Waits until the next event is due. */
  void await() throws InterruptedException {
    if (interval == 0) {
      return;
    }
    long now = nanoTime.getAsLong() - epoch;
    if (due > now) {
      sleeper.sleep(Math.max(SHORTEST_SLEEP, (long) (due - now)));
    }
    due = Math.max(due, now - LONGEST_CATCH_UP) + interval;
  }
}
