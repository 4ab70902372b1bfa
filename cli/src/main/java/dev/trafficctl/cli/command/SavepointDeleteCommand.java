package dev.trafficctl.cli.command;

import dev.trafficctl.cli.Environment;
import dev.trafficctl.cli.ExitCode;
import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.journal.JobLock;
import dev.trafficctl.cli.operation.DeleteSavepoint;
import dev.trafficctl.cli.operation.Result;
import dev.trafficctl.cli.operation.Session;
import dev.trafficctl.cli.operation.Settle;
import dev.trafficctl.cli.output.Document;
import dev.trafficctl.cli.output.Format;
import dev.trafficctl.cli.output.Table;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.state.SavepointDisposal;
import dev.trafficctl.cli.state.StateFile;
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
    Cluster on = cluster.cluster();
    Comeback comeback = new Comeback(environment.err());
    Session session = Session.of(on, environment, timeout, comeback);
    DeleteSavepoint deletion = new DeleteSavepoint(session);
    SavepointDisposal.Target found = deletion.check(path, lastWayBack);
    if (plan) {
      print(found);
      return ExitCode.DONE.number();
    }
    String owner = DeleteSavepoint.owner(found);
    try (JobLock lock = session.journal().lock(on.flink().address(), owner, DeleteSavepoint.VERB)) {
      new Settle(session).before(lock);
      // Whoever had the lock before may have started a job from it, or deleted it.
      SavepointDisposal.Target target = deletion.check(path, lastWayBack);
      confirmation.confirm(on, owner, "delete " + target.path());
      Result result =
          Interruption.call(comeback::interrupted, () -> deletion.run(lock, target, lastWayBack));
      if (result.outcome() == ExitCode.DONE) {
        ResultView.tellsOfChange(result, environment);
        print(target);
      } else {
        ResultView.tell(result, environment);
      }
      return result.outcome().number();
    }
  }

  private void print(SavepointDisposal.Target target) {
    StateFile file = target.file();
    Long id = file == null ? null : (Long) file.checkpointId();
    Long bytes = file == null ? null : (Long) file.bytes();
    if (output.format != Format.TABLE) {
      Document.print(
          new View(target.path(), target.jobName(), id, bytes, !plan),
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
  private record View(String path, String jobName, Long id, Long bytes, boolean deleted) {}
}
