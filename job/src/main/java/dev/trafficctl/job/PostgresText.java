package dev.trafficctl.job;

/** Text made fit for a column of type text and for one line of a log. */
final class PostgresText {
  private static final char REPLACEMENT = '\uFFFD';

  private PostgresText() {}

  /**
   * The text with every control character and every lone surrogate replaced by U+FFFD, cut to a
   * number of UTF-16 units. Postgres refuses NUL, and has no encoding for a lone surrogate.
   *
   * @param text what may hold anything, or null, which stays null
   */
  static String storable(String text, int maxLength) {
    if (text == null) {
      return null;
    }
    StringBuilder line = new StringBuilder(Math.min(text.length(), maxLength));
    int index = 0;
    while (index < text.length()) {
      int codePoint = text.codePointAt(index);
      index += Character.charCount(codePoint);
      if (line.length() + Character.charCount(codePoint) > maxLength) {
        break;
      }
      boolean unfit =
          Character.isISOControl(codePoint) || Character.getType(codePoint) == Character.SURROGATE;
      line.appendCodePoint(unfit ? REPLACEMENT : codePoint);
    }
    return line.toString();
  }
}
