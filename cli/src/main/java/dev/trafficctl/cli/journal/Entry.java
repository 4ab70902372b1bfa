package dev.trafficctl.cli.journal;

import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/**
 * The journal's entry of one operation, to be written on. Every line is on disk when the method
 * that writes it returns.
 */
public final class Entry implements AutoCloseable {
  private final String id;
  private final Path file;
  private final FileChannel channel;
  private final Clock clock;
  private final JobLock lock;
  private final String parent;
  private final EntryFormat format = new EntryFormat();

  /**
   * With the right to change the job, which is used on this operation until the entry is closed,
   * and then again on the one that it is a part of, or null.
   */
  Entry(String id, Path file, FileChannel channel, Clock clock, JobLock lock, String parent) {
    this.id = id;
    this.file = file;
    this.channel = channel;
    this.clock = clock;
    this.lock = lock;
    this.parent = parent;
  }

  /** The operation's id. */
  public String id() {
    return id;
  }

  /**
   * Writes down what was done, or what is done next.
   *
   * @param name such as {@code triggered}
   * @param details what is needed to go on from there; never a secret
   * @throws CommandException when it cannot be written; what it announces must then not be done
   */
  public void step(String name, Map<String, String> details) {
    write(format.step(new Step(now(), name, details)));
  }

  /**
   * Writes down how it ended.
   *
   * @param outcome what the exit code is
   * @param path the savepoint or checkpoint that there is now, or null
   * @param message what is said of it
   * @throws CommandException when it cannot be written
   */
  public void end(ExitCode outcome, String path, String message) {
    write(format.ended(new Ended(now(), outcome, path, message)));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /** Writes all or nothing of a line that counts: the line feed comes last. */
  void write(byte[] line) {
    try {
      ByteBuffer rest = ByteBuffer.wrap(line);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    } catch (IOException e) {
      throw Journal.unwritable(file, e);
    }
  }

  /** Lets go of the file. */
  @Override
  public void close() {
    try (channel) {
      lock.use(parent);
    } catch (IOException e) {
      // Every line was forced to disk before, and the lock itself is held on.
    }
  }
}
