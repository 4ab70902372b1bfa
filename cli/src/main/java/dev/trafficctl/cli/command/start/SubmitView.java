package dev.trafficctl.cli.command.start;

import dev.trafficctl.cli.command.change.ChangeView;
import dev.trafficctl.cli.command.change.ResultView;
import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.operation.change.Plan;
import dev.trafficctl.cli.operation.change.Result;
import dev.trafficctl.cli.output.Document;
import dev.trafficctl.cli.output.Format;
import dev.trafficctl.cli.output.Table;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.process.ExitCode;

/** Shows what became of a submission. */
final class SubmitView extends ChangeView {
  private final String flink;

  SubmitView(Environment environment, Format format, Cluster on) {
    super(environment, format);
    this.flink = on.flink().address();
  }

  @Override
  public void ended(Plan plan, Result result) {
    ResultView.tell(result, environment);
    if (format != Format.TABLE) {
      Document.print(document(result), format, environment.out());
    } else if (result.outcome() == ExitCode.DONE) {
      new Table("JOB ID", "FLINK").row(result.jobId(), flink).print(environment.out());
    }
    environment.out().flush();
  }

  private ResultDocument document(Result result) {
    return new ResultDocument(
        result.jobId().text(),
        flink,
        result.operation(),
        result.job(),
        ResultView.word(result.outcome()),
        result.outcome().number(),
        result.open(),
        result.message());
  }

  /**
   * What became of it.
   *
   * @param jobId the id of the job, under which it is, or was to be, started
   * @param operation the operation's id in the journal
   * @param open whether the question is still open
   */
  private record ResultDocument(
      String jobId,
      String flink,
      String operation,
      String job,
      String outcome,
      int exitCode,
      boolean open,
      String message) {}
}
