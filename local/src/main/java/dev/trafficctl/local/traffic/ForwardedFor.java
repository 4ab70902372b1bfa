package dev.trafficctl.local.traffic;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The value of an X-Forwarded-For header in an access log: a list of addresses, perhaps with ports,
 * that each proxy makes longer at its end. A proxy that hides its client writes {@code unknown}
 * (Squid's {@code forwarded_for off}); {@code -} and nothing stand for a request without the
 * header.
 *
 * @param visitor the first address in it, with its port if it has one, or null if there is none
 */
record ForwardedFor(String visitor) {
  private static final Pattern ENTRY =
      Pattern.compile(
          "unknown|-|"
              + "(\\d{1,3}(?:\\.\\d{1,3}){3}(?::\\d+)?"
              + "|[0-9A-Fa-f]*:[0-9A-Fa-f:.]+"
              + "|\\[[0-9A-Fa-f]*:[0-9A-Fa-f:.]+](?::\\d+)?)");

  /** Reads a field; null if it is anything else than such a list. */
  static ForwardedFor parse(String field) {
    String visitor = null;
    if (field.isEmpty()) {
      return new ForwardedFor(null);
    }
    for (String text : field.split(",", -1)) {
      Matcher entry = ENTRY.matcher(text.strip());
      if (!entry.matches()) {
        return null;
      }
      visitor = visitor == null ? entry.group(1) : visitor;
    }
    return new ForwardedFor(visitor);
  }
}
