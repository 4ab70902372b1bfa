package dev.trafficctl.cli.command.option;

import dev.trafficctl.cli.kafka.TimePoint;
import dev.trafficctl.cli.process.Environment;
import java.time.Clock;
import java.time.Instant;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a {@link TimePoint}. */
public abstract class InstantConverter implements ITypeConverter<Instant> {
  private final Clock clock;
  private final String ifTooOld;

  /**
   * With the time that it is now.
   *
   * @param ifTooOld what to do about a time before Kafka, as the option has it
   */
  protected InstantConverter(Environment environment, String ifTooOld) {
    this.clock = environment.clock();
    this.ifTooOld = ifTooOld;
  }

  @Override
  public final Instant convert(String text) {
    try {
      return TimePoint.parse(text, clock, ifTooOld);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
