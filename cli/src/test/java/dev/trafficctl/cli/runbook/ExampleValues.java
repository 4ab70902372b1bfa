package dev.trafficctl.cli.runbook;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which real value stands for each example that a page writes, such as a job id: one for one. A
 * value is known once a command has printed it where the page shows the example.
 */
final class ExampleValues {
  private final Map<String, String> reals = new LinkedHashMap<>();
  private final Map<String, String> examples = new LinkedHashMap<>();

  /** Tells a value that no command prints. */
  void put(String example, String real) {
    reals.put(example, real);
    examples.put(real, example);
  }

  /** Whether an example may stand for a real value: neither stands for, or has, another. */
  boolean agree(String example, String real) {
    return !reals.containsKey(real)
        && reals.getOrDefault(example, real).equals(real)
        && examples.getOrDefault(real, example).equals(example);
  }

  /** A text of the page with the real values in it. */
  String toReal(String text) {
    return replace(text, reals);
  }

  /** A text that a command printed with the examples in it, as far as they are known. */
  String toExample(String text) {
    return replace(text, examples);
  }

  private static String replace(String text, Map<String, String> by) {
    List<String> longestFirst =
        by.keySet().stream().sorted(Comparator.comparingInt(String::length).reversed()).toList();
    if (longestFirst.isEmpty()) {
      return text;
    }
    Pattern any =
        Pattern.compile(
            longestFirst.stream()
                .map(key -> "(?<!\\w)" + Pattern.quote(key) + "(?!\\w)")
                .collect(Collectors.joining("|")));
    return any.matcher(text).replaceAll(found -> Matcher.quoteReplacement(by.get(found.group())));
  }
}
