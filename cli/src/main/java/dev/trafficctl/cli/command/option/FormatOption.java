package dev.trafficctl.cli.command.option;

import dev.trafficctl.cli.output.Format;
import picocli.CommandLine.Option;

/** The option that says in which form data is given. */
public final class FormatOption {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "table|json|yaml",
      defaultValue = "table",
      description = "The form of the data on stdout. Default: ${DEFAULT-VALUE}.")
  Format format;

  /** The form that is wanted. */
  public Format format() {
    return format;
  }
}
