package dev.trafficctl.cli.command.option;

import dev.trafficctl.model.LengthOfTime;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a {@link LengthOfTime}, nothing included. */
public final class DurationConverter implements ITypeConverter<Duration> {
  @Override
  public Duration convert(String text) {
    return parse(text, Duration.ZERO);
  }

  static Duration parse(String text, Duration least) {
    try {
      return LengthOfTime.parse(text, least, LengthOfTime.LONGEST);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
