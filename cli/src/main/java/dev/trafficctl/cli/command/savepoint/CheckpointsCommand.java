package dev.trafficctl.cli.command.savepoint;

import dev.trafficctl.cli.command.option.FormatOption;
import dev.trafficctl.cli.process.Environment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code trafficctl checkpoints}. */
@Command(
    name = "checkpoints",
    description = {
      "Lists the checkpoints and savepoints of a job, the newest first, and whether each can be"
          + " restored.",
      "They are those that Flink remembers. When Flink cannot be reached, does not know the job,"
          + " or remembers nothing of it that can be restored, and with --storage, also those that"
          + " lie in storage. RESTORABLE is - where that cannot be seen from this machine. PROBLEM"
          + " also says which are of another job of that name, which latest passes over."
    },
    footer = {
      "%nExamples:",
      "  trafficctl checkpoints",
      "  trafficctl checkpoints traffic --storage /var/lib/flink/checkpoints -o json"
    })
public final class CheckpointsCommand implements Runnable {
  private final Environment environment;
  @Mixin StorageOption storage;
  @Mixin FormatOption output;

  CheckpointsCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public void run() {
    StatesView.print(
        storage.find(false, state -> true),
        "checkpoints",
        environment.clock().instant(),
        output.format(),
        environment.out());
  }
}
