package dev.trafficctl.cli.operation.change;

import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;

/** Flink was asked until the time was over, and gave no answer. */
public final class NoAnswerException extends CommandException {
  private static final long serialVersionUID = 1L;

  NoAnswerException(String message, Throwable cause) {
    super(ExitCode.OUTCOME_UNKNOWN, message, cause);
  }
}
