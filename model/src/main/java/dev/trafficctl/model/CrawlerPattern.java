package dev.trafficctl.model;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;

/**
 * A regular expression that looks for something in a user agent, with case. Most of those in a list
 * of crawlers are texts in which some characters are escaped, and are compared as such.
 */
final class CrawlerPattern {
  private static final String SPECIAL = "^$.|?*+()[]{}";
  private static final String REPEATS_ANY_TIMES = "?*{";
  private static final int SHORTEST_WORD = 3;

  /** Of a user agent of 64 KiB that holds the words of all expressions, each took a millisecond. */
  private static final int LONGEST_TEXT = 4096;

  private final String source;
  private final List<String> words;

  /** Null where the only word says it all. */
  private final Pattern expression;

  private CrawlerPattern(String source, List<String> words, Pattern expression) {
    this.source = source;
    this.words = List.copyOf(words);
    this.expression = expression;
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if there is no word without which it cannot match, so that
   *     every user agent would have to be compared with it
   */
  static CrawlerPattern of(String source) {
    List<String> words = new ArrayList<>();
    boolean plain = new Words(source, words).read();
    if (words.stream().anyMatch(word -> word.length() < (plain ? 1 : SHORTEST_WORD))) {
      throw new IllegalArgumentException(
          "the pattern " + source + " has no word of " + SHORTEST_WORD + " characters");
    }
    return new CrawlerPattern(source, words, plain ? null : Pattern.compile(source));
  }

  /** As the list has it. */
  String source() {
    return source;
  }

  /** Texts of which a user agent has at least one if it matches. */
  List<String> words() {
    return words;
  }

  /**
   * Whether a part of the text matches; in time linear in the text. A real expression matches none
   * of more than {@value #LONGEST_TEXT} characters.
   */
  boolean isIn(String text) {
    return expression == null
        ? text.contains(words.get(0))
        : text.length() <= LONGEST_TEXT && expression.matcher(text).find();
  }

  /** Finds the longest text in each alternative that every match of it has. */
  private static final class Words {
    private final String source;
    private final List<String> words;
    private final StringBuilder run = new StringBuilder();
    private String longest = "";
    private int at;

    Words(String source, List<String> words) {
      this.source = source;
      this.words = words;
    }

    /** Whether the source is nothing but one text. */
    boolean read() {
      boolean plain = true;
      while (at < source.length()) {
        char c = source.charAt(at);
        boolean escapes = c == '\\' && at + 1 < source.length();
        if (escapes && !Character.isLetterOrDigit(source.charAt(at + 1))) {
          run.append(source.charAt(at + 1));
          at += 2;
        } else if (!escapes && SPECIAL.indexOf(c) < 0) {
          run.append(c);
          at++;
        } else {
          plain = false;
          special(c);
        }
      }
      endAlternative();
      return plain;
    }

    private void special(char c) {
      if (REPEATS_ANY_TIMES.indexOf(c) >= 0 && !run.isEmpty()) {
        run.setLength(run.length() - 1);
      }
      endRun();
      switch (c) {
        case '|' -> {
          endAlternative();
          at++;
        }
        case '[' -> at = behind(']');
        case '(' -> at = behind(')');
        case '{' -> at = behind('}');
        case '\\' -> at += 2;
        default -> at++;
      }
    }

    /** Behind the bracket that closes the one that opens here. */
    private int behind(char closing) {
      char opening = source.charAt(at);
      int depth = 0;
      for (int i = at; i < source.length(); i++) {
        char c = source.charAt(i);
        if (c == '\\') {
          i++;
        } else if (c == closing) {
          depth--;
        } else if (c == opening) {
          depth++;
        }
        if (depth == 0) {
          return i + 1;
        }
      }
      throw new IllegalArgumentException("the pattern " + source + " lacks a " + closing);
    }

    private void endRun() {
      if (run.length() > longest.length()) {
        longest = run.toString();
      }
      run.setLength(0);
    }

    private void endAlternative() {
      endRun();
      words.add(longest);
      longest = "";
    }
  }
}
