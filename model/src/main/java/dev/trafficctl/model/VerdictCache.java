package dev.trafficctl.model;

import java.util.HashMap;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * Remembers what a pure function said of a text. Bounded in entries and in the length of a text, so
 * that hostile input cannot make it grow: a long text is not remembered, and a full cache begins
 * anew.
 */
final class VerdictCache {
  private static final int MOST_ENTRIES = 4096;
  private static final int LONGEST_TEXT = 512;

  private final Map<String, Integer> verdicts = new HashMap<>();
  private final ToIntFunction<String> function;

  VerdictCache(ToIntFunction<String> function) {
    this.function = function;
  }

  int get(String text) {
    if (text.length() > LONGEST_TEXT) {
      return function.applyAsInt(text);
    }
    Integer known = verdicts.get(text);
    if (known != null) {
      return known;
    }
    if (verdicts.size() == MOST_ENTRIES) {
      verdicts.clear();
    }
    int verdict = function.applyAsInt(text);
    verdicts.put(text, verdict);
    return verdict;
  }
}
