package dev.trafficctl.cli.process;

import java.util.List;

/**
 * What a command has changed, or tried to change: it counts whatever becomes of the telling.
 *
 * @param outcome how it ended, which is what the command exits with
 * @param facts what must not be lost with what is printed, such as the path of a savepoint; a
 *     sentence each, which may hold text from a cluster
 * @param shownBy the command that shows it again, or null if none does
 */
public record Changed(ExitCode outcome, List<String> facts, String shownBy) {
  /** With facts that stay as they are. */
  public Changed {
    facts = List.copyOf(facts);
  }

  /**
   * What the process exits with when not all of it could be told: neither that it is done, nor that
   * nothing was.
   */
  ExitCode untold() {
    return outcome == ExitCode.DONE ? ExitCode.PARTLY_DONE : outcome;
  }
}
