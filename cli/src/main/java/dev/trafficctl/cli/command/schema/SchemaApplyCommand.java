package dev.trafficctl.cli.command.schema;

import dev.trafficctl.cli.command.change.Confirmation;
import dev.trafficctl.cli.command.option.ClusterOption;
import dev.trafficctl.cli.command.option.FormatOption;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.postgres.JobDatabase;
import dev.trafficctl.cli.postgres.SchemaTables;
import dev.trafficctl.cli.process.Changed;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.model.TableNames;
import dev.trafficctl.model.Tables;
import dev.trafficctl.schema.SchemaPlan;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code trafficctl schema apply}. */
@Command(
    name = "apply",
    description = {
      "Makes a job's tables, or brings them to the newest version of the schema, in one transaction:"
          + " cut off at any time it has done all or nothing, and is done again. The job may run"
          + " meanwhile. Two at the same time wait for each other, up to 30 s.",
      "Tables that were made with what trafficctl schema prints are taken over as they are; others of"
          + " their names, and those of a newer version, are refused. The user must own the tables:"
          + " the owner on the local stack, else the one that --postgres-user gives, with"
          + " POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE. It is done with Flyway."
    },
    footer = {
      "%nExamples:",
      "  trafficctl schema apply --plan",
      "  trafficctl schema apply --context production --postgres-user owner --grant traffic"
    })
public final class SchemaApplyCommand implements Callable<Integer> {
  private final Environment environment;
  @Mixin ClusterOption cluster;
  @Mixin TableOption table;
  @Mixin FormatOption output;

  @Option(names = "--plan", description = "Show what would be applied, and change nothing.")
  boolean plan;

  @Option(
      names = "--grant",
      paramLabel = "USER",
      description =
          "Let this user of Postgres, whom the job connects as, read the tables and append to them,"
              + " and no more.")
  String user;

  @Option(
      names = "--yes",
      paramLabel = "TABLE",
      description =
          "Confirm the change of a protected context by the name of the table of events, instead of"
              + " typing it.")
  String yes;

  SchemaApplyCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    TableNames names = table.names();
    SchemaDatabase meant = SchemaDatabase.of(environment, cluster, cluster::asOwner, names);
    JobDatabase database = meant.database();
    try (SchemaTables tables = database.schema()) {
      SchemaPlan planned = tables.plan();
      if (plan) {
        SchemaView.plan(names, planned, output.format(), environment.out());
        return ExitCode.DONE.number();
      }
      Confirmation.confirm(
          environment,
          yes,
          "table",
          meant.cluster(),
          names.events(),
          "change the tables of %s in %s"
              .formatted(names.events(), Text.safe(database.toString())));
      SchemaPlan done = tables.apply(user);
      environment
          .out()
          .tellsOfChange(
              new Changed(
                  ExitCode.DONE,
                  List.of(
                      "the tables of %s in schema %s are of schema version %d"
                          .formatted(names.events(), done.place(), Tables.VERSION)),
                  "trafficctl schema status"));
      SchemaView.applied(names, done, output.format(), environment.out());
      return ExitCode.DONE.number();
    }
  }
}
