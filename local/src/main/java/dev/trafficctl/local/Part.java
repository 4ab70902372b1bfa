package dev.trafficctl.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One process of the stack: how it is started, how one knows that it answers, how it ends. */
abstract class Part {
  private static final Duration START_LIMIT = Duration.ofSeconds(120);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(15);
  private static final Duration KILL_LIMIT = Duration.ofSeconds(10);

  private final String name;
  private final StackDirectory directory;

  Part(String name, StackDirectory directory) {
    this.name = name;
    this.directory = directory;
  }

  /** A port on which a part listens, and the option of {@code local up} that chooses it. */
  record Port(int number, Optional<String> option) {
    static Port chosenBy(String option, int number) {
      return new Port(number, Optional.of(option));
    }

    static Port internal(int number) {
      return new Port(number, Optional.empty());
    }
  }

  /** Prepares what the process needs and starts it. It need not answer yet. */
  abstract void launch() throws IOException;

  /** Whether it does its work, as a client of it sees it. */
  abstract boolean answers();

  /** Where it is reached, or null when nobody needs to. */
  abstract String address();

  /** The ports that must be free before it starts. */
  abstract List<Port> ports();

  final String name() {
    return name;
  }

  final StackDirectory directory() {
    return directory;
  }

  final Path log() {
    return directory.log(name);
  }

  /** The signal that ends it in an orderly way. */
  String stopSignal() {
    return "TERM";
  }

  Path pidFile() {
    return directory.pidFile(name);
  }

  Optional<PidFile> recorded() {
    return PidFile.read(pidFile());
  }

  final Optional<OsProcess> process() {
    return recorded().flatMap(PidFile::process);
  }

  final StackStatus.Part status() {
    Optional<OsProcess> process = process();
    StackStatus.State state =
        process
            .map(p -> p.isFrozen() ? StackStatus.State.FROZEN : StackStatus.State.RUNNING)
            .orElseGet(
                () -> Files.exists(pidFile()) ? StackStatus.State.DEAD : StackStatus.State.STOPPED);
    return new StackStatus.Part(name, state, process.map(OsProcess::pid).orElse(null), address());
  }

  /** Starts the process and waits until it answers. */
  final void start() {
    long logged = LogTail.length(log());
    try {
      launch();
    } catch (IOException e) {
      throw new StackException(name + " cannot be started: " + e.getMessage(), e);
    }
    awaitAnswer(logged);
  }

  /** Waits until the process, which runs already, answers. */
  final void awaitAnswer() {
    awaitAnswer(LogTail.length(log()));
  }

  private void awaitAnswer(long logged) {
    boolean answered =
        Waiting.until(
            START_LIMIT,
            () -> {
              if (process().isEmpty()) {
                throw died(LogTail.read(log(), logged));
              }
              return answers();
            });
    if (!answered) {
      throw new StackException(
          name
              + " did not answer within "
              + START_LIMIT.toSeconds()
              + " s: "
              + LogTail.lastMeaningful(LogTail.read(log(), logged))
              + ": see "
              + log());
    }
  }

  final StackException died(String output) {
    return new StackException(
        name + " died while starting: " + LogTail.lastMeaningful(output) + ": see " + log());
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
}
