package dev.trafficctl.cli.operation.savepoint;

import dev.trafficctl.cli.flink.Checkpoint;
import dev.trafficctl.cli.flink.Checkpoints;
import dev.trafficctl.cli.operation.change.FlinkDeadline;
import dev.trafficctl.cli.operation.change.Session;
import dev.trafficctl.cli.operation.change.TrackedOperation;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.CommandException;
import java.time.Duration;
import java.util.Optional;

/** Tells how far a savepoint is, to somebody who watches; what it tells is up to 3 s old. */
public final class SavepointProgress implements AsyncOperation.Show {
  private final Session session;

  /** Told in a session. */
  public SavepointProgress(Session session) {
    this.session = session;
  }

  @Override
  public void show(TrackedOperation operation, Duration timeout, FlinkDeadline deadline) {
    if (session.progress().isWatched()) {
      session
          .progress()
          .update(
              "%s of %s: %s%s"
                  .formatted(
                      operation.verb(),
                      operation.name(),
                      acknowledged(operation).map(text -> text + ", ").orElse(""),
                      Text.age(deadline.elapsed())
                          + (timeout == null ? "" : " of " + Text.age(timeout))));
    }
  }

  private Optional<String> acknowledged(TrackedOperation operation) {
    try {
      return session.flink().checkpoints(operation.jobId()).map(Checkpoints::history).stream()
          .flatMap(history -> history.stream())
          .filter(checkpoint -> checkpoint.savepoint() && operation.canHaveMade(checkpoint))
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
