package dev.trafficctl.cli.command;

import dev.trafficctl.cli.CommandException;
import dev.trafficctl.cli.ExitCode;
import dev.trafficctl.cli.kafka.TrafficSource;
import picocli.CommandLine.Option;

/** The options that say what made-up traffic consists of. */
public final class MixOptions {
  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "The same seed makes the same events. Default: ${DEFAULT-VALUE}.")
  long seed;

  @Option(
      names = "--bad",
      paramLabel = "PERCENT",
      defaultValue = "0",
      description = "Events in a hundred that cannot be stored. Default: ${DEFAULT-VALUE}.")
  double bad;

  @Option(
      names = "--late",
      paramLabel = "PERCENT",
      defaultValue = "0",
      description = "Events in a hundred with a time in the past. Default: ${DEFAULT-VALUE}.")
  double late;

  TrafficSource.Mix mix() {
    if (!(bad >= 0 && late >= 0 && bad + late <= 100)) {
      throw new CommandException(
          ExitCode.USAGE, "--bad and --late are percentages, together at most 100");
    }
    return new TrafficSource.Mix(seed, bad, late);
  }
}
