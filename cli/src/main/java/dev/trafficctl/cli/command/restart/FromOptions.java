package dev.trafficctl.cli.command.restart;

import dev.trafficctl.cli.kafka.TimePoint;
import dev.trafficctl.cli.operation.restart.From;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.state.StatePath;
import dev.trafficctl.model.StartingPosition;
import java.time.Clock;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** The options that say from where a job is started again; at most one of them is given. */
final class FromOptions {
  private static final String NEWEST = "latest";

  @Option(
      names = "--from-savepoint",
      paramLabel = "PATH|latest",
      description = "Restore a savepoint: this one, or the newest that can be restored.")
  String savepoint;

  @Option(
      names = "--from-checkpoint",
      paramLabel = "PATH|latest",
      description =
          "Restore a retained checkpoint: this one, or the newest. A job that runs is cancelled,"
              + " since Flink deletes the checkpoints of one that is stopped.")
  String checkpoint;

  @Option(
      names = "--from-timestamp",
      paramLabel = "TIME",
      description =
          "Start without state at the first event of each partition with this Kafka timestamp or a"
              + " later one: ISO-8601 with a zone, epoch milliseconds, or a time before now such as"
              + " -2h or -10m.")
  String timestamp;

  @Option(
      names = "--from-offsets",
      paramLabel = "P=O,...",
      description = "Start without state at these offsets, one for each partition: 0=1200,1=980.")
  String offsets;

  @Option(
      names = "--from-earliest",
      description = "Start without state at the first event that Kafka still has.")
  boolean earliest;

  @Option(names = "--from-latest", description = "Start without state at the end of the topic.")
  boolean latest;

  From from(Clock clock) {
    if (savepoint != null) {
      return new From.Savepoint(path("--from-savepoint", savepoint));
    }
    if (checkpoint != null) {
      return new From.Checkpoint(path("--from-checkpoint", checkpoint));
    }
    if (timestamp != null) {
      return position(
          "--from-timestamp",
          () ->
              new StartingPosition.Timestamp(
                  TimePoint.parse(
                      timestamp, clock, "for the first event give --from-earliest instead")));
    }
    if (offsets != null) {
      return position("--from-offsets", () -> StartingPosition.parse("offsets:" + offsets));
    }
    return new From.Position(
        earliest ? new StartingPosition.Earliest() : new StartingPosition.Latest());
  }

  private static StatePath path(String option, String given) {
    if (given.equals(NEWEST)) {
      return null;
    }
    StatePath.problem(given)
        .ifPresent(
            problem -> {
              throw new CommandException(ExitCode.USAGE, option + ": " + problem);
            });
    return StatePath.of(given);
  }

  private static From position(String option, Supplier<StartingPosition> position) {
    try {
      return new From.Position(position.get());
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCode.USAGE, option + ": " + e.getMessage(), e);
    }
  }
}
