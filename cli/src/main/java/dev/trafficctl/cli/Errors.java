package dev.trafficctl.cli;

import dev.trafficctl.cli.flink.FlinkErrorException;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.process.Stdout;
import dev.trafficctl.local.StackException;
import dev.trafficctl.local.StackRefusedException;
import dev.trafficctl.local.traffic.PartlySentException;
import dev.trafficctl.local.traffic.TrafficException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The one place where a failure becomes words on stderr and an exit code. */
final class Errors implements IExecutionExceptionHandler, IParameterExceptionHandler {
  private static final int LONGEST_LINE = 8_000;
  private static final int MOST_LINES_OF_TRACE = 2_000;

  private final BooleanSupplier debug;
  private final Stdout out;

  /**
   * With whether it is told at length, and with what knows whether something was changed before.
   */
  Errors(BooleanSupplier debug, Stdout out) {
    this.debug = debug;
    this.out = out;
  }

  static int exitCode(Throwable failure) {
    if (failure instanceof CommandException e) {
      return e.exitCode().number();
    }
    if (failure instanceof StackRefusedException) {
      return ExitCode.REFUSED.number();
    }
    boolean partly = failure instanceof PartlySentException;
    return (partly ? ExitCode.PARTLY_DONE : ExitCode.FAILED).number();
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine commandLine, ParseResult parsed) {
    return handle(e, commandLine.getErr());
  }

  /** Tells of anything that was thrown. What was changed before is not undone by it. */
  int handle(Throwable e, PrintWriter err) {
    int exitCode = out.cutOff(exitCode(e));
    tell(err, message(e));
    if (debug.getAsBoolean()) {
      trace(e, err);
    }
    return exitCode;
  }

  /** Messages in it may come from a cluster; set in, none looks like a line of this program. */
  private static void trace(Throwable e, PrintWriter err) {
    StringWriter trace = new StringWriter();
    e.printStackTrace(new PrintWriter(trace));
    trace
        .toString()
        .lines()
        .limit(MOST_LINES_OF_TRACE)
        .forEach(line -> err.println("  " + Text.safe(Text.shortened(line, LONGEST_LINE))));
    err.flush();
  }

  private String message(Throwable e) {
    if (e instanceof FlinkErrorException error) {
      return error.told();
    }
    boolean written =
        e instanceof CommandException
            || e instanceof StackException
            || e instanceof TrafficException;
    if (written) {
      return e.getMessage();
    }
    return "unexpected "
        + Text.oneLine(e)
        + (out.tellsOfChange()
            ? " while it was told what was done; report it"
            : "; run it again with --debug and report what it prints");
  }

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine commandLine = e.getCommandLine();
    if (e.getCause() instanceof TypeConversionException cause
        && e.getArgSpec() instanceof OptionSpec option
        && (option.converters().length > 0 || option.type() == Path.class)) {
      // A converter of this program says what may be given instead.
      tell(commandLine.getErr(), option.longestName() + ": " + cause.getMessage());
      return ExitCode.USAGE.number();
    }
    tell(commandLine.getErr(), e.getMessage());
    UnmatchedArgumentException.printSuggestions(e, commandLine.getErr());
    tell(
        commandLine.getErr(), "see " + commandLine.getCommandSpec().qualifiedName(" ") + " --help");
    return ExitCode.USAGE.number();
  }

  private static void tell(PrintWriter err, String message) {
    message
        .lines()
        .forEach(
            line -> err.println("trafficctl: " + Text.safe(Text.shortened(line, LONGEST_LINE))));
    err.flush();
  }
}
