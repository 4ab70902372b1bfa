package dev.trafficctl.cli.journal;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An operation that this machine asked for.
 *
 * @param id its id, such as {@code savepoint-20260131-120000-1a2b}
 * @param asked what was asked for
 * @param at when
 * @param by who asked, as {@code user@host}
 * @param pid the process that did it
 * @param parent the id of the operation of which it is a part, as a stop is of a restart, or null
 * @param steps what it had got to, the oldest first
 * @param ended how it ended, or null if nobody has found out yet
 */
public record Operation(
    String id,
    Asked asked,
    Instant at,
    String by,
    long pid,
    String parent,
    List<Step> steps,
    Ended ended) {
  /** Keeps a copy of the steps. */
  public Operation {
    steps = List.copyOf(steps);
  }

  /** Whether nobody has found out yet how it ended. */
  public boolean open() {
    return ended == null;
  }

  /** The newest value that a step gave to a detail. */
  public Optional<String> detail(String name) {
    for (int i = steps.size() - 1; i >= 0; i--) {
      String value = steps.get(i).details().get(name);
      if (value != null) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }

  /** Whether it got to a step. */
  public boolean reached(String step) {
    return steps.stream().anyMatch(done -> done.name().equals(step));
  }
}
