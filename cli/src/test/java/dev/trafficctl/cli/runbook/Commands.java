package dev.trafficctl.cli.runbook;

import dev.trafficctl.cli.TestConsole;
import dev.trafficctl.cli.TrafficCtl;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** The command line's own knowledge of its commands. */
final class Commands {
  private Commands() {}

  /**
   * The command that these arguments mean.
   *
   * @throws CommandLine.ParameterException when there is none, or one of the options is unknown
   */
  static CommandSpec of(List<String> arguments) {
    ParseResult parsed =
        TrafficCtl.commandLine(TestConsole.real().environment())
            .parseArgs(arguments.toArray(String[]::new));
    while (parsed.hasSubcommand()) {
      parsed = parsed.subcommand();
    }
    return parsed.commandSpec();
  }
}
