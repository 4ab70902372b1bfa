package dev.trafficctl.cli.operation.change;

import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.process.NextCommands;

/** An operation that is in the journal was ended by something that nobody reckoned with. */
public final class BrokenOffException extends CommandException {
  private static final long serialVersionUID = 1L;

  /**
   * With what ended it.
   *
   * @param id the operation's id
   * @param what the operation, such as {@code stop of traffic}
   * @param next what is typed next
   */
  public BrokenOffException(String id, String what, Throwable cause, NextCommands next) {
    super(
        ExitCode.OUTCOME_UNKNOWN,
        "the %s was broken off here by an unexpected %s%nwhat became of it is not known; find out with: %s"
            .formatted(what, Text.oneLine(cause), next.resume(id)),
        cause);
  }
}
