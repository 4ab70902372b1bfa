package dev.trafficctl.cli.command.rejected;

import dev.trafficctl.cli.command.change.ChangeView;
import dev.trafficctl.cli.command.change.ResultView;
import dev.trafficctl.cli.command.option.DatabaseView;
import dev.trafficctl.cli.operation.change.Plan;
import dev.trafficctl.cli.operation.change.Result;
import dev.trafficctl.cli.operation.change.Session;
import dev.trafficctl.cli.output.Document;
import dev.trafficctl.cli.output.Format;
import dev.trafficctl.cli.output.Table;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.postgres.RejectedGroup;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.rejected.RetryCounts;
import java.util.List;
import java.util.SortedMap;

/** Shows which rejected events are sent again, and what became of them. */
final class RetryView extends ChangeView {
  private final DatabaseView postgres;

  /** For results in a form. */
  RetryView(Environment environment, Format format, DatabaseView postgres) {
    super(environment, format);
    this.postgres = postgres;
  }

  @Override
  public void plan(Plan plan) {
    if (format != Format.TABLE) {
      print(plan.job(), plan.retry());
      return;
    }
    if (plan.isEmpty()) {
      environment.err().println("there is nothing to send again");
      return;
    }
    environment
        .err()
        .println(
            "these %s would be sent again; nothing was changed"
                .formatted(Text.number(total(plan.retry()))));
    RejectedView.table(plan.retry()).print(environment.out());
  }

  private static long total(List<RejectedGroup> groups) {
    return groups.stream().mapToLong(RejectedGroup::count).sum();
  }

  private void print(String job, List<RejectedGroup> groups) {
    Document.print(
        new PlanDocument(
            true,
            job,
            postgres,
            total(groups),
            groups.stream().map(RejectedView.Group::of).toList()),
        format,
        environment.out());
  }

  @Override
  public void begins(Plan plan, Session session) {
    if (format == Format.TABLE) {
      environment.err().println("these " + Text.number(total(plan.retry())) + " are sent again:");
      RejectedView.table(plan.retry()).print(environment.err());
      environment.err().flush();
    }
  }

  /** Shows all of it at once: after Ctrl-C the process ends right behind. */
  @Override
  public void ended(Plan plan, Result result) {
    ResultView.tell(result, environment);
    RetryCounts counts = result.retried();
    if (format != Format.TABLE) {
      Document.print(Outcome.of(result, postgres), format, environment.out());
      environment.out().flush();
      return;
    }
    Table table = new Table("OUTCOME", "EVENTS");
    table.row("stored", counts.stored());
    table.row("stored already", counts.present());
    table.row("filtered", counts.filtered());
    table.row("rejected again", counts.rejectedRows());
    table.row("refused again", counts.refusedRows());
    table.row("not found", counts.unread());
    table.print(environment.out());
    environment.out().flush();
  }

  private record PlanDocument(
      boolean planOnly,
      String job,
      DatabaseView postgres,
      long total,
      List<RejectedView.Group> groups) {}

  private record Outcome(
      String operation,
      String verb,
      String job,
      String outcome,
      int exitCode,
      DatabaseView postgres,
      long stored,
      long storedAlready,
      long filtered,
      SortedMap<String, Long> rejectedAgain,
      long rewritten,
      List<RetryCounts.Refused> refusedAgain,
      long notFound,
      List<String> notFoundAt,
      String message) {
    static Outcome of(Result result, DatabaseView postgres) {
      RetryCounts counts = result.retried();
      return new Outcome(
          result.operation(),
          result.verb(),
          result.job(),
          ResultView.word(result.outcome()),
          result.outcome().number(),
          postgres,
          counts.stored(),
          counts.present(),
          counts.filtered(),
          counts.rejected(),
          counts.rewritten(),
          counts.refused(),
          counts.unread(),
          counts.unreadPlaces(),
          result.message());
    }
  }
}
