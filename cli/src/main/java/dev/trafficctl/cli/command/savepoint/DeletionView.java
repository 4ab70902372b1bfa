package dev.trafficctl.cli.command.savepoint;

import dev.trafficctl.cli.command.change.ChangeView;
import dev.trafficctl.cli.command.change.ResultView;
import dev.trafficctl.cli.operation.change.Plan;
import dev.trafficctl.cli.operation.change.Result;
import dev.trafficctl.cli.output.Document;
import dev.trafficctl.cli.output.Format;
import dev.trafficctl.cli.output.Table;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.state.SavepointDisposal.Target;
import dev.trafficctl.cli.state.StateFile;

/** Shows which savepoint is deleted. */
final class DeletionView extends ChangeView {
  DeletionView(Environment environment, Format format) {
    super(environment, format);
  }

  @Override
  public void plan(Plan plan) {
    print(plan.deletion(), false);
  }

  @Override
  public void ended(Plan plan, Result result) {
    if (result.outcome() == ExitCode.DONE) {
      ResultView.tellsOfChange(result, environment);
      print(plan.deletion(), true);
    } else {
      ResultView.tell(result, environment);
    }
  }

  private void print(Target target, boolean deleted) {
    StateFile file = target.file();
    Long id = file == null ? null : (Long) file.checkpointId();
    Long bytes = file == null ? null : (Long) file.bytes();
    if (format != Format.TABLE) {
      Document.print(
          new DeletionDocument(target.path(), target.jobName(), id, bytes, deleted),
          format,
          environment.out());
      return;
    }
    environment
        .err()
        .println(deleted ? "deleted, and gone:" : "this would be deleted; nothing was changed");
    new Table("ID", "JOB", "SIZE", "PATH")
        .row(id, target.jobName(), bytes == null ? null : Text.bytes(bytes), target.path())
        .print(environment.out());
  }

  /**
   * What was deleted, or would be.
   *
   * @param deleted whether it was
   */
  private record DeletionDocument(
      String path, String jobName, Long id, Long bytes, boolean deleted) {}
}
