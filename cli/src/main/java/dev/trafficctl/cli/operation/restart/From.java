package dev.trafficctl.cli.operation.restart;

import dev.trafficctl.cli.state.StatePath;
import dev.trafficctl.model.StartingPosition;
import java.util.List;

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

  /** The options that ask for it. */
  default List<String> options() {
    if (this instanceof Savepoint savepoint) {
      return List.of("--from-savepoint", option(savepoint.path()));
    }
    if (this instanceof Checkpoint checkpoint) {
      return List.of("--from-checkpoint", option(checkpoint.path()));
    }
    if (this instanceof Position position) {
      // As a setting it is KIND or KIND:VALUE, as an option --from-KIND or --from-KIND VALUE.
      return List.of(("--from-" + position.position().text()).split(":", 2));
    }
    return List.of();
  }

  private static String option(StatePath path) {
    return path == null ? "latest" : path.text();
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
