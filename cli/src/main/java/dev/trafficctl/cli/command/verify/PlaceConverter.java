package dev.trafficctl.cli.command.verify;

import dev.trafficctl.cli.kafka.TimePoint;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.model.StartingPosition;
import java.time.Clock;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads a place in a topic: {@code earliest}, {@code latest}, an offset for each partition, or a
 * {@link TimePoint}.
 */
abstract sealed class PlaceConverter implements ITypeConverter<StartingPosition> {
  private final Clock clock;
  private final String ifTooOld;

  private PlaceConverter(Environment environment, String ifTooOld) {
    this.clock = environment.clock();
    this.ifTooOld = ifTooOld;
  }

  @Override
  public final StartingPosition convert(String text) {
    try {
      if (text.equals("earliest") || text.equals("latest")) {
        return StartingPosition.parse(text);
      }
      return text.contains("=")
          ? StartingPosition.parse("offsets:" + text)
          : new StartingPosition.Timestamp(TimePoint.parse(text, clock, ifTooOld));
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }

  /** Where a comparison begins. */
  static final class From extends PlaceConverter {
    From(Environment environment) {
      super(environment, "for the first event give --from earliest");
    }
  }

  /** Where a comparison ends. */
  static final class To extends PlaceConverter {
    To(Environment environment) {
      super(environment, "give a later time");
    }
  }
}
