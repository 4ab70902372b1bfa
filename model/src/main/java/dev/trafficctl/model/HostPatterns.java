package dev.trafficctl.model;

import java.net.IDN;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The hosts to keep: exact names, and {@code *.suffix} for every name below the suffix at any
 * depth, not the suffix itself. Case, a {@code :port} and one trailing dot make no difference. What
 * is longer than a host name can be is none of them.
 */
final class HostPatterns implements PatternSet {
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*");

  /** The longest host name, without its last dot: 255 octets with their lengths (RFC 1035). */
  private static final int LONGEST = 253;

  private final Set<String> names = new HashSet<>();
  private final DottedEnds suffixes = new DottedEnds();

  @Override
  public void add(String pattern, int rule) {
    String lower = AsciiCase.lower(pattern);
    boolean isSuffix = lower.startsWith("*.");
    String name = isSuffix ? lower.substring(2) : lower;
    if (name.length() > LONGEST) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "has %,d characters; a host name has at most %d (RFC 1035)",
              name.length(),
              LONGEST));
    }
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(badName(pattern, name, isSuffix));
    }
    if (isSuffix) {
      suffixes.add(name, rule);
    } else {
      names.add(name);
    }
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
    int end = endOfName(host);
    if (end > LONGEST) {
      return false;
    }
    return names.contains(AsciiCase.lower(host.substring(0, end)))
        || suffixes.lowest(host, 1, end, 0) != DottedEnds.NONE;
  }

  private static int endOfName(String host) {
    int end = host.length();
    int colon = host.lastIndexOf(':');
    if (colon > host.lastIndexOf(']')) {
      end = colon;
    }
    if (end > 0 && host.charAt(end - 1) == '.') {
      end--;
    }
    return end;
  }
}
