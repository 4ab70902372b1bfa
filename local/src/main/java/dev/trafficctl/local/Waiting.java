package dev.trafficctl.local;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waiting for what another process does. */
final class Waiting {
  private static final long POLL_MILLIS = 50;

  private Waiting() {}

  /** Waits until something holds; whether it did within the limit. */
  static boolean until(Duration limit, BooleanSupplier holds) {
    return untilPresent(limit, () -> holds.getAsBoolean() ? Optional.of(true) : Optional.empty())
        .isPresent();
  }

  /** Waits until something is there; nothing if it is not within the limit. */
  static <T> Optional<T> untilPresent(Duration limit, Supplier<Optional<T>> look) {
    long deadline = System.nanoTime() + limit.toNanos();
    Optional<T> seen = look.get();
    while (seen.isEmpty() && System.nanoTime() <= deadline) {
      pause();
      seen = look.get();
    }
    return seen;
  }

  private static void pause() {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("interrupted: run the command again to finish what it began", e);
    }
  }
}
