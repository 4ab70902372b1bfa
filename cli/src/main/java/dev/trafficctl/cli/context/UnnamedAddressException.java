package dev.trafficctl.cli.context;

import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;

/** A secret would have to go to an address that the operator has not named. */
public final class UnnamedAddressException extends CommandException {
  private static final long serialVersionUID = 1L;

  UnnamedAddressException(String message) {
    super(ExitCode.REFUSED, message);
  }
}
