package dev.trafficctl.cli.command;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Lets work end in an orderly way on Ctrl-C. */
final class Interruption {
  private static final long SECONDS_TO_FINISH = 10;

  private final Thread worker = Thread.currentThread();
  private final CountDownLatch finished = new CountDownLatch(1);

  private Interruption() {}

  /**
   * Does the work in this thread. Ctrl-C interrupts it, and the process waits up to 10 s until it
   * is finished.
   */
  static void endsOrderly(Runnable work) {
    Interruption interruption = new Interruption();
    Thread hook = new Thread(interruption::interrupt, "ctrl-c");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      work.run();
    } finally {
      interruption.finished.countDown();
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The process is ending: the hook runs already.
      }
    }
  }

  private void interrupt() {
    worker.interrupt();
    try {
      finished.await(SECONDS_TO_FINISH, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
