package dev.trafficctl.cli.command.rejected;

import dev.trafficctl.cli.command.change.ResultView;
import dev.trafficctl.cli.command.option.DatabaseView;
import dev.trafficctl.cli.operation.change.Result;
import dev.trafficctl.cli.output.Document;
import dev.trafficctl.cli.output.Format;
import dev.trafficctl.cli.output.Table;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.postgres.RejectedGroup;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.rejected.RetryCounts;
import java.util.List;
import java.util.SortedMap;

/** What is sent again, and what became of it, as it is shown. */
record RetryView(
    String job, DatabaseView postgres, List<RejectedGroup> groups, Environment environment) {

  /** How many events are sent again. */
  long total() {
    return groups.stream().mapToLong(RejectedGroup::count).sum();
  }

  /** Shows what would be done. */
  public void plan(Format format) {
    if (format == Format.TABLE) {
      environment
          .err()
          .println(
              groups.isEmpty()
                  ? "there is nothing to send again"
                  : "these " + Text.number(total()) + " would be sent again; nothing was changed");
      if (!groups.isEmpty()) {
        RejectedView.table(groups).print(environment.out());
      }
      return;
    }
    Document.print(
        new Plan(
            true, job, postgres, total(), groups.stream().map(RejectedView.Group::of).toList()),
        format,
        environment.out());
  }

  /** Says what is about to be done. */
  void tell() {
    environment.err().println("these " + Text.number(total()) + " are sent again:");
    RejectedView.table(groups).print(environment.err());
    environment.err().flush();
  }

  /** Shows what became of it, all of it at once: after Ctrl-C the process ends right behind. */
  void result(Result result, RetryCounts counts, Format format) {
    ResultView.tell(result, environment);
    if (format != Format.TABLE) {
      Document.print(Outcome.of(result, counts, postgres), format, environment.out());
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

  private record Plan(
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
    static Outcome of(Result result, RetryCounts counts, DatabaseView postgres) {
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
