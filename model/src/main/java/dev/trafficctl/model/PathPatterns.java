package dev.trafficctl.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Patterns for the path of a URL: {@code *.ext}, compared without case, {@code /exact}, and {@code
 * /prefix/*} for everything below the prefix, both compared with case.
 *
 * <p>The path is the URL without scheme, authority, query, fragment, and without the parameters
 * ({@code ;jsessionid=…}) of its last segment; an empty one is {@code /}. Percent-encoding is
 * compared as it stands: {@code /%68ealth} is not {@code /health}.
 */
final class PathPatterns implements PatternSet {
  private final Map<String, Integer> suffixes = new HashMap<>();
  private final Map<String, Integer> exact = new HashMap<>();
  private final List<Prefix> prefixes = new ArrayList<>();
  private int longestSuffix;
  private int longestExact;
  private int mostDots;

  private record Prefix(String text, int rule) {}

  @Override
  public void add(String pattern, int rule) {
    if (pattern.chars().anyMatch(c -> c == '?' || c == '#' || c == ';' || c <= ' ')) {
      throw new IllegalArgumentException(
          "can never match: a path has no space, query, fragment or parameters; write only what is"
              + " before them");
    }
    if (pattern.startsWith("*.") && isPlain(pattern.substring(2), "/*")) {
      String suffix = pattern.substring(2).toLowerCase(Locale.ROOT);
      suffixes.putIfAbsent(suffix, rule);
      longestSuffix = Math.max(longestSuffix, suffix.length());
      mostDots = Math.max(mostDots, 1 + (int) suffix.chars().filter(c -> c == '.').count());
    } else if (pattern.equals("/*")) {
      throw new IllegalArgumentException(
          "would drop every event; write a longer prefix, or remove it");
    } else if (pattern.startsWith("/") && pattern.endsWith("/*") && plainPrefix(pattern)) {
      prefixes.add(new Prefix(pattern.substring(0, pattern.length() - 1), rule));
    } else if (pattern.startsWith("/") && isPlain(pattern, "*")) {
      exact.putIfAbsent(pattern, rule);
      longestExact = Math.max(longestExact, pattern.length());
    } else {
      throw new IllegalArgumentException(
          "is not a path pattern; write \"*.ext\", \"/exact/path\" or \"/prefix/*\"");
    }
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

    int rule = Integer.MAX_VALUE;
    if (end - start <= longestExact) {
      rule = exact.getOrDefault(end > start ? url.substring(start, end) : "/", rule);
    }
    rule = Math.min(rule, suffixRule(url, segment, end));
    for (Prefix prefix : prefixes) {
      if (prefix.rule() < rule
          && prefix.text().length() <= end - start
          && url.startsWith(prefix.text(), start)) {
        rule = prefix.rule();
      }
    }
    return rule == Integer.MAX_VALUE ? NO_RULE : rule;
  }

  private int suffixRule(String url, int segment, int end) {
    int rule = Integer.MAX_VALUE;
    int dot = end;
    for (int dots = 0; dots < mostDots; dots++) {
      dot = url.lastIndexOf('.', dot - 1);
      if (dot < segment || end - dot - 1 > longestSuffix) {
        break;
      }
      String suffix = url.substring(dot + 1, end).toLowerCase(Locale.ROOT);
      rule = Math.min(rule, suffixes.getOrDefault(suffix, Integer.MAX_VALUE));
    }
    return rule;
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
