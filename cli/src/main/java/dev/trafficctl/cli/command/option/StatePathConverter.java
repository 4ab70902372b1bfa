package dev.trafficctl.cli.command.option;

import dev.trafficctl.cli.state.StatePath;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the place of a savepoint or checkpoint, in whatever way it is spelled. */
public final class StatePathConverter implements ITypeConverter<StatePath> {
  @Override
  public StatePath convert(String text) {
    StatePath.problem(text)
        .ifPresent(
            problem -> {
              throw new TypeConversionException(problem);
            });
    return StatePath.of(text);
  }
}
