package dev.trafficctl.cli.command.rejected;

import dev.trafficctl.cli.command.next.ShellCommand;
import dev.trafficctl.cli.command.option.ClusterOption;
import dev.trafficctl.cli.command.option.DatabaseView;
import dev.trafficctl.cli.command.option.FormatOption;
import dev.trafficctl.cli.command.option.IntegerConverter;
import dev.trafficctl.cli.command.option.JobOption;
import dev.trafficctl.cli.command.option.OtherDatabaseOption;
import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.journal.Journal;
import dev.trafficctl.cli.operation.catalogue.KnownJob;
import dev.trafficctl.cli.operation.catalogue.OwnDatabase;
import dev.trafficctl.cli.postgres.EventTables;
import dev.trafficctl.cli.postgres.JobDatabase;
import dev.trafficctl.cli.postgres.RejectedEvents;
import dev.trafficctl.cli.postgres.RejectedRow;
import dev.trafficctl.cli.postgres.RejectedSelection;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.model.Settings;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code trafficctl rejected list}. */
@Command(
    name = "list",
    description = {
      "Shows the rejected events of a job's topic: how many for each reason, and the kinds"
          + " of detail. With --rows the rows themselves.",
      "It asks Postgres alone; rows of earlier topics of the same name are shown too."
    },
    footer = {
      "%nExamples:",
      "  trafficctl rejected list",
      "  trafficctl rejected list --reason malformed_json --from -2h --rows --payload"
    })
public final class RejectedListCommand implements Callable<Integer> {
  private final Environment environment;
  @Mixin ClusterOption cluster;
  @Mixin JobOption job;
  @Mixin RejectedOptions wanted;
  @Mixin OtherDatabaseOption other;
  @Mixin FormatOption output;

  @Option(names = "--rows", description = "Show the single rows, in the order of their places.")
  boolean rows;

  @Option(
      names = "--payload",
      description = "Show the single rows with their payload; what a terminal acts on is escaped.")
  boolean payload;

  @Option(
      names = "--limit",
      paramLabel = "N",
      converter = IntegerConverter.AtLeastOne.class,
      defaultValue = "20",
      description = "How many rows or kinds at most. Default: ${DEFAULT-VALUE}.")
  int limit;

  RejectedListCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    RejectedSelection selection = wanted.selection();
    Cluster on = cluster.cluster();
    KnownJob known = KnownJob.get(on, Journal.of(environment), job.wanted(on));
    Settings settings = known.settings("see: " + ShellCommand.on(on, "jobs", "--all"));
    JobDatabase database = JobDatabase.of(settings, on);
    OwnDatabase own;
    try (EventTables tables = database.connect()) {
      own =
          other.check(
              "rejected events of",
              known,
              settings,
              database,
              tables,
              url -> ShellCommand.at(on, url, "rejected", "list", known.name()));
    }
    try (RejectedEvents events = database.rejectedEvents()) {
      List<Short> sources = events.sources(settings.kafkaTopic());
      RejectedView view =
          new RejectedView(
              settings.kafkaTopic(), DatabaseView.of(own), output.format(), environment);
      if (rows || payload) {
        List<RejectedRow> found = events.rows(sources, selection, null, limit + 1L, payload);
        view.rows(found.subList(0, Math.min(limit, found.size())), payload, found.size() > limit);
      } else {
        view.groups(events.groups(sources, selection), limit);
      }
    }
    return ExitCode.DONE.number();
  }
}
