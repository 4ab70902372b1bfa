package dev.trafficctl.cli.command.option;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a parallelism: a whole number from 1 to 32768, which is Flink's own bound. */
public final class ParallelismConverter implements ITypeConverter<Integer> {
  /** The highest parallelism that Flink knows. */
  static final int MOST = 32_768;

  @Override
  public Integer convert(String text) {
    if (text.matches("[0-9]{1,5}")) {
      int number = Integer.parseInt(text);
      if (number >= 1 && number <= MOST) {
        return number;
      }
    }
    throw new TypeConversionException(
        "'" + text + "' is no parallelism; give a whole number from 1 to " + MOST);
  }
}
