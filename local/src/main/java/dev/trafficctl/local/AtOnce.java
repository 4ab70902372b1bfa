package dev.trafficctl.local;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** Does something with several parts at the same time. */
final class AtOnce {
  private AtOnce() {}

  /** With all parts, whichever of them fail; the first failure is thrown at the end. */
  static <P> void all(List<P> parts, Consumer<P> action) {
    run(parts, action, false);
  }

  /** With all parts until one fails: the others need not wait for it in vain. */
  static <P> void untilOneFails(List<P> parts, Consumer<P> action) {
    run(parts, action, true);
  }

  private static <P> void run(List<P> parts, Consumer<P> action, boolean endAtFailure) {
    ExecutorService executor = Executors.newFixedThreadPool(Math.max(1, parts.size()));
    try {
      CompletionService<P> completion = new ExecutorCompletionService<>(executor);
      for (P part : parts) {
        completion.submit(() -> action.accept(part), part);
      }
      List<RuntimeException> failures = new ArrayList<>();
      for (int ended = 0; ended < parts.size(); ended++) {
        try {
          completion.take().get();
        } catch (ExecutionException e) {
          failures.add(failure(e.getCause()));
          if (endAtFailure) {
            executor.shutdownNow();
          }
        }
      }
      if (!failures.isEmpty()) {
        throw failures.get(0);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("interrupted: run the command again to finish what it began", e);
    } finally {
      executor.shutdownNow();
    }
  }

  private static RuntimeException failure(Throwable cause) {
    return cause instanceof RuntimeException failure
        ? failure
        : new StackException(String.valueOf(cause.getMessage()), cause);
  }
}
