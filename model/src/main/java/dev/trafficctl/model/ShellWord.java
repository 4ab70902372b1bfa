package dev.trafficctl.model;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Writes a text as one word of a command that somebody copies into a shell. */
public final class ShellWord {
  private ShellWord() {}

  /**
   * The text as one word for any POSIX shell, in quotes only if it needs them. zsh and fish take it
   * for the same, but for two things that fish alone reads differently: two backslashes in a row,
   * and one at the end. What a terminal would act on is written as octal numbers for {@code
   * printf}, which every POSIX shell has; line breaks at the very end are lost there.
   *
   * @see <a
   *     href="https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02">Shell
   *     Command Language, Quoting</a>
   */
  public static String of(String text) {
    if (text.codePoints().anyMatch(ShellWord::isHidden)) {
      return "\"$(printf '" + octal(text) + "')\"";
    }
    // zsh puts the path of a command where a word begins with =, and fish a process for %.
    boolean plain = text.matches("[\\w.:/@%+=-]+") && "=%".indexOf(text.charAt(0)) < 0;
    return plain ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  /** Whether a terminal does not show it as it is: controls, line breaks, directions of writing. */
  private static boolean isHidden(int character) {
    int type = Character.getType(character);
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR
        || type == Character.SURROGATE;
  }

  private static String octal(String text) {
    StringBuilder format = new StringBuilder();
    text.codePoints()
        .forEach(
            character -> {
              if (isHidden(character) || character == '\'' || character == '\\') {
                for (byte each : Character.toString(character).getBytes(StandardCharsets.UTF_8)) {
                  format.append(String.format(Locale.ROOT, "\\%03o", each & 0xFF));
                }
              } else {
                format.append(character == '%' ? "%%" : Character.toString(character));
              }
            });
    return format.toString();
  }
}
