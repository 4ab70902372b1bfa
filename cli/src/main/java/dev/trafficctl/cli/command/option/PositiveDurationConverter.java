package dev.trafficctl.cli.command.option;

import dev.trafficctl.model.LengthOfTime;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;

/** Reads a {@link LengthOfTime} of a millisecond or more. */
public final class PositiveDurationConverter implements ITypeConverter<Duration> {
  private static final Duration LEAST = Duration.ofMillis(1);

  @Override
  public Duration convert(String text) {
    return DurationConverter.parse(text, LEAST);
  }
}
