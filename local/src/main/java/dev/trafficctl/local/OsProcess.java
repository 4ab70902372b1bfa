package dev.trafficctl.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** A process of this machine, with the processes that it started itself. */
record OsProcess(ProcessHandle handle) {
  private static final Duration COLLECT_LIMIT = Duration.ofSeconds(3);
  private static final char FROZEN = 'T';
  private static final char ZOMBIE = 'Z';
  private static final char GONE = '-';

  long pid() {
    return handle.pid();
  }

  /** Whether it still runs. One that ended and was only not waited for yet does not. */
  boolean isAlive() {
    if (!handle.isAlive()) {
      return false;
    }
    char state = state();
    return state != GONE && !(state == ZOMBIE && threads() <= 1);
  }

  /** Waits until it is gone from the list of processes; whether it ended within the limit. */
  boolean awaitEnd(Duration limit) {
    boolean ended = Waiting.until(limit, () -> !isAlive());
    if (ended) {
      // A zombie still has its number, which a Postgres that starts takes for a running server.
      // Where nobody ever collects zombies there is nothing to wait for.
      Waiting.until(COLLECT_LIMIT, () -> !handle.isAlive());
    }
    return ended;
  }

  boolean isFrozen() {
    return state() == FROZEN;
  }

  /** Its own processes first, it itself last. */
  List<OsProcess> family() {
    return Stream.concat(handle.descendants(), Stream.of(handle)).map(OsProcess::new).toList();
  }

  /** Sends a signal, such as {@code TERM}; one to a process that is gone already does nothing. */
  void signal(String name) {
    Command.Result result =
        Command.of("sh", "-c", "kill -s \"$0\" \"$1\"", name, Long.toString(pid()))
            .result("signalling process " + pid());
    if (result.exit() != 0 && isAlive()) {
      throw new StackException(
          "cannot send SIG" + name + " to process " + pid() + ": " + result.output().strip());
    }
  }

  /** A process whose first thread ended is shown as a zombie while its others still end. */
  private long threads() {
    try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid()), "task"))) {
      return threads.count();
    } catch (IOException e) {
      return 0;
    }
  }

  private char state() {
    Path stat = Path.of("/proc", Long.toString(pid()), "stat");
    try {
      // The name before it is in parentheses, and may itself hold spaces and parentheses.
      String line = Files.readString(stat);
      return line.charAt(line.lastIndexOf(')') + 2);
    } catch (IOException e) {
      return Files.exists(Path.of("/proc/self")) ? GONE : stateFromPs();
    }
  }

  private char stateFromPs() {
    String state =
        Command.of("ps", "-o", "stat=", "-p", Long.toString(pid()))
            .result("asking for the state of process " + pid())
            .output()
            .strip();
    return state.isEmpty() ? GONE : state.charAt(0);
  }
}
