package dev.trafficctl.cli.command.schema;

import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.model.TableNames;
import java.util.List;
import picocli.CommandLine.Option;

/** The option that says which tables are meant. */
public final class TableOption {
  @Option(
      names = "--table",
      paramLabel = "NAME",
      defaultValue = "processed_events",
      description =
          "The job's --table, of which the case counts. Its rejected events have a table of their"
              + " own beside it, NAME_rejected. Default: ${DEFAULT-VALUE}, with rejected_events.")
  String table;

  /**
   * The names of the tables.
   *
   * @throws CommandException with {@link ExitCode#USAGE} when it is no name of such a table
   */
  TableNames names() {
    try {
      return TableNames.parse(table);
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCode.USAGE, "--table: " + e.getMessage(), e);
    }
  }

  /** The option as it was given, to be repeated in a command that is recommended. */
  List<String> flags() {
    return names().equals(TableNames.DEFAULT) ? List.of() : List.of("--table", table);
  }
}
