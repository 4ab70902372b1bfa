package dev.trafficctl.cli.command.stop;

import dev.trafficctl.cli.command.change.ChangeOptions;
import dev.trafficctl.cli.command.option.DirectoryOption;
import dev.trafficctl.cli.flink.SavepointFormat;
import dev.trafficctl.cli.operation.savepoint.SavepointRequest;
import dev.trafficctl.cli.operation.stop.Stop;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code trafficctl stop}. */
@Command(
    name = "stop",
    description = {
      "Stops a job with a savepoint; the path is the last line of stdout.",
      "Exits 0 only if the savepoint is complete and the job has ended as FINISHED; 1 if neither"
          + " happened; 7 if there is a savepoint but the job did not end so, if Flink names one that"
          + " is not there, or somebody else has stopped it at the same time with --drain and you"
          + " without, or the other way round; 6 if the job does not run any more and no savepoint"
          + " is known. Flink then deletes the job's checkpoints, so that the savepoint is the way"
          + " back."
    },
    footer = {"%nExamples:", "  trafficctl stop", "  trafficctl stop traffic --plan"})
public final class StopCommand implements Callable<Integer> {
  @Mixin ChangeOptions change;
  @Mixin DirectoryOption directory;

  @Option(
      names = "--drain",
      description =
          "Declare the end of event time first, so that windows and timers fire. Only for a job"
              + " that ends for good: started again from this savepoint, it has no event time"
              + " left.")
  boolean drain;

  @Option(
      names = "--detach",
      description = "Return as soon as Flink has the request, and print the operation's id.")
  boolean detach;

  @Override
  public Integer call() {
    SavepointRequest request =
        new SavepointRequest(directory.directory(), SavepointFormat.CANONICAL, drain, detach);
    return change.run(Stop.VERB, (session, job) -> new Stop(session).prepare(job, request));
  }
}
