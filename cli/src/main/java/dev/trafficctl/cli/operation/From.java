package dev.trafficctl.cli.operation;

import dev.trafficctl.model.StartingPosition;

/** From where a job is started again. */
public sealed interface From {
  /** Whether it names a savepoint or checkpoint that is there already. */
  default boolean stateIsGiven() {
    return this instanceof Savepoint
        || (this instanceof Checkpoint checkpoint && checkpoint.path() != null);
  }

  /** The path of the savepoint or checkpoint that is named, or null. */
  default String path() {
    return null;
  }

  /** From where it stands: a savepoint is taken as it stops. */
  record WhereItStands() implements From {}

  /**
   * From a savepoint.
   *
   * @param path where it lies, or null for the newest
   */
  record Savepoint(String path) implements From {}

  /**
   * From a checkpoint.
   *
   * @param path where it lies, or null for the newest
   */
  record Checkpoint(String path) implements From {}

  /** Without state, from a position in the topic. */
  record Position(StartingPosition position) implements From {}
}
