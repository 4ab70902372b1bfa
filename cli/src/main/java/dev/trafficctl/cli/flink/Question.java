package dev.trafficctl.cli.flink;

import dev.trafficctl.cli.process.CommandException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** Questions that are asked at the same time, because each waits for an answer of its own. */
public final class Question {
  private Question() {}

  /** Asks in the background. */
  public static <T> CompletableFuture<T> ask(Supplier<T> question) {
    // A thread each: the common pool has too few for questions that wait at the same time.
    return CompletableFuture.supplyAsync(question, task -> daemon(task).start());
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "ask");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Waits for an answer.
   *
   * @throws CommandException when the question failed with one
   */
  public static <T> T answer(CompletableFuture<T> question) {
    try {
      return question.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof CommandException failure) {
        throw failure;
      }
      throw e;
    }
  }
}
