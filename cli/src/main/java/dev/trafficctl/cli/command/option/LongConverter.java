package dev.trafficctl.cli.command.option;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a whole number of 64 bits within bounds, written with plain digits. */
public abstract sealed class LongConverter implements ITypeConverter<Long> {
  // Long.parseLong would take a plus and the digits of other scripts, too.
  private static final String FORM = "-?[0-9]{1,19}";

  private final long least;

  private LongConverter(long least) {
    this.least = least;
  }

  @Override
  public final Long convert(String text) {
    return parse(text, least, Long.MAX_VALUE);
  }

  /**
   * Reads a whole number.
   *
   * @throws TypeConversionException when the text is none, or it is out of its bounds
   */
  static long parse(String text, long least, long most) {
    if (text.matches(FORM)) {
      try {
        long number = Long.parseLong(text);
        if (number >= least && number <= most) {
          return number;
        }
      } catch (NumberFormatException e) {
        // It has 19 digits and is beyond 64 bits: told below, as any that is out of its bounds.
      }
    }
    throw new TypeConversionException(
        "'%s' is not a whole number from %d to %d".formatted(text, least, most));
  }

  /** How many of something there may be, none included. */
  public static final class AtLeastZero extends LongConverter {
    AtLeastZero() {
      super(0);
    }
  }

  /** How many of something there are. */
  public static final class AtLeastOne extends LongConverter {
    AtLeastOne() {
      super(1);
    }
  }

  /** Any number. */
  public static final class Any extends LongConverter {
    Any() {
      super(Long.MIN_VALUE);
    }
  }
}
