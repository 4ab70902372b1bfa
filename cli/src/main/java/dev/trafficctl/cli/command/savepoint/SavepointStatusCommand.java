package dev.trafficctl.cli.command.savepoint;

import dev.trafficctl.cli.command.change.ResultView;
import dev.trafficctl.cli.command.change.Resuming;
import dev.trafficctl.cli.command.option.ClusterOption;
import dev.trafficctl.cli.command.option.FormatOption;
import dev.trafficctl.cli.journal.Journal;
import dev.trafficctl.cli.journal.Operation;
import dev.trafficctl.cli.operation.change.Result;
import dev.trafficctl.cli.process.Environment;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code trafficctl savepoint status}. */
@Command(
    name = "status",
    description = {
      "Shows what has become of a savepoint or stop that was begun from this machine, without"
          + " waiting; the path is the last line of stdout.",
      "Exits as the savepoint itself: 0 with a path, 1 if it failed, 6 while it goes on."
    },
    footer = {"%nExample:", "  trafficctl savepoint status savepoint-20260131-120000-1a2b"})
public final class SavepointStatusCommand implements Callable<Integer> {
  private final Environment environment;
  @Mixin ClusterOption cluster;
  @Mixin FormatOption output;

  @Parameters(
      paramLabel = "ID",
      description = "The operation's id as trafficctl operations lists it, or its trigger id.")
  String id;

  SavepointStatusCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    Resuming resuming = new Resuming(environment, Journal.of(environment));
    Operation operation = resuming.find(id);
    Result result = resuming.resume(operation, cluster.cluster(operation.asked()), Duration.ZERO);
    ResultView.print(result, output.format(), environment);
    return result.outcome().number();
  }
}
