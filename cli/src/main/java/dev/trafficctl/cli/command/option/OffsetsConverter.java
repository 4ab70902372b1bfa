package dev.trafficctl.cli.command.option;

import dev.trafficctl.model.StartingPosition;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an offset for each partition, such as {@code 0=1200,1=980}. */
public final class OffsetsConverter implements ITypeConverter<StartingPosition.Offsets> {
  @Override
  public StartingPosition.Offsets convert(String text) {
    try {
      return (StartingPosition.Offsets) StartingPosition.parse("offsets:" + text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
