package dev.trafficctl.cli;

import dev.trafficctl.cli.output.Text;
import dev.trafficctl.local.StackException;
import dev.trafficctl.local.traffic.TrafficException;
import java.io.PrintWriter;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The one place where a failure becomes words on stderr and an exit code. */
final class Errors implements IExecutionExceptionHandler, IParameterExceptionHandler {
  private final BooleanSupplier debug;

  Errors(BooleanSupplier debug) {
    this.debug = debug;
  }

  static int exitCode(Throwable failure) {
    return failure instanceof CommandException e ? e.exitCode().number() : ExitCode.FAILED.number();
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine commandLine, ParseResult parsed) {
    tell(commandLine.getErr(), message(e));
    if (debug.getAsBoolean()) {
      e.printStackTrace(commandLine.getErr());
    }
    return exitCode(e);
  }

  private static String message(Exception e) {
    boolean written =
        e instanceof CommandException
            || e instanceof StackException
            || e instanceof TrafficException;
    return written
        ? e.getMessage()
        : "unexpected " + e + "; run it again with --debug and report what it prints";
  }

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine commandLine = e.getCommandLine();
    tell(commandLine.getErr(), e.getMessage());
    UnmatchedArgumentException.printSuggestions(e, commandLine.getErr());
    tell(
        commandLine.getErr(), "see " + commandLine.getCommandSpec().qualifiedName(" ") + " --help");
    return ExitCode.USAGE.number();
  }

  private static void tell(PrintWriter err, String message) {
    message.lines().forEach(line -> err.println("trafficctl: " + Text.safe(line)));
    err.flush();
  }
}
