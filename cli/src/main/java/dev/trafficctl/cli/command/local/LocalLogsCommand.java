package dev.trafficctl.cli.command.local;

import dev.trafficctl.cli.command.observe.LogPrinter;
import dev.trafficctl.cli.command.option.IntegerConverter;
import dev.trafficctl.cli.command.option.StackOption;
import dev.trafficctl.cli.process.Environment;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code trafficctl local logs}. */
@Command(
    name = "logs",
    description = "Prints the end of the log of one part of the local stack.",
    footer = {"%nExample:", "  trafficctl local logs jobmanager -n 20 -f"})
public final class LocalLogsCommand implements Runnable {
  private final Environment environment;
  @Mixin StackOption stack;

  @Parameters(
      paramLabel = "NAME",
      description = "kafka, postgres, jobmanager, taskmanager-1 and so on.")
  String name;

  @Option(
      names = {"-n", "--lines"},
      paramLabel = "LINES",
      converter = IntegerConverter.AtLeastZero.class,
      defaultValue = "100",
      description = "How many lines. Default: ${DEFAULT-VALUE}.")
  int lines;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on with what is written from now on, until Ctrl-C.")
  boolean follow;

  LocalLogsCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public void run() {
    Path log = stack.stack().log(name);
    new LogPrinter(environment.out(), environment.sleeper()).print(log, lines, follow);
  }
}
