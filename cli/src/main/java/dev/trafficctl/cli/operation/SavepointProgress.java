package dev.trafficctl.cli.operation;

import dev.trafficctl.cli.CommandException;
import dev.trafficctl.cli.flink.Checkpoint;
import dev.trafficctl.cli.flink.Checkpoints;
import dev.trafficctl.cli.output.Text;
import java.time.Duration;
import java.util.Optional;

/** Tells how far a savepoint is, to somebody who watches; what it tells is up to 3 s old. */
final class SavepointProgress {
  private final Session session;
  private final Tracked operation;
  private final Duration timeout;
  private final Patience patience;

  /**
   * Of one operation.
   *
   * @param timeout after what time Flink gives it up, or null if that is not known
   */
  SavepointProgress(Session session, Tracked operation, Duration timeout, Patience patience) {
    this.session = session;
    this.operation = operation;
    this.timeout = timeout;
    this.patience = patience;
  }

  void show() {
    if (session.progress().isWatched()) {
      session
          .progress()
          .update(
              "%s of %s: %s%s"
                  .formatted(
                      operation.verb(),
                      operation.name(),
                      acknowledged().map(text -> text + ", ").orElse(""),
                      Text.age(patience.elapsed())
                          + (timeout == null ? "" : " of " + Text.age(timeout))));
    }
  }

  private Optional<String> acknowledged() {
    try {
      return session.flink().checkpoints(operation.jobId()).map(Checkpoints::history).stream()
          .flatMap(history -> history.stream())
          .filter(checkpoint -> checkpoint.savepoint() && checkpoint.id() > operation.before())
          .findFirst()
          .map(SavepointProgress::acknowledged);
    } catch (CommandException e) {
      // Without it the line only says less.
      return Optional.empty();
    }
  }

  private static String acknowledged(Checkpoint savepoint) {
    return "%d of %d subtasks, %s"
        .formatted(savepoint.acknowledged(), savepoint.subtasks(), Text.bytes(savepoint.bytes()));
  }
}
