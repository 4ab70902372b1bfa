package dev.trafficctl.model;

import java.util.Comparator;

/**
 * Compares without regard to the case of the letters A to Z, and to no other: names of hosts,
 * headers, products and schemes are ASCII, and what only looks like one of them is another name.
 * Java folds U+0131 and U+0130 to {@code i}, U+017F to {@code s} and U+212A to {@code k}.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110.html#section-5.1">RFC 9110: field names</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4343.html">RFC 4343: names of hosts</a>
 */
final class AsciiCase {
  /** The order of texts in lower case; equal are those that differ in case alone. */
  static final Comparator<String> ORDER = AsciiCase::compare;

  private AsciiCase() {}

  /** A character in lower case, without the cost of a table. */
  static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c;
  }

  /** A text in lower case; the same one if it is in lower case already. */
  static String lower(String text) {
    int first = 0;
    while (first < text.length() && lower(text.charAt(first)) == text.charAt(first)) {
      first++;
    }
    if (first == text.length()) {
      return text;
    }
    char[] lower = text.toCharArray();
    for (int i = first; i < lower.length; i++) {
      lower[i] = lower(lower[i]);
    }
    return new String(lower);
  }

  /** Whether two texts differ in case alone, or not at all. */
  static boolean equal(String one, String other) {
    return one.length() == other.length() && startsAt(one, 0, other);
  }

  /** Whether a text stands in another at an index; false where it would not fit. */
  static boolean startsAt(String text, int index, String part) {
    if (index + part.length() > text.length()) {
      return false;
    }
    for (int i = 0; i < part.length(); i++) {
      if (lower(text.charAt(index + i)) != lower(part.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static int compare(String one, String other) {
    int common = Math.min(one.length(), other.length());
    for (int i = 0; i < common; i++) {
      int difference = lower(one.charAt(i)) - lower(other.charAt(i));
      if (difference != 0) {
        return difference;
      }
    }
    return one.length() - other.length();
  }
}
