package dev.trafficctl.cli.command.schema;

import dev.trafficctl.cli.command.option.ClusterOption;
import dev.trafficctl.cli.command.option.FormatOption;
import dev.trafficctl.cli.postgres.SchemaTables;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.model.TableNames;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code trafficctl schema status}. */
@Command(
    name = "status",
    description = {
      "Says which version of the schema a job's tables are of, which one this program knows, and"
          + " what the tables lack; exit code 3 unless they are as a job of this version needs them.",
      "It asks Postgres alone, and looks as the user whom the context or --postgres-user gives, so"
          + " that what that user may not do is among it. Columns of your own are no fault, as long"
          + " as they may be null or have a default."
    },
    footer = {
      "%nExamples:",
      "  trafficctl schema status",
      "  trafficctl schema status --context production --table traffic_events -o json"
    })
public final class SchemaStatusCommand implements Callable<Integer> {
  private final Environment environment;
  @Mixin ClusterOption cluster;
  @Mixin TableOption table;
  @Mixin FormatOption output;

  SchemaStatusCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    TableNames names = table.names();
    SchemaDatabase meant = SchemaDatabase.of(environment, cluster, cluster::cluster, names);
    try (SchemaTables tables = meant.database().schema()) {
      SchemaTables.State state = tables.state();
      SchemaView.state(names, state, output.format(), environment.out());
      return (state.isCurrent() ? ExitCode.DONE : ExitCode.CHECK_FAILED).number();
    }
  }
}
