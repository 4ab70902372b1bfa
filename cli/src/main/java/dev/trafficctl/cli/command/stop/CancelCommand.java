package dev.trafficctl.cli.command.stop;

import dev.trafficctl.cli.command.change.ChangeOptions;
import dev.trafficctl.cli.operation.stop.Cancel;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code trafficctl cancel}. */
@Command(
    name = "cancel",
    description = {
      "Cancels a job without a savepoint; the newest checkpoint that is kept is the last line of"
          + " stdout.",
      "What was read since that checkpoint is read again when the job is started from it. Prefer"
          + " stop, unless the job is too ill for a savepoint."
    },
    footer = {"%nExamples:", "  trafficctl cancel --plan", "  trafficctl cancel traffic"})
public final class CancelCommand implements Callable<Integer> {
  @Mixin ChangeOptions change;

  @Option(
      names = "--discard-state",
      description = "Cancel even if nothing is left that the job could be started from again.")
  boolean discardState;

  @Override
  public Integer call() {
    return change.run(
        Cancel.VERB, (session, job) -> new Cancel(session).prepare(job, discardState));
  }
}
