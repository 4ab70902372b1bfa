package dev.trafficctl.cli.journal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.process.NextCommands;
import dev.trafficctl.cli.process.Sleeper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The right to change a job, which one process of this machine has at a time. The operating system
 * takes it back when the process ends, however it ends.
 *
 * <p>A POSIX lock is gone as soon as its process closes any other channel on the same file: whoever
 * has the lock must not ask {@link Journal#isRunning} for it.
 */
public final class JobLock implements AutoCloseable {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);
  private static final int LOOKS = 25;

  private final String flink;
  private final String job;
  private final FileChannel channel;
  private final Holder holder;
  private String operation;

  private JobLock(String flink, String job, FileChannel channel, Holder holder) {
    this.flink = flink;
    this.job = job;
    this.channel = channel;
    this.holder = holder;
  }

  /**
   * Takes the lock.
   *
   * @param next what is recommended then
   * @throws CommandException with {@link ExitCode#REFUSED} when another process has it
   */
  static JobLock take(
      Path file,
      FileChannel channel,
      String flink,
      String job,
      Holder holder,
      Sleeper sleeper,
      NextCommands next)
      throws IOException {
    for (int i = 0; !locked(channel); i++) {
      Optional<Holder> other = Holder.read(file);
      if (other.isPresent() || i == LOOKS) {
        channel.close();
        throw taken(other, job, next);
      }
      // Whoever took the lock a moment ago has not said yet who it is.
      sleeper.pause(BETWEEN_LOOKS);
    }
    JobLock lock = new JobLock(flink, job, channel, holder);
    lock.tell(holder);
    return lock;
  }

  private static CommandException taken(Optional<Holder> holder, String job, NextCommands next) {
    return new CommandException(
        ExitCode.REFUSED,
        holder
                .map(Holder::shown)
                .orElse("another trafficctl on this machine is changing the job " + job)
            + "; wait for it, or see: "
            + next.operations());
  }

  /** Whether another has the lock; if not, the channel has it from now on. */
  static boolean isTaken(FileChannel channel) throws IOException {
    return !locked(channel);
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /** Says on which operation the lock is used, or with null that it is on none. */
  void use(String id) throws IOException {
    operation = id;
    tell(new Holder(id, holder.verb(), holder.job(), holder.by(), holder.pid(), holder.since()));
  }

  /** The id of the operation on which the lock is used, or null. */
  String operation() {
    return operation;
  }

  private void tell(Holder now) throws IOException {
    byte[] line = now.line();
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(line), 0);
  }

  /** The address of Flink's REST API. */
  public String flink() {
    return flink;
  }

  /** The name of the job. */
  public String job() {
    return job;
  }

  /** Gives the lock back. */
  @Override
  public void close() {
    try (channel) {
      channel.truncate(0);
    } catch (IOException e) {
      // The lock is gone with the channel or, at the latest, with the process.
    }
  }

  /**
   * Who has a lock.
   *
   * @param operation the id of the operation, or null while there is none yet
   * @param verb such as {@code stop}
   * @param job the name of the job
   * @param by as {@code user@host}
   * @param pid the process
   * @param since when the lock was taken
   */
  record Holder(String operation, String verb, String job, String by, long pid, Instant since) {
    byte[] line() {
      ObjectNode node = new JsonMapper().createObjectNode();
      node.put("operation", operation)
          .put("verb", verb)
          .put("job", job)
          .put("by", by)
          .put("pid", pid)
          .put("since", since.toString());
      return (node + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** What the file of a lock says, or nothing while it says nothing of a process that lives. */
    static Optional<Holder> read(Path file) {
      try {
        JsonNode node = new JsonMapper().readTree(Files.readAllBytes(file));
        Holder holder =
            new Holder(
                node.path("operation").textValue(),
                node.path("verb").asText(),
                node.path("job").asText(),
                node.path("by").asText(),
                node.path("pid").asLong(),
                Instant.parse(node.path("since").asText()));
        // What a process left behind that was ended by force says nothing of the present.
        return ProcessHandle.of(holder.pid()).map(alive -> holder);
      } catch (IOException | RuntimeException e) {
        return Optional.empty();
      }
    }

    String shown() {
      return "%s (process %d) is doing %s on %s since %s%s"
          .formatted(
              by, pid, verb, job, since, operation == null ? "" : " (operation " + operation + ")");
    }
  }
}
