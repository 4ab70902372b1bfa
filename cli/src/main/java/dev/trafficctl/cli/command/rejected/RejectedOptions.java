package dev.trafficctl.cli.command.rejected;

import dev.trafficctl.cli.kafka.TimePoint;
import dev.trafficctl.cli.postgres.RejectedSelection;
import dev.trafficctl.cli.postgres.RejectedSelection.Range;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.model.RejectionReason;
import dev.trafficctl.model.Tables;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** The options that say which rejected events are meant. */
public final class RejectedOptions {
  private static final Pattern PARTITION =
      Pattern.compile("(\\d{1,9})(?:=(\\d{1,18})\\.\\.(\\d{1,18}))?");

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
      description =
          "Only those with this Kafka timestamp or a later one: ISO-8601 with a zone, epoch"
              + " milliseconds, or a time before now such as -2h.")
  String from;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      description = "Only those with an earlier Kafka timestamp.")
  String to;

  @Option(
      names = "--partition",
      paramLabel = "N[=FROM..TO]",
      description =
          "Only those of this partition, from offset FROM up to the one before TO; may be given"
              + " more than once.")
  List<String> partitions = new ArrayList<>();

  /**
   * The rows that are meant.
   *
   * @throws CommandException with {@link ExitCode#USAGE} when an option is wrong
   */
  RejectedSelection selection(Clock clock) {
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
    Instant first = time("--from", from, clock, "for all from the first leave --from out");
    Instant last = time("--to", to, clock, "give a later time");
    if (first != null && last != null && !first.isBefore(last)) {
      throw usage("--from is " + first + ", which is not before --to, " + last);
    }
    SortedMap<Integer, Range> ranges = new TreeMap<>();
    for (String text : partitions) {
      Matcher parts = PARTITION.matcher(text);
      if (!parts.matches()) {
        throw usage("--partition: '" + text + "' is not N or N=FROM..TO, for example 0=1200..1300");
      }
      Range range =
          parts.group(2) == null
              ? Range.ALL
              : new Range(Long.parseLong(parts.group(2)), Long.parseLong(parts.group(3)));
      if (range.from() >= range.to()) {
        throw usage("--partition: " + text + " holds no offset: FROM is not before TO");
      }
      if (ranges.put(Integer.parseInt(parts.group(1)), range) != null) {
        throw usage("--partition: " + parts.group(1) + " is given twice");
      }
    }
    return new RejectedSelection(reasons, first, last, ranges);
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
    partitions.forEach(partition -> flags.addAll(List.of("--partition", partition)));
    return flags;
  }

  private static Instant time(String option, String text, Clock clock, String ifTooOld) {
    try {
      return text == null ? null : TimePoint.parse(text, clock, ifTooOld);
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCode.USAGE, option + ": " + e.getMessage(), e);
    }
  }

  private static CommandException usage(String message) {
    return new CommandException(ExitCode.USAGE, message);
  }
}
