package dev.trafficctl.cli.command.savepoint;

import dev.trafficctl.cli.command.change.ChangeRun;
import dev.trafficctl.cli.command.change.Confirmation;
import dev.trafficctl.cli.command.option.ClusterOption;
import dev.trafficctl.cli.command.option.DurationConverter;
import dev.trafficctl.cli.command.option.FormatOption;
import dev.trafficctl.cli.command.option.StatePathConverter;
import dev.trafficctl.cli.operation.savepoint.DeleteSavepoint;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.state.StatePath;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code trafficctl savepoint delete}. */
@Command(
    name = "delete",
    description = {
      "Deletes a savepoint and all its state, through Flink. Nothing can be restored from it then.",
      "Refused for what is no savepoint, for a checkpoint, while a job that was restored from it"
          + " has no checkpoint of its own, and if its directory holds anything else."
    },
    footer = {
      "%nExample:",
      "  trafficctl savepoint delete s3://bucket/savepoint-0a1b2c-1234567890ab"
    })
public final class SavepointDeleteCommand implements Callable<Integer> {
  private final Environment environment;
  @Mixin ClusterOption cluster;
  @Mixin Confirmation confirmation;
  @Mixin FormatOption output;

  @Parameters(
      paramLabel = "PATH",
      converter = StatePathConverter.class,
      description = "The savepoint, as savepoint list shows it.")
  StatePath path;

  @Option(names = "--plan", description = "Show what would be deleted, and delete nothing.")
  boolean plan;

  @Option(
      names = "--last-way-back",
      description = "Delete it although it is the newest state of a job that does not run.")
  boolean lastWayBack;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "1m",
      converter = DurationConverter.class,
      description = "How long to wait for Flink. Default: ${DEFAULT-VALUE}.")
  Duration timeout;

  SavepointDeleteCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    return new ChangeRun(
            environment, confirmation, new DeletionView(environment, output.format()), plan)
        .run(
            cluster.cluster(),
            timeout,
            session -> new DeleteSavepoint(session).change(path, lastWayBack));
  }
}
