package dev.trafficctl.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Texts to look for anywhere in a user agent, without case. */
final class UserAgentPatterns implements PatternSet {
  private final List<Token> tokens = new ArrayList<>();

  private record Token(String text, int rule) {}

  @Override
  public void add(String pattern, int rule) {
    if (pattern.isBlank()) {
      throw new IllegalArgumentException(
          "is blank, which nearly every user agent contains; write a text or remove it");
    }
    tokens.add(new Token(pattern.toLowerCase(Locale.ROOT), rule));
  }

  /** The first rule with a text that the user agent contains, or {@link #NO_RULE}. */
  int match(String userAgent) {
    String lower = userAgent.toLowerCase(Locale.ROOT);
    for (Token token : tokens) {
      if (lower.contains(token.text())) {
        return token.rule();
      }
    }
    return NO_RULE;
  }
}
