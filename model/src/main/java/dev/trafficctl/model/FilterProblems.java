package dev.trafficctl.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Collects what is wrong with a filter document, so that all of it is reported at once. */
final class FilterProblems {
  private static final int LONGEST_QUOTE = 60;
  private static final int MOST_TOLD = 50;

  private final List<Problem> problems = new ArrayList<>();

  /**
   * Notes a problem.
   *
   * @param line the line of the document, from 1
   * @param text place, what is wrong and the remedy
   */
  void add(int line, String text) {
    problems.add(new Problem(line, "line " + line + ", " + text));
  }

  /** Throws if any problem was noted. Of very many the first are told, and how many there are. */
  void throwIfAny() {
    if (!problems.isEmpty()) {
      List<String> told = new ArrayList<>();
      problems.stream()
          .sorted(Comparator.comparingInt(Problem::line))
          .limit(MOST_TOLD)
          .forEach(problem -> told.add(problem.text()));
      int more = problems.size() - MOST_TOLD;
      if (more > 0) {
        told.add(
            String.format(Locale.ROOT, "and %,d more problems like these; correct them all", more));
      }
      throw new FilterRulesException(told);
    }
  }

  /** The text in quotes, on one line, printable, and cut where it is long. */
  static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints()
        .limit(LONGEST_QUOTE)
        .forEach(
            c -> {
              if (isPrintable(c)) {
                quoted.appendCodePoint(c);
              } else {
                quoted.append(String.format("\\u%04X", c));
              }
            });
    if (text.codePointCount(0, text.length()) > LONGEST_QUOTE) {
      quoted.append('…');
    }
    return quoted.append('"').toString();
  }

  private static boolean isPrintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.PRIVATE_USE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  private record Problem(int line, String text) {}
}
