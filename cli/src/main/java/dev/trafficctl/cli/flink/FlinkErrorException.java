package dev.trafficctl.cli.flink;

import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;

/** Flink answered that it could not do what was asked. */
public final class FlinkErrorException extends CommandException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String told;

  private FlinkErrorException(ExitCode exitCode, String message, int status, String told) {
    super(exitCode, message);
    this.status = status;
    this.told = told;
  }

  /** With words of this program, or of the job, that need no others. */
  static FlinkErrorException inOwnWords(ExitCode exitCode, String message, int status) {
    return new FlinkErrorException(exitCode, message, status, message);
  }

  /**
   * With what Flink says.
   *
   * @param flink the address of Flink's REST API
   */
  static FlinkErrorException inWordsOfFlink(
      ExitCode exitCode, String message, int status, Object flink) {
    String first = message.lines().filter(line -> !line.isBlank()).findFirst().orElse("");
    return new FlinkErrorException(
        exitCode,
        message,
        status,
        "Flink at %s answers with HTTP %d: %s".formatted(flink, status, first));
  }

  /** What users are told where it is all that is told: who says it, and the first line of it. */
  public String told() {
    return told;
  }

  /** The HTTP status, from 400. */
  public int status() {
    return status;
  }
}
