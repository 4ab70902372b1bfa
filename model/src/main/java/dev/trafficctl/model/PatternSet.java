package dev.trafficctl.model;

/** The patterns of all rules of one section, made ready for matching. */
interface PatternSet {
  /** What a match answers when no rule has a matching pattern. */
  int NO_RULE = -1;

  /**
   * Adds a pattern.
   *
   * @param pattern as the user wrote it, not empty
   * @param rule the index of its rule; rules are added in ascending order
   * @throws IllegalArgumentException if the pattern cannot be meant so; the message says what is
   *     wrong and what to write instead
   */
  void add(String pattern, int rule);
}
