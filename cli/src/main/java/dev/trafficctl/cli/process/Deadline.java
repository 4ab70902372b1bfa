package dev.trafficctl.cli.process;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A bounded time in which somebody looks again and again until what is seen is enough. Everything
 * that waits by looking waits with this; what a test waits for, its clock and its sleeper decide.
 */
public class Deadline {
  private final Clock clock;
  private final Sleeper sleeper;
  private final Duration timeout;
  private final Duration longest;
  private final Instant began;
  private Duration next;

  /**
   * Begins to wait now, and looks again after the same time each time.
   *
   * @param timeout how long it is waited at most
   * @param between the time between two looks
   */
  public Deadline(Clock clock, Sleeper sleeper, Duration timeout, Duration between) {
    this(clock, sleeper, clock.instant(), timeout, between, between);
  }

  /**
   * Waits, looking often at first and more seldom later.
   *
   * @param began since when it is waited
   * @param timeout how long it is waited at most
   * @param first the time between the first two looks
   * @param longest the longest time between two looks
   */
  public Deadline(
      Clock clock,
      Sleeper sleeper,
      Instant began,
      Duration timeout,
      Duration first,
      Duration longest) {
    this.clock = clock;
    this.sleeper = sleeper;
    this.began = began;
    this.timeout = timeout;
    this.next = first;
    this.longest = longest;
  }

  /**
   * Begins to wait now, by the clock of another and as that one waits, looking often at first and
   * more seldom later.
   *
   * @param timeout how long it is waited at most
   * @param first the time between the first two looks
   * @param longest the longest time between two looks
   */
  protected Deadline(Deadline other, Duration timeout, Duration first, Duration longest) {
    this(other.clock, other.sleeper, other.clock.instant(), timeout, first, longest);
  }

  /** Begins to wait now, by the clock of this machine. */
  public static Deadline ofThisMachine(Duration timeout, Duration between) {
    return new Deadline(Clock.systemUTC(), Sleeper.real(), timeout, between);
  }

  /**
   * Looks until what is seen is enough or the time is over, once at least.
   *
   * @return what was seen last
   */
  public final <T> T until(Supplier<T> look, Predicate<T> enough) {
    return until(look, enough, seen -> {});
  }

  /**
   * Looks until what is seen is enough or the time is over, once at least.
   *
   * @param meanwhile told what was seen each time that was not enough
   * @return what was seen last
   */
  public final <T> T until(Supplier<T> look, Predicate<T> enough, Consumer<T> meanwhile) {
    while (true) {
      T seen = look.get();
      if (enough.test(seen) || isOver()) {
        return seen;
      }
      meanwhile.accept(seen);
      pause();
    }
  }

  /** How long it still waits; zero when the time is over. */
  public final Duration left() {
    return isOver() ? Duration.ZERO : timeout.minus(elapsed());
  }

  /** How long it has waited so far. */
  public final Duration elapsed() {
    return Duration.between(began, clock.instant());
  }

  /** How long it waits at most. */
  public final Duration timeout() {
    return timeout;
  }

  /** Whether the time is over. */
  public final boolean isOver() {
    return elapsed().compareTo(timeout) >= 0;
  }

  /** Waits until it is worth looking again. */
  public final void pause() {
    sleeper.pause(next);
    Duration longer = next.multipliedBy(5).dividedBy(4);
    next = longer.compareTo(longest) < 0 ? longer : longest;
  }
}
