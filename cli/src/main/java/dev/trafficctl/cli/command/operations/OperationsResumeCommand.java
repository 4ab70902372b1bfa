package dev.trafficctl.cli.command.operations;

import dev.trafficctl.cli.command.change.ResultView;
import dev.trafficctl.cli.command.change.Resuming;
import dev.trafficctl.cli.command.option.ClusterOption;
import dev.trafficctl.cli.command.option.FormatOption;
import dev.trafficctl.cli.command.option.TimeoutOption;
import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.journal.Journal;
import dev.trafficctl.cli.journal.Operation;
import dev.trafficctl.cli.operation.change.Result;
import dev.trafficctl.cli.output.Document;
import dev.trafficctl.cli.output.Format;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.Changed;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.process.ExitCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code trafficctl operations resume}. */
@Command(
    name = "resume",
    description = {
      "Finishes or settles an operation whose terminal, connection or JobManager was lost; without"
          + " an id, all that are open on the cluster, the oldest first.",
      "It asks Flink what became of the request, then for the job's checkpoints, then looks into"
          + " storage. Exits as the operation itself would have: 0 done, 1 failed, 6 not known, 7"
          + " partly done; the path, when one is known, is the last line of stdout."
    },
    footer = {
      "%nExamples:",
      "  trafficctl operations resume",
      "  trafficctl operations resume stop-20260131-120000-1a2b"
    })
public final class OperationsResumeCommand implements Callable<Integer> {
  private final Environment environment;
  @Mixin ClusterOption cluster;
  @Mixin TimeoutOption timeout;
  @Mixin FormatOption output;

  @Parameters(
      arity = "0..1",
      paramLabel = "ID",
      description = "The operation's id, or its trigger id.")
  String id;

  OperationsResumeCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    Journal journal = Journal.of(environment);
    Resuming resuming = new Resuming(environment, journal);
    if (id != null) {
      Operation operation = resuming.find(id);
      Result result =
          resuming.resume(operation, cluster.cluster(operation.asked()), timeout.timeout());
      ResultView.print(result, output.format(), environment);
      return result.outcome().number();
    }
    return all(journal, resuming);
  }

  private int all(Journal journal, Resuming resuming) {
    Cluster on = cluster.cluster();
    Journal.Listing listing = journal.list();
    listing
        .damages()
        .forEach(
            damage ->
                environment
                    .err()
                    .println("trafficctl: " + Text.safe(damage.shown(environment.next()))));
    List<Operation> open =
        listing.operations().stream()
            .filter(operation -> operation.open() && ClusterOption.isOf(operation.asked(), on))
            .sorted(Comparator.comparing(Operation::at))
            .toList();
    if (open.isEmpty()) {
      environment.err().println("nothing is open on " + Text.safe(on.shown()));
    }
    List<Result> results = new ArrayList<>();
    try {
      for (Operation operation : open) {
        if (journal.isRunning(operation)) {
          environment
              .err()
              .println(
                  operation.id() + " is at work in process " + operation.pid() + "; left alone");
        } else {
          results.add(resuming.resume(operation, on, timeout.timeout()));
        }
      }
    } finally {
      // What is known of some is not lost with what goes wrong with the next.
      print(results);
    }
    return worst(results).number();
  }

  private void print(List<Result> results) {
    if (output.format() == Format.TABLE) {
      results.forEach(result -> ResultView.print(result, output.format(), environment));
    }
    if (!results.isEmpty()) {
      environment
          .out()
          .tellsOfChange(
              new Changed(
                  worst(results),
                  results.stream().flatMap(result -> ResultView.facts(result).stream()).toList(),
                  "trafficctl operations"));
    }
    if (output.format() != Format.TABLE) {
      Document.print(
          new All(results.stream().map(ResultView::of).toList()),
          output.format(),
          environment.out());
    }
  }

  private static ExitCode worst(List<Result> results) {
    return results.stream()
        .map(Result::outcome)
        .max(Comparator.comparing(ExitCode::number))
        .orElse(ExitCode.DONE);
  }

  private record All(List<ResultView> results) {}
}
