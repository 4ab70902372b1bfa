package dev.trafficctl.local;

import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A Kafka broker, a Postgres server and a standalone Flink cluster on this machine, each part an
 * operating-system process of its own, with all its state, logs and process ids in one directory.
 *
 * <p>Parts are named {@code kafka}, {@code postgres}, {@code jobmanager}, {@code taskmanager-1} and
 * so on. Parts outlive the JVM that started them.
 */
public final class LocalStack {
  private LocalStack() {}

  /**
   * The stack whose state lies in a directory; nothing is started or created yet.
   *
   * @param directory where state, logs and process ids live, for example {@code .local}
   * @param distribution where the class paths and configuration files are found
   */
  public static LocalStack in(Path directory, Distribution distribution) {
    throw new UnsupportedOperationException();
  }

  /**
   * Starts what does not run yet and waits until every part answers. A stack that is up already is
   * left as it is; a part that died is started again with its data.
   *
   * @param progress receives one line for each thing that happens
   * @throws StackException when a port is taken, a part does not come up, or the options contradict
   *     those the stack was made with; its message is one line with the remedy
   */
  public StackStatus up(StackOptions options, Consumer<String> progress) {
    throw new UnsupportedOperationException();
  }

  /**
   * Stops every part.
   *
   * @param wipe whether data, logs and configuration are deleted as well
   */
  public void down(boolean wipe, Consumer<String> progress) {
    throw new UnsupportedOperationException();
  }

  /** What runs and what does not, and where it can be reached. */
  public StackStatus status() {
    throw new UnsupportedOperationException();
  }

  /**
   * The log of one part.
   *
   * @throws StackException when there is no such part
   */
  public Path log(String part) {
    throw new UnsupportedOperationException();
  }

  /** Starts one part that was stopped or killed, with its data, and waits until it answers. */
  public void start(String part) {
    throw new UnsupportedOperationException();
  }

  /** Stops one part in an orderly way and waits until it is gone. */
  public void stop(String part) {
    throw new UnsupportedOperationException();
  }

  /** Ends one part at once, as {@code kill -9} does, and waits until it is gone. */
  public void kill(String part) {
    throw new UnsupportedOperationException();
  }

  /** Freezes one part with SIGSTOP. */
  public void freeze(String part) {
    throw new UnsupportedOperationException();
  }

  /** Lets a frozen part go on with SIGCONT. */
  public void thaw(String part) {
    throw new UnsupportedOperationException();
  }
}
