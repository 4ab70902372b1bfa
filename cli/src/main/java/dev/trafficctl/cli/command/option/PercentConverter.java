package dev.trafficctl.cli.command.option;

import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a share in percent, from 0 to 100. */
public final class PercentConverter implements ITypeConverter<Double> {
  private static final Pattern FORM =
      Pattern.compile("100(\\.0{0,9})?|[0-9]{1,2}(\\.[0-9]{0,9})?|\\.[0-9]{1,9}");

  @Override
  public Double convert(String text) {
    if (!FORM.matcher(text).matches()) {
      throw new TypeConversionException(
          "'" + text + "' is no share in percent; give a number from 0 to 100, such as 0.5");
    }
    return Double.valueOf(text);
  }
}
