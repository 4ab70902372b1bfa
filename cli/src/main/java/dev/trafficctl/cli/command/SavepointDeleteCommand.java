package dev.trafficctl.cli.command;

import dev.trafficctl.cli.Environment;
import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.output.Document;
import dev.trafficctl.cli.output.Format;
import dev.trafficctl.cli.output.Table;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.state.SavepointDisposal;
import dev.trafficctl.cli.state.StateFile;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code trafficctl savepoint delete}. */
@Command(
    name = "delete",
    description = {
      "Deletes a savepoint and all its state, through Flink. Nothing can be restored from it then.",
      "Refused for what is no savepoint, for a checkpoint, and while a job that was restored from"
          + " it has no checkpoint of its own."
    },
    footer = {
      "%nExample:",
      "  trafficctl savepoint delete s3://bucket/savepoint-0a1b2c-1234567890ab"
    })
public final class SavepointDeleteCommand implements Runnable {
  private final Environment environment;
  @Mixin ClusterOption cluster;
  @Mixin Confirmation confirmation;
  @Mixin FormatOption output;

  @Parameters(paramLabel = "PATH", description = "The savepoint, as savepoint list shows it.")
  String path;

  @Option(names = "--plan", description = "Show what would be deleted, and delete nothing.")
  boolean plan;

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
  public void run() {
    Cluster on = cluster.cluster();
    SavepointDisposal disposal =
        new SavepointDisposal(on, environment.clock(), environment.sleeper());
    SavepointDisposal.Target target = disposal.check(path);
    if (!plan) {
      confirmation.confirm(
          on, target.jobName() == null ? path : target.jobName(), "delete " + target.path());
      disposal.delete(target, timeout);
    }
    print(target);
  }

  private void print(SavepointDisposal.Target target) {
    StateFile file = target.file();
    Long id = file == null ? null : (Long) file.checkpointId();
    Long bytes = file == null ? null : (Long) file.bytes();
    if (output.format != Format.TABLE) {
      Document.print(
          new Result(target.path(), target.jobName(), id, bytes, !plan),
          output.format,
          environment.out());
      return;
    }
    environment
        .err()
        .println(plan ? "this would be deleted; nothing was changed" : "deleted, and gone:");
    new Table("ID", "JOB", "SIZE", "PATH")
        .row(id, target.jobName(), bytes == null ? null : Text.bytes(bytes), target.path())
        .print(environment.out());
  }

  /**
   * What was deleted, or would be.
   *
   * @param deleted whether it was
   */
  private record Result(String path, String jobName, Long id, Long bytes, boolean deleted) {}
}
