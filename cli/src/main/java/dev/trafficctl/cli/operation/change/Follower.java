package dev.trafficctl.cli.operation.change;

import dev.trafficctl.cli.journal.Entry;
import dev.trafficctl.cli.journal.Operation;

/** Finds out how an operation of one verb ended whose process is gone. */
public interface Follower {
  /**
   * Only asks, until the outcome is known or the time is over, and changes nothing.
   *
   * @param entry the operation's entry, to be written on
   */
  Result settle(Operation operation, Entry entry, FlinkDeadline deadline);

  /** Brings the operation to an end, if something is left to be done; else as {@link #settle}. */
  default Result finish(Operation operation, Entry entry, FlinkDeadline deadline) {
    return settle(operation, entry, deadline);
  }
}
