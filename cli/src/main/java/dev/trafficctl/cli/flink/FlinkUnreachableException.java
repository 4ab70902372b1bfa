package dev.trafficctl.cli.flink;

import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;

/** No answer came from Flink, or none that Flink gives. */
public final class FlinkUnreachableException extends CommandException {
  private static final long serialVersionUID = 1L;

  private final boolean mayHaveArrived;

  FlinkUnreachableException(String message, boolean mayHaveArrived, Throwable cause) {
    super(ExitCode.UNREACHABLE, message, cause);
    this.mayHaveArrived = mayHaveArrived;
  }

  /** Whether the request may have reached Flink and been carried out all the same. */
  public boolean mayHaveArrived() {
    return mayHaveArrived;
  }
}
