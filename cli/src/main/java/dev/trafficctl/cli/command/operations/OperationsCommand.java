package dev.trafficctl.cli.command.operations;

import dev.trafficctl.cli.command.option.ClusterOption;
import dev.trafficctl.cli.command.option.FormatOption;
import dev.trafficctl.cli.command.option.IntegerConverter;
import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.journal.Journal;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.Environment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code trafficctl operations}. */
@Command(
    name = "operations",
    description = {
      "Lists what this user asked of clusters from this machine, and how it ended; the newest"
          + " first. With --context, --flink or --directory only what was asked of that cluster.",
      "running: a process is at it. open: its process is gone or has detached, and nobody has found"
          + " out yet how it ended; see: trafficctl operations resume."
    },
    synopsisSubcommandLabel = "[SUBCOMMAND]",
    subcommands = {OperationsResumeCommand.class, OperationsShowCommand.class},
    footer = {"%nExamples:", "  trafficctl operations", "  trafficctl operations -n 100 -o json"})
public final class OperationsCommand implements Runnable {
  private final Environment environment;
  @Mixin ClusterOption cluster;
  @Mixin FormatOption output;

  @Option(
      names = {"-n", "--number"},
      paramLabel = "N",
      converter = IntegerConverter.AtLeastOne.class,
      defaultValue = "20",
      description = "How many operations at most. Default: ${DEFAULT-VALUE}.")
  int count;

  OperationsCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public void run() {
    Cluster on = cluster.isNamed() ? cluster.cluster() : null;
    Journal journal = Journal.of(environment);
    Journal.Listing listing = journal.list();
    OperationView.print(
        listing.operations().stream()
            .filter(operation -> on == null || ClusterOption.isOf(operation.asked(), on))
            .limit(count)
            .map(operation -> OperationView.of(operation, journal))
            .toList(),
        output.format(),
        environment.out());
    listing
        .damages()
        .forEach(
            damage ->
                environment
                    .err()
                    .println("trafficctl: " + Text.safe(damage.shown(environment.next()))));
  }
}
