package dev.trafficctl.cli.operation.change;

import dev.trafficctl.cli.process.CommandException;
import java.util.Optional;

/**
 * A change of a job or of what belongs to it: what is locked for it, and how it is prepared. Every
 * change goes the same way, whoever asks for it: lock, settle what is open, prepare, confirm, do.
 */
public interface Change {
  /** What it is called in the journal. */
  String verb();

  /**
   * Finds the name of the job that nobody else may change meanwhile.
   *
   * @throws CommandException when none is meant, or it may not be changed
   */
  String job();

  /**
   * The plan, an empty one, if there is nothing to do. It is a short look without the lock; what
   * somebody else does meanwhile shows when it is prepared.
   */
  default Optional<Plan> nothing() {
    return Optional.empty();
  }

  /**
   * Looks whether it can be done, and changes nothing. What is to be done is prepared behind the
   * lock: whoever had it before may have done something.
   *
   * @throws CommandException when it cannot be done, or is not safe
   */
  Prepared prepare();
}
