package dev.trafficctl.cli.command.savepoint;

import dev.trafficctl.cli.command.change.ChangeOptions;
import dev.trafficctl.cli.operation.savepoint.TakeCheckpoint;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code trafficctl checkpoint}. */
@Command(
    name = "checkpoint",
    description = {
      "Takes a checkpoint of a job at once, and prints its number and path.",
      "Flink deletes it when newer ones have been taken; for something to keep, take a savepoint."
    },
    footer = {"%nExample:", "  trafficctl checkpoint"})
public final class CheckpointCommand implements Callable<Integer> {
  @Mixin ChangeOptions change;

  @Override
  public Integer call() {
    return change.run(
        TakeCheckpoint.VERB, (session, job) -> new TakeCheckpoint(session).prepare(job));
  }
}
