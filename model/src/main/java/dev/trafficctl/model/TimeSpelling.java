package dev.trafficctl.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The spellings of a date and time with a zone that programming languages write by themselves, all
 * of which mean what RFC 3339 would write as {@code 2024-01-31T23:59:59.123456789+01:00}:
 *
 * <ul>
 *   <li>a space instead of {@code T}, as Python's {@code str} does; lower case; a comma before the
 *       fraction (ISO 8601); more than nine digits in it, of which those beyond are cut off;
 *   <li>a zone {@code +0100} or {@code +01} (ISO 8601), {@code UTC} or {@code GMT}, and a space
 *       before it, as Ruby's {@code to_s} does;
 *   <li>a zone {@code -00:00}, which says that the time is in UTC and that nothing is known of the
 *       local one (RFC 3339, section 4.3);
 *   <li>the zone's name or abbreviation behind its offset: {@code [Europe/Berlin]} (RFC 9557), as
 *       Java's {@code ZonedDateTime} does; {@code +0100 CET m=+0.01}, as Go's {@code Time.String}
 *       does. The offset counts, also where the zone of that name never has it (RFC 9557, section
 *       3.4); behind {@code [!}, which forbids that, and with other annotations nothing is read.
 * </ul>
 */
final class TimeSpelling {
  private static final int SHORTEST = 20;
  private static final int LONGEST_IN_UTC = 30;
  private static final int LONGEST_WITH_OFFSET = 35;
  private static final int LONGEST = 128;
  private static final String UNKNOWN = "-00:00";
  private static final int T = 10;
  private static final int POINT = 19;

  private static final Pattern SPELLED =
      Pattern.compile(
          "(\\d{4}-\\d\\d-\\d\\d)[Tt ](\\d\\d:\\d\\d:\\d\\d)(?:[.,](\\d{1,9})\\d*+)?"
              + "(?: ?(Z|z|UTC|GMT|[+-]\\d\\d(?::?\\d\\d)?)"
              + "(?: [A-Z]{1,6}| [+-]\\d\\d(?:\\d\\d)?)?(?:\\[[\\w/+:-]{1,64}\\])?"
              + "(?: m=[+-]\\d+\\.\\d+)?)?");

  private TimeSpelling() {}

  /**
   * The text as RFC 3339 writes it, or as it is if it is something else.
   *
   * @param utcWithoutZone whether a text without a zone is in UTC
   */
  static String usual(String text, boolean utcWithoutZone) {
    if (isUsual(text) || text.length() > LONGEST) {
      return text;
    }
    Matcher parts = SPELLED.matcher(text);
    if (!parts.matches() || parts.group(4) == null && !utcWithoutZone) {
      return text;
    }
    String fraction = parts.group(3) == null ? "" : "." + parts.group(3);
    return parts.group(1) + "T" + parts.group(2) + fraction + zone(parts.group(4));
  }

  /** Whether it looks like RFC 3339, so that nothing needs to be taken apart. */
  private static boolean isUsual(String text) {
    int length = text.length();
    if (length < SHORTEST || text.charAt(T) != 'T' || text.charAt(POINT) == ',') {
      return false;
    }
    return text.charAt(length - 1) == 'Z'
        ? length <= LONGEST_IN_UTC
        : length <= LONGEST_WITH_OFFSET && isOffset(text, length - 6);
  }

  private static boolean isOffset(String text, int start) {
    char sign = text.charAt(start);
    return (sign == '+' || sign == '-')
        && text.charAt(start + 3) == ':'
        && !text.startsWith(UNKNOWN, start);
  }

  private static String zone(String spelled) {
    if (spelled == null || Character.isLetter(spelled.charAt(0))) {
      return "Z";
    }
    String hours = spelled.substring(0, 3);
    String offset =
        hours + ":" + (spelled.length() == 3 ? "00" : spelled.substring(spelled.length() - 2));
    return offset.equals(UNKNOWN) ? "Z" : offset;
  }
}
