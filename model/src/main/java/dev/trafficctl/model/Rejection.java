package dev.trafficctl.model;

import java.util.Locale;
import java.util.Objects;

/**
 * Why a record's value is not an event that can be stored.
 *
 * @param reason the kind of defect, counted under this name
 * @param detail what was found and where: one line of at most {@value #MAX_DETAIL} characters. What
 *     a terminal or a database could trip over (control and format characters, line separators,
 *     lone surrogates) is escaped as in JSON
 */
public record Rejection(RejectionReason reason, String detail) implements ParseResult {
  private static final int MAX_DETAIL = 200;
  private static final int MAX_QUOTED = 64;
  private static final String ELLIPSIS = "…";

  /** Escapes and shortens the detail. */
  public Rejection {
    Objects.requireNonNull(reason, "reason");
    detail = printable(detail, MAX_DETAIL);
  }

  /** Content of an event as it may appear in a detail: in quotes, escaped and shortened. */
  static String quoted(String content) {
    return '"' + printable(content, MAX_QUOTED) + '"';
  }

  private static String printable(String text, int maxLength) {
    StringBuilder line = new StringBuilder();
    int next = 0;
    while (next < text.length()) {
      int character = text.codePointAt(next);
      int start = line.length();
      if (isPrintable(character)) {
        line.appendCodePoint(character);
      } else {
        line.append(String.format(Locale.ROOT, "\\u%04x", character));
      }
      next += Character.charCount(character);
      if (line.length() > maxLength - (next < text.length() ? ELLIPSIS.length() : 0)) {
        line.setLength(start);
        return line.append(ELLIPSIS).toString();
      }
    }
    return line.toString();
  }

  private static boolean isPrintable(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
