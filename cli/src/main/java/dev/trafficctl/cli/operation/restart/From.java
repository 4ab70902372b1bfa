package dev.trafficctl.cli.operation.restart;

import dev.trafficctl.cli.process.NextRestart;
import dev.trafficctl.cli.state.StatePath;
import dev.trafficctl.model.StartingPosition;

/** From where a job is started again. */
public sealed interface From {
  /** Whether it names a savepoint or checkpoint that is there already. */
  default boolean stateIsGiven() {
    return this instanceof Savepoint
        || (this instanceof Checkpoint checkpoint && checkpoint.path() != null);
  }

  /** The path of the savepoint or checkpoint that is named, or null. */
  default StatePath path() {
    return null;
  }

  /** The same, to be asked for next. */
  default NextRestart.Start next() {
    if (this instanceof Savepoint savepoint) {
      return new NextRestart.Savepoint(text(savepoint.path()));
    }
    if (this instanceof Checkpoint checkpoint) {
      return new NextRestart.Checkpoint(text(checkpoint.path()));
    }
    return this instanceof Position position
        ? new NextRestart.Position(position.position())
        : new NextRestart.WhereItStands();
  }

  private static String text(StatePath path) {
    return path == null ? null : path.text();
  }

  /** From where it stands: a savepoint is taken as it stops. */
  record WhereItStands() implements From {}

  /**
   * From a savepoint.
   *
   * @param path where it lies, or null for the newest
   */
  record Savepoint(StatePath path) implements From {}

  /**
   * From a checkpoint.
   *
   * @param path where it lies, or null for the newest
   */
  record Checkpoint(StatePath path) implements From {}

  /** Without state, from a position in the topic. */
  record Position(StartingPosition position) implements From {}
}
