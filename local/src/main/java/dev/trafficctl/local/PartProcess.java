package dev.trafficctl.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The process of one part, as it is recorded in the stack's directory. What it is asked and told
 * needs neither {@code stack.json} nor the secrets, so that a stack can be stopped whatever became
 * of them.
 */
class PartProcess {
  static final String KAFKA = "kafka";
  static final String POSTGRES = "postgres";

  private static final Duration STOP_LIMIT = Duration.ofSeconds(15);
  private static final Duration KILL_LIMIT = Duration.ofSeconds(10);

  private final String name;
  private final StackDirectory directory;

  PartProcess(String name, StackDirectory directory) {
    this.name = name;
    this.directory = directory;
  }

  final String name() {
    return name;
  }

  final StackDirectory directory() {
    return directory;
  }

  final boolean isOfFlink() {
    return !name.equals(KAFKA) && !name.equals(POSTGRES);
  }

  final Path log() {
    return directory.log(name);
  }

  /** Postgres keeps its own, which it also goes by. */
  final Path pidFile() {
    return name.equals(POSTGRES)
        ? directory.postgres().resolve("data/postmaster.pid")
        : directory.pidFile(name);
  }

  /** The process, if it runs. */
  final Optional<OsProcess> process() {
    Optional<PidFile> recorded =
        name.equals(POSTGRES) ? PidFile.readPostgres(pidFile()) : PidFile.read(pidFile());
    return recorded.flatMap(PidFile::process);
  }

  /** Ends the process in an orderly way; by force where that takes too long. */
  final void stop() {
    process()
        .ifPresent(
            process -> {
              process.signal(stopSignal());
              process.family().forEach(member -> member.signal("CONT"));
              if (!process.awaitEnd(STOP_LIMIT)) {
                kill(process);
              }
            });
    try {
      Files.deleteIfExists(pidFile());
    } catch (IOException e) {
      throw new StackException("cannot delete " + pidFile() + ": " + e.getMessage(), e);
    }
  }

  /** Ends the process at once. */
  final void kill() {
    kill(running());
  }

  private void kill(OsProcess process) {
    List<OsProcess> family = process.family();
    // The parent first, so that it starts no new children.
    process.signal("KILL");
    family.forEach(member -> member.signal("KILL"));
    if (!family.stream().allMatch(member -> member.awaitEnd(KILL_LIMIT))) {
      throw new StackException(
          name + " (process " + process.pid() + ") does not end: its disk may be hanging");
    }
  }

  final void freeze() {
    OsProcess process = running();
    process.family().forEach(member -> member.signal("STOP"));
    Waiting.until(KILL_LIMIT, process::isFrozen);
  }

  final void thaw() {
    OsProcess process = running();
    process.family().forEach(member -> member.signal("CONT"));
    Waiting.until(KILL_LIMIT, () -> !process.isFrozen());
  }

  private OsProcess running() {
    return process()
        .orElseThrow(
            () ->
                new StackException(
                    name + " does not run: start it with `" + directory.command("up") + "`"));
  }

  /** For Postgres a fast shutdown: open transactions are rolled back and clients disconnected. */
  private String stopSignal() {
    return name.equals(POSTGRES) ? "INT" : "TERM";
  }
}
