package dev.trafficctl.cli.output;

import dev.trafficctl.model.ShellWord;
import java.time.Duration;
import java.util.Locale;
import org.jline.utils.WCWidth;

/** Text for people. */
public final class Text {
  private static final String[] BYTE_UNITS = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private static final int LONGEST_THROWN = 300;

  private Text() {}

  /**
   * The same text without anything that a terminal would act on: C0 and C1 control characters
   * (apart from the tab), line separators and the characters that change the direction of writing
   * are shown as {@code \u001B} and the like.
   */
  public static String safe(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isDangerous(c)) {
        safe.append(String.format(Locale.ROOT, "\\u%04X", (int) c));
      } else {
        safe.append(c);
      }
    }
    return safe.toString();
  }

  private static boolean isDangerous(char c) {
    boolean control = Character.isISOControl(c) && c != '\t';
    boolean separator = c == '\u2028' || c == '\u2029';
    // The bidirectional formatting characters of UAX #9.
    boolean direction =
        c == '\u061C'
            || c == '\u200E'
            || c == '\u200F'
            || (c >= '\u202A' && c <= '\u202E')
            || (c >= '\u2066' && c <= '\u2069');
    return control || separator || direction;
  }

  /**
   * How many columns of a terminal a text takes: two for each wide character, such as a Chinese one
   * or an emoji, and none for one that is joined to the one before it.
   */
  public static int columns(String text) {
    return text.codePoints().map(character -> Math.max(0, WCWidth.wcwidth(character))).sum();
  }

  /** A number with a comma between thousands, such as {@code 1,234,567}. */
  public static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /**
   * A length of time with its two largest units, cut off to whole seconds: {@code 12s}, {@code 3m
   * 5s}, {@code 2d 4h}; {@code 0s} for what is below a second, and for what is negative, because
   * two clocks are never quite the same.
   */
  public static String age(Duration time) {
    long seconds = Math.max(0, time.getSeconds());
    long minutes = seconds / 60;
    long hours = minutes / 60;
    long days = hours / 24;
    if (days > 0) {
      return both(days, "d", hours % 24, "h");
    }
    if (hours > 0) {
      return both(hours, "h", minutes % 60, "m");
    }
    return minutes > 0 ? both(minutes, "m", seconds % 60, "s") : seconds + "s";
  }

  private static String both(long large, String unit, long small, String smallUnit) {
    return large + unit + (small == 0 ? "" : " " + small + smallUnit);
  }

  /**
   * A number of bytes, from 0, in the largest unit of which it has at least one, with one digit
   * behind the point, cut off: {@code 512 B}, {@code 1.5 KiB}, {@code 2.0 GiB}.
   */
  public static String bytes(long bytes) {
    int unit = (63 - Long.numberOfLeadingZeros(Math.max(1, bytes))) / 10;
    if (unit == 0) {
      return bytes + " B";
    }
    int bits = 10 * unit;
    long whole = bytes >> bits;
    // Ten times 2^60 fits when it is read as an unsigned number.
    long tenth = (bytes - (whole << bits)) * 10 >>> bits;
    return whole + "." + tenth + " " + BYTE_UNITS[unit - 1];
  }

  /**
   * A text of somebody else's, to be put into a message of one's own: of several lines all but the
   * first are set in, so that none begins as a line of this program does.
   */
  public static String quoted(String text) {
    return String.join("\n  ", text.lines().toList());
  }

  /** What was thrown, in one line of some hundred characters at most. */
  public static String oneLine(Throwable thrown) {
    return oneLine(thrown.toString(), LONGEST_THROWN);
  }

  /**
   * The beginning of a text in one line.
   *
   * @param most how many characters at most; what is left out is shown as three dots
   */
  public static String oneLine(String text, int most) {
    String line = shortened(text, most);
    return line.indexOf('\n') < 0 && line.indexOf('\r') < 0
        ? line
        : String.join(" ", line.lines().map(String::strip).toList());
  }

  /**
   * The beginning of a text.
   *
   * @param most how many characters at most; what is left out is shown as three dots
   */
  public static String shortened(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most) + " ...";
  }

  /**
   * Whether a name given as a parameter is taken for that: not for an option, nor for a file of
   * arguments, and the same when it is copied from a terminal.
   */
  public static boolean takesForParameter(String name) {
    return !name.isBlank() && "-@".indexOf(name.charAt(0)) < 0 && safe(name).equals(name);
  }

  /**
   * A text as one word of a command for any POSIX shell, in quotes only if it needs them.
   *
   * @see ShellWord#of
   */
  public static String argument(String text) {
    return ShellWord.of(text);
  }
}
