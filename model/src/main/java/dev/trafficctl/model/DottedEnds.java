package dev.trafficctl.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Ends of dotted texts, such as {@code tar.gz} and {@code example.org}, each with the index of a
 * rule. A text is looked up label by label from its end, so that it takes time linear in its length
 * however many dots text and ends have. Case makes no difference ({@link AsciiCase}).
 */
final class DottedEnds {
  /** Greater than every rule: no end fits. */
  static final int NONE = Integer.MAX_VALUE;

  private final Map<String, DottedEnds> labels = new HashMap<>();
  private final List<Integer> rules = new ArrayList<>();

  /** Adds an end; rules are added in ascending order. */
  void add(String end, int rule) {
    DottedEnds here = this;
    int to = end.length();
    int dot;
    do {
      dot = end.lastIndexOf('.', to - 1);
      here = here.labels.computeIfAbsent(label(end, dot, to), label -> new DottedEnds());
      to = dot;
    } while (dot >= 0);
    here.rules.add(rule);
  }

  /**
   * The lowest rule, of those that are not lower than a given one, of the ends that stand in a text
   * behind a dot, or {@link #NONE}.
   *
   * @param first the index of the first dot that counts
   * @param end the index behind the last character of the text
   */
  int lowest(String text, int first, int end, int from) {
    int lowest = NONE;
    DottedEnds here = this;
    int to = end;
    while (!here.labels.isEmpty()) {
      int dot = text.lastIndexOf('.', to - 1);
      here = dot < first ? null : here.labels.get(label(text, dot, to));
      if (here == null) {
        break;
      }
      lowest = Math.min(lowest, here.lowest(from));
      to = dot;
    }
    return lowest;
  }

  private int lowest(int from) {
    for (int rule : rules) {
      if (rule >= from) {
        return rule;
      }
    }
    return NONE;
  }

  private static String label(String text, int dot, int to) {
    return AsciiCase.lower(text.substring(dot + 1, to));
  }
}
