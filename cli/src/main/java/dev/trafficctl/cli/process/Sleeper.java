package dev.trafficctl.cli.process;

import java.time.Duration;

/** Waits; a test's sleeper lets its clock jump instead. */
@FunctionalInterface
public interface Sleeper {
  /** Waits as long as the time takes. */
  static Sleeper real() {
    return time -> Thread.sleep(time.toMillis());
  }

  /** Waits for a time. */
  void sleep(Duration time) throws InterruptedException;

  /**
   * Waits for a time.
   *
   * @throws CommandException when the thread is interrupted
   */
  default void pause(Duration time) {
    try {
      sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException(ExitCode.FAILED, "interrupted while waiting", e);
    }
  }
}
