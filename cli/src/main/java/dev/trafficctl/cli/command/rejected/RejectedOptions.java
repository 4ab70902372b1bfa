package dev.trafficctl.cli.command.rejected;

import dev.trafficctl.cli.command.option.InstantConverter;
import dev.trafficctl.cli.postgres.RejectedSelection;
import dev.trafficctl.cli.postgres.RejectedSelection.Range;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.model.RejectionReason;
import dev.trafficctl.model.Tables;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** The options that say which rejected events are meant. */
public final class RejectedOptions {
  @Option(
      names = "--reason",
      paramLabel = "REASON",
      description =
          "Only those that were rejected for this reason, such as refused_by_postgres; may be given"
              + " more than once.")
  List<String> reasons = new ArrayList<>();

  @Option(
      names = "--from",
      paramLabel = "TIME",
      converter = FromConverter.class,
      description =
          "Only those with this Kafka timestamp or a later one: ISO-8601 with a zone, epoch"
              + " milliseconds, or a time before now such as -2h.")
  Instant from;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      converter = ToConverter.class,
      description = "Only those with an earlier Kafka timestamp.")
  Instant to;

  @Option(
      names = "--partition",
      paramLabel = "N[=FROM..TO]",
      converter = PartitionRange.Converter.class,
      description =
          "Only those of this partition, from offset FROM up to the one before TO; may be given"
              + " more than once.")
  List<PartitionRange> partitions = new ArrayList<>();

  /**
   * The rows that are meant.
   *
   * @throws CommandException with {@link ExitCode#USAGE} when an option is wrong
   */
  RejectedSelection selection() {
    List<String> known =
        Stream.concat(
                Stream.of(Tables.REFUSED_BY_POSTGRES),
                Arrays.stream(RejectionReason.values()).map(RejectionReason::code))
            .toList();
    for (String reason : reasons) {
      if (!known.contains(reason)) {
        throw usage(
            "--reason: there is no reason " + reason + "; known are: " + String.join(", ", known));
      }
    }
    if (from != null && to != null && !from.isBefore(to)) {
      throw usage("--from is " + from + ", which is not before --to, " + to);
    }
    SortedMap<Integer, Range> ranges = new TreeMap<>();
    for (PartitionRange one : partitions) {
      if (ranges.put(one.partition(), one.range()) != null) {
        throw usage("--partition: " + one.partition() + " is given twice");
      }
    }
    return new RejectedSelection(reasons, from, to, ranges);
  }

  /** The options as they were given, to be repeated in a command that is recommended. */
  List<String> flags() {
    List<String> flags = new ArrayList<>();
    reasons.forEach(reason -> flags.addAll(List.of("--reason", reason)));
    if (from != null) {
      flags.addAll(List.of("--from=" + from));
    }
    if (to != null) {
      flags.addAll(List.of("--to=" + to));
    }
    partitions.forEach(partition -> flags.addAll(List.of("--partition", partition.text())));
    return flags;
  }

  private static CommandException usage(String message) {
    return new CommandException(ExitCode.USAGE, message);
  }

  /** Reads the time from which on. */
  static final class FromConverter extends InstantConverter {
    FromConverter(Environment environment) {
      super(environment, "for all from the first leave --from out");
    }
  }

  /** Reads the time before which. */
  static final class ToConverter extends InstantConverter {
    ToConverter(Environment environment) {
      super(environment, "give a later time");
    }
  }
}
