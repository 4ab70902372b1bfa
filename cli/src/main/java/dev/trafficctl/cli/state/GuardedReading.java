package dev.trafficctl.cli.state;

import java.io.IOException;
import java.io.ObjectInputFilter;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Lets Flink's code read bytes that anybody may have written. Flink keeps the properties of a
 * checkpoint as a Java-serialized object: only the classes that such an object has are made of it
 * (JEP 290), whatever else the bytes name. What takes too long is given up, and what cannot be read
 * is an {@link IOException}, an {@link Error} too.
 */
final class GuardedReading {
  private static final ObjectInputFilter OF_CHECKPOINTS =
      ObjectInputFilter.Config.createFilter(
          "maxdepth=8;maxrefs=64;maxbytes=65536;maxarray=16;"
              + "org.apache.flink.runtime.checkpoint.*;org.apache.flink.core.execution.*;"
              + "java.lang.Enum;!*");
  private static final ThreadLocal<Boolean> GUARDED = ThreadLocal.withInitial(() -> false);
  private static final Duration LIMIT = Duration.ofSeconds(4);
  // State within the metadata: reading it is mostly copying.
  private static final int BYTES_A_SECOND = 8 << 20;

  static {
    // Flink makes the stream itself, so that no filter can be given to it alone.
    ObjectInputFilter before = ObjectInputFilter.Config.getSerialFilter();
    if (before != null) {
      throw new IllegalStateException(
          "this JVM has a serialization filter already; start it without jdk.serialFilter");
    }
    ObjectInputFilter.Config.setSerialFilter(
        info ->
            GUARDED.get() ? OF_CHECKPOINTS.checkInput(info) : ObjectInputFilter.Status.UNDECIDED);
  }

  private GuardedReading() {}

  /**
   * Reads.
   *
   * @param bytes how much there is to read, which decides how long it may take
   * @throws IOException when it cannot be read; as Flink threw it, if Flink did
   */
  static <T> T of(long bytes, Callable<T> reading) throws IOException {
    FutureTask<T> task =
        new FutureTask<>(
            () -> {
              GUARDED.set(true);
              return reading.call();
            });
    Thread thread = new Thread(task, "state");
    thread.setDaemon(true);
    thread.start();
    long seconds = LIMIT.toSeconds() + bytes / BYTES_A_SECOND;
    try {
      return task.get(seconds, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IOException("cannot be read", e.getCause());
    } catch (TimeoutException e) {
      thread.interrupt();
      throw new IOException("not read within " + seconds + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
