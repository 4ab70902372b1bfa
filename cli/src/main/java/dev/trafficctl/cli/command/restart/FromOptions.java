package dev.trafficctl.cli.command.restart;

import dev.trafficctl.cli.command.option.InstantConverter;
import dev.trafficctl.cli.command.option.OffsetsConverter;
import dev.trafficctl.cli.command.option.StatePathConverter;
import dev.trafficctl.cli.operation.restart.From;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.state.StatePath;
import dev.trafficctl.model.StartingPosition;
import java.time.Instant;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** The options that say from where a job is started again; at most one of them is given. */
final class FromOptions {
  @Option(
      names = "--from-savepoint",
      paramLabel = "PATH|latest",
      converter = SavepointConverter.class,
      description = "Restore a savepoint: this one, or the newest that can be restored.")
  From.Savepoint savepoint;

  @Option(
      names = "--from-checkpoint",
      paramLabel = "PATH|latest",
      converter = CheckpointConverter.class,
      description =
          "Restore a retained checkpoint: this one, or the newest. A job that runs is cancelled,"
              + " since Flink deletes the checkpoints of one that is stopped.")
  From.Checkpoint checkpoint;

  @Option(
      names = "--from-timestamp",
      paramLabel = "TIME",
      converter = TimestampConverter.class,
      description =
          "Start without state at the first event of each partition with this Kafka timestamp or a"
              + " later one: ISO-8601 with a zone, epoch milliseconds, or a time before now such as"
              + " -2h or -10m.")
  Instant timestamp;

  @Option(
      names = "--from-offsets",
      paramLabel = "P=O,...",
      converter = OffsetsConverter.class,
      description = "Start without state at these offsets, one for each partition: 0=1200,1=980.")
  StartingPosition.Offsets offsets;

  @Option(
      names = "--from-earliest",
      description = "Start without state at the first event that Kafka still has.")
  boolean earliest;

  @Option(names = "--from-latest", description = "Start without state at the end of the topic.")
  boolean latest;

  From from() {
    if (savepoint != null) {
      return savepoint;
    }
    if (checkpoint != null) {
      return checkpoint;
    }
    return new From.Position(position());
  }

  private StartingPosition position() {
    if (timestamp != null) {
      return new StartingPosition.Timestamp(timestamp);
    }
    if (offsets != null) {
      return offsets;
    }
    return earliest ? new StartingPosition.Earliest() : new StartingPosition.Latest();
  }

  /** Reads a path, or the word for the newest. */
  private static StatePath path(String text) {
    return text.equals("latest") ? null : new StatePathConverter().convert(text);
  }

  /** Reads which savepoint. */
  static final class SavepointConverter implements ITypeConverter<From.Savepoint> {
    @Override
    public From.Savepoint convert(String text) {
      return new From.Savepoint(path(text));
    }
  }

  /** Reads which checkpoint. */
  static final class CheckpointConverter implements ITypeConverter<From.Checkpoint> {
    @Override
    public From.Checkpoint convert(String text) {
      return new From.Checkpoint(path(text));
    }
  }

  /** Reads the time. */
  static final class TimestampConverter extends InstantConverter {
    TimestampConverter(Environment environment) {
      super(environment, "for the first event give --from-earliest instead");
    }
  }
}
