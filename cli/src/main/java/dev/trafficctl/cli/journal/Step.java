package dev.trafficctl.cli.journal;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an operation had got to.
 *
 * @param at when
 * @param name what, in a word or two, such as {@code triggered}
 * @param details what is needed to go on from there, such as a path; never a secret
 */
public record Step(Instant at, String name, Map<String, String> details) {
  /** Keeps a copy of the details. */
  public Step {
    details = Collections.unmodifiableMap(new TreeMap<>(details));
  }
}
