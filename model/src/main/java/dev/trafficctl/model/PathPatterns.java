package dev.trafficctl.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Patterns for the path of a URL: {@code *.ext}, compared without case, {@code /exact}, and {@code
 * /prefix/*} for everything below the prefix, both compared with case; {@code *}{@code /name/*} for
 * everything below a directory of that name, wherever it is, compared without. What matches a
 * pattern behind {@code !} is not matched by its rule.
 *
 * <p>The path is the URL without scheme, authority, query, fragment, and without the parameters
 * ({@code ;jsessionid=…}) of its last segment; an empty one is {@code /}. Percent-encoding is
 * compared as it stands: {@code /%68ealth} is not {@code /health}.
 */
final class PathPatterns implements PatternSet {
  private static final String EXCEPTION = "!";
  private static final String ANYWHERE = "*/";
  private static final int NOTHING = DottedEnds.NONE;

  private final DottedEnds suffixes = new DottedEnds();

  /** The rules of each path, ascending. */
  private final Map<String, List<Integer>> exact = new HashMap<>();

  private final List<Prefix> prefixes = new ArrayList<>();
  private final List<Directory> directories = new ArrayList<>();
  private final Map<Integer, PathPatterns> exceptions = new HashMap<>();
  private int longestExact;

  private record Prefix(String text, int rule) {}

  /**
   * A directory.
   *
   * @param text its name between two slashes
   */
  private record Directory(String text, int rule) {
    boolean isIn(String url, int start, int end) {
      int last = end - text.length();
      for (int i = url.indexOf('/', start); i >= 0 && i <= last; i = url.indexOf('/', i + 1)) {
        if (AsciiCase.startsAt(url, i, text)) {
          return true;
        }
      }
      return false;
    }
  }

  @Override
  public void add(String pattern, int rule) {
    if (pattern.startsWith(EXCEPTION)) {
      addException(pattern.substring(EXCEPTION.length()), rule);
      return;
    }
    if (pattern.chars().anyMatch(c -> c == '?' || c == '#' || c == ';' || c <= ' ')) {
      throw new IllegalArgumentException(
          "can never match: a path has no space, query, fragment or parameters; write only what is"
              + " before them");
    }
    if (pattern.startsWith("*.") && isPlain(pattern.substring(2), "/*")) {
      suffixes.add(pattern.substring(2), rule);
    } else if (pattern.equals("/*")) {
      throw new IllegalArgumentException(
          "would drop every event; write a longer prefix, or remove it");
    } else if (pattern.startsWith(ANYWHERE)
        && pattern.endsWith("/*")
        && isPlain(pattern.substring(2, Math.max(2, pattern.length() - 2)), "*")) {
      directories.add(new Directory(pattern.substring(1, pattern.length() - 1), rule));
    } else if (pattern.startsWith("/") && pattern.endsWith("/*") && plainPrefix(pattern)) {
      prefixes.add(new Prefix(pattern.substring(0, pattern.length() - 1), rule));
    } else if (pattern.startsWith("/") && isPlain(pattern, "*")) {
      exact.computeIfAbsent(pattern, path -> new ArrayList<>()).add(rule);
      longestExact = Math.max(longestExact, pattern.length());
    } else {
      throw new IllegalArgumentException(
          "is not a path pattern; write \"*.ext\", \"/exact/path\" or \"/prefix/*\"");
    }
  }

  private void addException(String pattern, int rule) {
    if (pattern.startsWith(EXCEPTION)) {
      throw new IllegalArgumentException("is an exception from an exception; write one \"!\"");
    }
    exceptions.computeIfAbsent(rule, r -> new PathPatterns()).add(pattern, rule);
  }

  private static boolean plainPrefix(String pattern) {
    return isPlain(pattern.substring(0, pattern.length() - 2), "*");
  }

  private static boolean isPlain(String text, String forbidden) {
    return !text.isEmpty() && text.chars().noneMatch(c -> forbidden.indexOf(c) >= 0);
  }

  /** The first rule with a pattern that matches the URL's path, or {@link #NO_RULE}. */
  int match(String url) {
    int start = pathStart(url);
    int end = indexOrEnd(url, '#', start, indexOrEnd(url, '?', start, url.length()));
    int segment = Math.max(start, url.lastIndexOf('/', end - 1) + 1);
    end = indexOrEnd(url, ';', segment, end);

    int rule = match(url, start, segment, end, 0);
    while (rule != NOTHING && isException(rule, url, start, segment, end)) {
      rule = match(url, start, segment, end, rule + 1);
    }
    return rule == NOTHING ? NO_RULE : rule;
  }

  private boolean isException(int rule, String url, int start, int segment, int end) {
    PathPatterns except = exceptions.get(rule);
    return except != null && except.match(url, start, segment, end, 0) != NOTHING;
  }

  /** The first rule from one on with a pattern that matches, whatever its exceptions. */
  private int match(String url, int start, int segment, int end, int from) {
    int rule = NOTHING;
    if (end - start <= longestExact) {
      rule = first(exact, end > start ? url.substring(start, end) : "/", from);
    }
    rule = Math.min(rule, suffixes.lowest(url, segment, end, from));
    for (Prefix prefix : prefixes) {
      if (prefix.rule() >= from
          && prefix.rule() < rule
          && prefix.text().length() <= end - start
          && url.startsWith(prefix.text(), start)) {
        rule = prefix.rule();
      }
    }
    for (Directory directory : directories) {
      if (directory.rule() >= from && directory.rule() < rule && directory.isIn(url, start, end)) {
        rule = directory.rule();
      }
    }
    return rule;
  }

  private static int first(Map<String, List<Integer>> rules, String text, int from) {
    for (int rule : rules.getOrDefault(text, List.of())) {
      if (rule >= from) {
        return rule;
      }
    }
    return NOTHING;
  }

  private static int pathStart(String url) {
    int colon = url.startsWith("/") ? -1 : url.indexOf("://");
    if (colon < 0 || !isScheme(url, colon)) {
      return 0;
    }
    int authority = colon + 3;
    int end = indexOrEnd(url, '/', authority, url.length());
    return indexOrEnd(url, '#', authority, indexOrEnd(url, '?', authority, end));
  }

  private static boolean isScheme(String url, int end) {
    for (int i = 0; i < end; i++) {
      char c = url.charAt(i);
      if (c == '/' || c == '?' || c == '#') {
        return false;
      }
    }
    return true;
  }

  private static int indexOrEnd(String text, char c, int from, int end) {
    int index = text.indexOf(c, from);
    return index < 0 ? end : Math.min(index, end);
  }
}
