package dev.trafficctl.cli.command.option;

import dev.trafficctl.cli.process.ExitCode;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** What happens on Ctrl-C. */
public final class Interruption {
  private static final long SECONDS_TO_FINISH = 10;

  private Interruption() {}

  /**
   * Does the work in this thread; something else is done when Ctrl-C ends the process meanwhile.
   */
  public static <T> T call(Runnable onInterrupt, Supplier<T> work) {
    Thread hook = new Thread(onInterrupt, "ctrl-c");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return work.get();
    } finally {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The process is ending: the hook runs already.
      }
    }
  }

  /**
   * Does the work in this thread. Ctrl-C interrupts it, and the process waits up to 10 s until it
   * is finished.
   */
  public static void endsOrderly(Runnable work) {
    Thread worker = Thread.currentThread();
    CountDownLatch finished = new CountDownLatch(1);
    call(
        () -> {
          worker.interrupt();
          await(finished);
        },
        () -> {
          try {
            work.run();
          } finally {
            finished.countDown();
          }
          return null;
        });
  }

  /**
   * Does the work in this thread. Ctrl-C interrupts it, and the process then ends with the exit
   * code that the work answers with, or after 10 s.
   */
  public static int stopping(IntSupplier work) {
    Thread worker = Thread.currentThread();
    CountDownLatch finished = new CountDownLatch(1);
    int[] exitCode = {ExitCode.OUTCOME_UNKNOWN.number()};
    return call(
        () -> {
          worker.interrupt();
          await(finished);
          Runtime.getRuntime().halt(exitCode[0]);
        },
        () -> {
          try {
            exitCode[0] = work.getAsInt();
            return exitCode[0];
          } finally {
            finished.countDown();
          }
        });
  }

  private static void await(CountDownLatch finished) {
    try {
      finished.await(SECONDS_TO_FINISH, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
