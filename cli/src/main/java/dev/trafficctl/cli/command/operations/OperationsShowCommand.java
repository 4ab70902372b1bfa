package dev.trafficctl.cli.command.operations;

import dev.trafficctl.cli.command.change.Resuming;
import dev.trafficctl.cli.command.option.FormatOption;
import dev.trafficctl.cli.journal.Journal;
import dev.trafficctl.cli.process.Environment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code trafficctl operations show}. */
@Command(
    name = "show",
    description = "Shows all that the journal has of one operation.",
    footer = {"%nExample:", "  trafficctl operations show stop-20260131-120000-1a2b"})
public final class OperationsShowCommand implements Runnable {
  private final Environment environment;
  @Mixin FormatOption output;

  @Parameters(paramLabel = "ID", description = "The operation's id, or its trigger id.")
  String id;

  OperationsShowCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public void run() {
    Journal journal = Journal.of(environment);
    OperationView.of(new Resuming(environment, journal).find(id), journal)
        .print(output.format(), environment.out());
  }
}
