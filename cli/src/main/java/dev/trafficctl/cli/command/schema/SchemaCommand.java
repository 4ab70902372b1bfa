package dev.trafficctl.cli.command.schema;

import dev.trafficctl.cli.command.option.SchemaVersionConverter;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.model.TableNames;
import dev.trafficctl.schema.Schema;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code trafficctl schema}. */
@Command(
    name = "schema",
    description = {
      "Prints the SQL that makes a job's tables, in one transaction, for whoever applies it by other"
          + " means than schema apply. It asks neither Flink nor Postgres."
    },
    synopsisSubcommandLabel = "[SUBCOMMAND]",
    subcommands = {SchemaApplyCommand.class, SchemaStatusCommand.class},
    footer = {
      "%nExamples:",
      "  trafficctl schema status",
      "  trafficctl schema --grant traffic | psql postgresql://owner@db/traffic -v ON_ERROR_STOP=1",
      "  trafficctl schema --table traffic_events > traffic_events.sql"
    })
public final class SchemaCommand implements Callable<Integer> {
  private final Environment environment;
  @Mixin TableOption table;

  @Option(
      names = "--from",
      converter = SchemaVersionConverter.class,
      paramLabel = "VERSION",
      defaultValue = "0",
      description =
          "Print what brings tables of this version of the schema to the newest. Default:"
              + " ${DEFAULT-VALUE}, for none.")
  int from;

  @Option(
      names = "--grant",
      paramLabel = "USER",
      description =
          "Print also what lets this user of Postgres, whom the job connects as, read the tables"
              + " and append to them, and no more.")
  String user;

  SchemaCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    TableNames names = table.names();
    environment.out().print(Schema.sql(names, from));
    if (user != null) {
      environment.out().print("\n" + Schema.grants(names, user));
    }
    return ExitCode.DONE.number();
  }
}
