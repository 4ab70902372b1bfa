package dev.trafficctl.cli.command.savepoint;

import dev.trafficctl.cli.command.option.FormatOption;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.state.KnownState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code trafficctl savepoint list}. */
@Command(
    name = "list",
    description = {
      "Lists savepoints, the newest first: those that Flink remembers of the job, and those that"
          + " lie in storage.",
      "RESTORABLE is - where that cannot be seen from this machine. PROBLEM"
          + " also says which are of another job of that name, which latest passes over."
    },
    footer = {
      "%nExamples:",
      "  trafficctl savepoint list",
      "  trafficctl savepoint list traffic --storage /var/lib/flink/savepoints -o json"
    })
public final class SavepointListCommand implements Runnable {
  private final Environment environment;
  @Mixin StorageOption storage;
  @Mixin FormatOption output;

  SavepointListCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public void run() {
    StatesView.print(
        storage.find(true, KnownState::savepoint),
        "savepoints",
        environment.clock().instant(),
        output.format(),
        environment.out());
  }
}
