package dev.trafficctl.model;

import java.net.IDN;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The hosts to keep: exact names, and {@code *.suffix} for every name below the suffix at any
 * depth, not the suffix itself. Case, a {@code :port} and one trailing dot make no difference.
 */
final class HostPatterns implements PatternSet {
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*");

  private final Set<String> names = new HashSet<>();
  private final Set<String> suffixes = new HashSet<>();

  @Override
  public void add(String pattern, int rule) {
    String lower = pattern.toLowerCase(Locale.ROOT);
    boolean isSuffix = lower.startsWith("*.");
    String name = isSuffix ? lower.substring(2) : lower;
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(badName(pattern, name, isSuffix));
    }
    (isSuffix ? suffixes : names).add(name);
  }

  private static String badName(String pattern, String name, boolean isSuffix) {
    if (pattern.equals("*")) {
      return "would keep every host; leave out the section \"hosts\" instead";
    }
    if (pattern.contains("://") || pattern.contains("/")) {
      return "is not a host name; write it without scheme and path";
    }
    if (pattern.contains(":")) {
      return "is not a host name; write it without the port, which is not compared";
    }
    if (name.endsWith(".") && NAME.matcher(name.substring(0, name.length() - 1)).matches()) {
      return "is not a host name; write it without the dot at its end, which is not compared";
    }
    if (name.contains("*")) {
      return "has a \"*\" that is not the first label; write an exact host or \"*.suffix\"";
    }
    return ascii(name)
        .map(ascii -> "is not ASCII; write \"" + (isSuffix ? "*." : "") + ascii + "\"")
        .orElse("is not a host name; write one like \"shop.example.com\" or \"*.example.com\"");
  }

  private static Optional<String> ascii(String name) {
    try {
      String ascii = IDN.toASCII(name);
      return ascii.equals(name) || !NAME.matcher(ascii).matches()
          ? Optional.empty()
          : Optional.of(ascii);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Whether the host, as an event has it, is one of these. */
  boolean contain(String host) {
    String name = nameOf(host);
    if (names.contains(name)) {
      return true;
    }
    for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
      if (dot > 0 && suffixes.contains(name.substring(dot + 1))) {
        return true;
      }
    }
    return false;
  }

  private static String nameOf(String host) {
    int end = host.length();
    int colon = host.lastIndexOf(':');
    if (colon > host.lastIndexOf(']')) {
      end = colon;
    }
    if (end > 0 && host.charAt(end - 1) == '.') {
      end--;
    }
    return host.substring(0, end).toLowerCase(Locale.ROOT);
  }
}
