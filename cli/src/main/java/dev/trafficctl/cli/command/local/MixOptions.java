package dev.trafficctl.cli.command.local;

import dev.trafficctl.cli.command.option.LongConverter;
import dev.trafficctl.cli.command.option.PercentConverter;
import dev.trafficctl.cli.kafka.TrafficSource;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import picocli.CommandLine.Option;

/** The options that say what made-up traffic consists of. */
public final class MixOptions {
  @Option(
      names = "--seed",
      paramLabel = "S",
      converter = LongConverter.Any.class,
      description = "The same seed makes the same events. Default: 1.")
  Long seed;

  @Option(
      names = "--bad",
      paramLabel = "PERCENT",
      converter = PercentConverter.class,
      description = "Events in a hundred that cannot be stored. Default: 0.")
  Double bad;

  @Option(
      names = "--late",
      paramLabel = "PERCENT",
      converter = PercentConverter.class,
      description = "Events in a hundred with a time in the past. Default: 0.")
  Double late;

  /** Refuses those that are given, since a file's events are what they are. */
  void refuseForFile() {
    String given = seed != null ? "--seed" : bad != null ? "--bad" : late != null ? "--late" : null;
    if (given != null) {
      throw new CommandException(
          ExitCode.USAGE, given + " is for made-up events; leave it out, or --file");
    }
  }

  TrafficSource.Mix mix() {
    double badPercent = bad == null ? 0 : bad;
    double latePercent = late == null ? 0 : late;
    if (badPercent + latePercent > 100) {
      throw new CommandException(
          ExitCode.USAGE, "--bad and --late are percentages, together at most 100");
    }
    return new TrafficSource.Mix(seed == null ? 1 : seed, badPercent, latePercent);
  }
}
