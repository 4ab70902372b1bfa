package dev.trafficctl.model;

import static dev.trafficctl.model.FilterProblems.quote;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a text to look for in user agents must not be: one that everybody's has, and one that is
 * meant as a pattern, which nobody's has.
 */
final class UserAgentText {
  /** How the user agents of browsers begin, in lower case. */
  private static final String BROWSERS = "mozilla/5.0 (";

  private static final int SHORTEST = 2;

  /**
   * What means something in a regular expression or in a pattern for file names, and does not stand
   * in user agents, where brackets, braces, dots and plus signs do: {@code [FBAN/FBIOS;...]},
   * {@code (+http://...)}.
   */
  private static final Pattern MEANT_AS_PATTERN =
      Pattern.compile(
          "\\.[*+?]|\\\\.|^\\^|\\$$|\\w\\|\\w|\\(\\?|\\[\\^|\\[\\w-\\w|\\[(\\w)(?i:\\1)]"
              + "|[)\\]][*+?]|\\{\\d+(?:,\\d*)?}|^\\*|\\*$");

  private UserAgentText() {}

  /**
   * Refuses a text that is looked for anywhere.
   *
   * @throws IllegalArgumentException if it is such a one; the message says what to do
   */
  static void requireAnywhere(String text) {
    requirePlain(text);
    if (text.codePointCount(0, text.length()) < SHORTEST) {
      throw new IllegalArgumentException(
          "is one character, which nearly every user agent contains; write a longer text, or"
              + " remove it");
    }
    if (BROWSERS.contains(AsciiCase.lower(text))) {
      throw new IllegalArgumentException(
          "would drop what every browser sends, because their user agents begin with \"Mozilla/5.0"
              + " (\"; write another text, or remove it");
    }
  }

  /**
   * Refuses a text with which user agents are to begin.
   *
   * @throws IllegalArgumentException if it is such a one; the message says what to do
   */
  static void requireBeginning(String text) {
    requirePlain(text);
    if (BROWSERS.startsWith(AsciiCase.lower(text))) {
      throw new IllegalArgumentException(
          "would drop what every browser sends, because their user agents begin with \"Mozilla/5.0"
              + " (\"; write a longer text, or remove it");
    }
  }

  /**
   * Refuses a text that is meant as a pattern.
   *
   * @throws IllegalArgumentException if it is such a one; the message says what to do
   */
  static void requirePlain(String text) {
    Matcher found = MEANT_AS_PATTERN.matcher(text);
    if (found.find()) {
      throw new IllegalArgumentException(
          "is compared as it stands, so that "
              + quote(found.group())
              + " stands for nothing else; write a text that is part of the user agents, such as"
              + " \"bot/\", each by itself");
    }
  }
}
