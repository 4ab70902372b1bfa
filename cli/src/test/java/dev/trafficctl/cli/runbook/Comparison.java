package dev.trafficctl.cli.runbook;

import dev.trafficctl.cli.runbook.Template.Kind;
import dev.trafficctl.cli.runbook.Template.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Compares what a page shows with what a command printed, line by line. On the page, a line {@code
 * ...} stands for any number of lines, and a line that ends in {@code ...} for one that begins as
 * it does.
 */
final class Comparison {
  private static final String REST = "...";

  private final ExampleValues values;

  Comparison(ExampleValues values) {
    this.values = values;
  }

  /**
   * How they differ, or nothing when they do not; then the real values of the page's examples are
   * known.
   */
  Optional<String> difference(List<String> page, List<String> printed) {
    List<String> shown = withoutBlankEnd(page);
    List<String> real = withoutBlankEnd(printed.stream().map(values::toExample).toList());
    List<Pair> pairs = new ArrayList<>();
    if (!align(templates(shown), templates(real), 0, 0, pairs)) {
      return Optional.of(diff(shown, real));
    }
    for (Pair pair : pairs) {
      Optional<String> conflict = learn(pair);
      if (conflict.isPresent()) {
        return Optional.of(conflict.get() + "\n" + diff(shown, real));
      }
    }
    return Optional.empty();
  }

  /** A line of the page and the line that it stands for. */
  private record Pair(Template page, Template printed) {}

  private static List<String> withoutBlankEnd(List<String> lines) {
    int end = lines.size();
    while (end > 0 && lines.get(end - 1).isBlank()) {
      end--;
    }
    return lines.subList(0, end);
  }

  private static List<Template> templates(List<String> lines) {
    return lines.stream().map(Template::of).toList();
  }

  private static boolean align(
      List<Template> page, List<Template> printed, int i, int j, List<Pair> pairs) {
    if (i == page.size()) {
      return j == printed.size();
    }
    if (page.get(i).text().equals(REST)) {
      for (int next = j; next <= printed.size(); next++) {
        if (align(page, printed, i + 1, next, pairs)) {
          return true;
        }
      }
      return false;
    }
    if (j == printed.size() || !fits(page.get(i).text(), printed.get(j).text())) {
      return false;
    }
    if (!align(page, printed, i + 1, j + 1, pairs)) {
      return false;
    }
    pairs.add(0, new Pair(page.get(i), printed.get(j)));
    return true;
  }

  private static boolean fits(String page, String printed) {
    return page.endsWith(REST)
        ? printed.startsWith(page.substring(0, page.length() - REST.length()).strip())
        : page.equals(printed);
  }

  private Optional<String> learn(Pair pair) {
    List<Value> shown = pair.page().values();
    for (int i = 0; i < shown.size(); i++) {
      String example = shown.get(i).text();
      String printed = pair.printed().values().get(i).text();
      boolean isKnown = printed.equals(example);
      if (shown.get(i).kind().names() && !isKnown) {
        if (!values.agree(example, printed)) {
          return Optional.of(
              "the page says %s where the command says %s, and one of them is known as another"
                  .formatted(example, printed));
        }
        values.put(example, printed);
      } else if (shown.get(i).kind() == Kind.TIME && values.toReal(example).equals(example)) {
        values.put(example, printed);
      }
    }
    return Optional.empty();
  }

  /** The longest common lines, with what only the page has after - and what it lacks after +. */
  private static String diff(List<String> page, List<String> printed) {
    List<Template> left = templates(page);
    List<Template> right = templates(printed);
    int[][] common = new int[page.size() + 1][printed.size() + 1];
    for (int i = page.size() - 1; i >= 0; i--) {
      for (int j = printed.size() - 1; j >= 0; j--) {
        common[i][j] =
            fits(left.get(i).text(), right.get(j).text())
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    StringBuilder diff = new StringBuilder("- on the page, + printed:\n");
    int i = 0;
    int j = 0;
    while (i < page.size() || j < printed.size()) {
      if (i < page.size() && j < printed.size() && fits(left.get(i).text(), right.get(j).text())) {
        diff.append("  ").append(printed.get(j)).append('\n');
        i++;
        j++;
      } else if (i < page.size() && (j == printed.size() || common[i + 1][j] >= common[i][j + 1])) {
        diff.append("- ").append(page.get(i++)).append('\n');
      } else {
        diff.append("+ ").append(printed.get(j++)).append('\n');
      }
    }
    return diff.toString();
  }
}
