package dev.trafficctl.cli.flink;

import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;

/** Flink answered that it could not do what was asked. */
public final class FlinkErrorException extends CommandException {
  private static final long serialVersionUID = 1L;

  private final int status;

  FlinkErrorException(ExitCode exitCode, String message, int status) {
    super(exitCode, message);
    this.status = status;
  }

  /** The HTTP status, from 400. */
  public int status() {
    return status;
  }
}
