package dev.trafficctl.cli.command.schema;

import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.model.Schema;
import dev.trafficctl.model.TableNames;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code trafficctl schema}. */
@Command(
    name = "schema",
    description = {
      "Prints the SQL that makes a job's tables, for whoever may make tables in its database.",
      "To apply it twice changes nothing. It asks neither Flink nor Postgres."
    },
    footer = {
      "%nExamples:",
      "  trafficctl schema --grant traffic | psql postgresql://owner@db/traffic -v ON_ERROR_STOP=1",
      "  trafficctl schema --table traffic_events > traffic_events.sql"
    })
public final class SchemaCommand implements Runnable {
  private final Environment environment;

  @Option(
      names = "--table",
      paramLabel = "NAME",
      defaultValue = "processed_events",
      description =
          "The job's --table, of which the case counts. Its rejected events have a table of their"
              + " own beside it, NAME_rejected. Default: ${DEFAULT-VALUE}, with rejected_events.")
  String table;

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
  public void run() {
    TableNames names = names();
    environment.out().print(Schema.sql(names));
    if (user != null) {
      environment.out().print("\n" + Schema.grants(names, user));
    }
  }

  private TableNames names() {
    try {
      return TableNames.parse(table);
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCode.USAGE, "--table: " + e.getMessage(), e);
    }
  }
}
