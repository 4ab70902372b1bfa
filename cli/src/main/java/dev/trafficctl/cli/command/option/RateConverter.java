package dev.trafficctl.cli.command.option;

import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads how many events a second: more than none, and at most a thousand million. */
public final class RateConverter implements ITypeConverter<Double> {
  private static final Pattern FORM = Pattern.compile("[0-9]{1,10}(\\.[0-9]{0,9})?|\\.[0-9]{1,9}");
  private static final double MOST = 1e9;

  @Override
  public Double convert(String text) {
    if (FORM.matcher(text).matches()) {
      double rate = Double.parseDouble(text);
      if (rate > 0 && rate <= MOST) {
        return rate;
      }
    }
    throw new TypeConversionException(
        "'"
            + text
            + "' is no number of events a second above 0; give for example 500, or 0.5 for one in"
            + " two seconds");
  }
}
