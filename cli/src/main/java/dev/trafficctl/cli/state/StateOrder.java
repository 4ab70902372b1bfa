package dev.trafficctl.cli.state;

import java.time.Instant;
import java.util.Comparator;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which of several savepoints and checkpoints is the newest: that which was complete last; at the
 * same moment that with the higher number in its path, and at last that whose path comes last. All
 * of it is known without reading the state, so that what is listed and what is taken have one
 * order.
 */
public final class StateOrder {
  private static final Pattern NUMBER = Pattern.compile("(?s).*/chk-(\\d{1,18})");

  private StateOrder() {}

  /**
   * The newest first.
   *
   * @param complete when a state was complete: when it was triggered and what it took, as Flink
   *     remembers it, else when its {@code _metadata} was written
   * @param path where it lies, or null if it lies nowhere
   */
  public static <T> Comparator<T> newestFirst(
      Function<T, Instant> complete, Function<T, String> path) {
    return Comparator.comparing(complete)
        .thenComparing(state -> number(path.apply(state)))
        .thenComparing(path, Comparator.nullsFirst(Comparator.naturalOrder()))
        .reversed();
  }

  private static long number(String path) {
    Matcher checkpoint = path == null ? null : NUMBER.matcher(path);
    return checkpoint != null && checkpoint.matches() ? Long.parseLong(checkpoint.group(1)) : -1;
  }
}
