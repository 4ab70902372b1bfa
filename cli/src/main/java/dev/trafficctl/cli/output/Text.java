package dev.trafficctl.cli.output;

import java.util.Locale;

/** Text for people. */
public final class Text {
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

  /** A number with a comma between thousands, such as {@code 1,234,567}. */
  public static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
