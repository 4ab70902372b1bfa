package dev.trafficctl.model;

import java.util.Locale;
import java.util.function.Supplier;

/** Looks at the characters of a string, after JSON's escapes are resolved. */
final class Characters {
  /** The longest string of an event, in bytes of UTF-8. */
  static final int MAX_UTF8_BYTES = 65_536;

  private static final char DELETE = 0x7F;
  private static final char FIRST_IN_THREE_BYTES = 0x800;

  private Characters() {}

  /**
   * Refuses what Postgres cannot store, or an HTTP field cannot carry. U+0080 to U+009F are what
   * servers make of header bytes that are not ASCII, which they may be (RFC 9110, section 5.5).
   *
   * @param tabAllowed whether a horizontal tab may be in it
   * @param where names the string in a detail
   * @throws RejectedException if the string is too long, or has a control character or half a
   *     surrogate pair
   */
  static void check(String text, boolean tabAllowed, Supplier<String> where)
      throws RejectedException {
    int utf8Bytes = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == DELETE) {
        if (c != '\t' || !tabAllowed) {
          throw new RejectedException(
              c == 0 ? RejectionReason.NUL_CHARACTER : RejectionReason.CONTROL_CHARACTER,
              at(where, "the control character", c, i));
        }
      } else if (Character.isSurrogate(c)) {
        boolean paired = i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1));
        if (!paired) {
          throw new RejectedException(
              RejectionReason.LONE_SURROGATE, at(where, "the lone surrogate", c, i));
        }
        // Four bytes for two chars.
        utf8Bytes += 2;
        i++;
      } else if (c > DELETE) {
        utf8Bytes += c < FIRST_IN_THREE_BYTES ? 1 : 2;
      }
    }
    if (utf8Bytes > MAX_UTF8_BYTES) {
      throw tooLong(where);
    }
  }

  static RejectedException tooLong(Supplier<String> where) {
    return new RejectedException(
        RejectionReason.STRING_TOO_LONG,
        String.format(
            Locale.ROOT, "%s is longer than %,d bytes of UTF-8", where.get(), MAX_UTF8_BYTES));
  }

  private static String at(Supplier<String> where, String what, char c, int index) {
    return String.format(
        Locale.ROOT, "%s has %s U+%04X at index %d", where.get(), what, (int) c, index);
  }
}
