package dev.trafficctl.local;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One process of the stack: how it is started, and how one knows that it answers. */
abstract class Part extends PartProcess {
  private static final Duration START_LIMIT = Duration.ofSeconds(120);

  Part(String name, StackDirectory directory) {
    super(name, directory);
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

  final StackStatus.Part status() {
    Optional<OsProcess> process = process();
    StackStatus.State state =
        process
            .map(p -> p.isFrozen() ? StackStatus.State.FROZEN : StackStatus.State.RUNNING)
            .orElseGet(
                () -> Files.exists(pidFile()) ? StackStatus.State.DEAD : StackStatus.State.STOPPED);
    return new StackStatus.Part(name(), state, process.map(OsProcess::pid).orElse(null), address());
  }

  /** Starts the process and waits until it answers. */
  final void start() {
    long logged = ProcessLog.length(log());
    try {
      launch();
    } catch (IOException e) {
      throw new StackException(name() + " cannot be started: " + e.getMessage(), e);
    }
    awaitAnswer(logged);
  }

  /** Waits until the process, which runs already, answers. */
  final void awaitAnswer() {
    awaitAnswer(ProcessLog.length(log()));
  }

  private void awaitAnswer(long logged) {
    boolean answered =
        Waiting.until(
            START_LIMIT,
            () -> {
              if (process().isEmpty()) {
                throw died(ProcessLog.read(log(), logged));
              }
              return answers();
            });
    if (!answered) {
      throw new StackException(
          name()
              + " did not answer within "
              + START_LIMIT.toSeconds()
              + " s: "
              + ProcessLog.lastMeaningful(ProcessLog.read(log(), logged))
              + ": see "
              + log());
    }
  }

  final StackException died(String output) {
    return new StackException(
        name() + " died while starting: " + ProcessLog.lastMeaningful(output) + ": see " + log());
  }
}
