package dev.trafficctl.cli.process;

/**
 * A command could not do what was asked. The message says what, where and what to do, in one line
 * for each problem; it may hold text from a cluster, which is made safe when it is printed.
 */
public class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;

  /** With a message for the user. */
  public CommandException(ExitCode exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** With a message for the user and what lies behind it. */
  public CommandException(ExitCode exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** What the process exits with. */
  public ExitCode exitCode() {
    return exitCode;
  }
}
