package dev.trafficctl.cli.state;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a savepoint or checkpoint lies: a URL in which nothing is encoded, as Flink takes it. Every
 * spelling of one place is equal to the others, and {@link #text()} is the one that Flink takes,
 * prints and compares: a local place is {@code file:} and an absolute path.
 */
public final class StatePath {
  // More than one letter, since one alone is a drive of Windows.
  private static final Pattern URL =
      Pattern.compile("(?s)([A-Za-z][A-Za-z0-9+.-]+):(?://([^/]*))?(.*)");
  // Flink refuses every authority of a local path; these name the machine that it is on.
  private static final Pattern THIS_MACHINE = Pattern.compile("(?i)(localhost)?");
  private static final Pattern CHECKPOINT = Pattern.compile("chk-\\d+");

  private final String text;
  private final Path local;

  private StatePath(String text, Path local) {
    this.text = text;
    this.local = local;
  }

  /**
   * The place that somebody names: by a local path, which may be relative, by a URL, or by the
   * {@code _metadata} in it.
   */
  public static StatePath of(String given) {
    Optional<Path> place = place(given);
    if (place.isPresent()) {
      return of(withoutMetadata(place.get()));
    }
    Matcher url = URL.matcher(given);
    if (!url.matches()) {
      return new StatePath(given, null);
    }
    String authority = url.group(2) == null ? "" : "//" + url.group(2);
    return new StatePath(
        url.group(1).toLowerCase(Locale.ROOT) + ":" + authority + clean(url.group(3)), null);
  }

  private static StatePath of(Path local) {
    return new StatePath("file:" + local, local);
  }

  private static Path withoutMetadata(Path place) {
    return place.endsWith(StateReader.METADATA) && place.getParent() != null
        ? place.getParent()
        : place;
  }

  /** As Flink's paths are cleaned, which then never begin with two slashes or end with one. */
  private static String clean(String path) {
    Deque<String> names = new ArrayDeque<>();
    for (String name : path.split("/")) {
      if (name.equals("..")) {
        names.pollLast();
      } else if (!name.isEmpty() && !name.equals(".")) {
        names.add(name);
      }
    }
    if (StateReader.METADATA.equals(names.peekLast())) {
      names.removeLast();
    }
    return (path.startsWith("/") && !names.isEmpty() ? "/" : "") + String.join("/", names);
  }

  /**
   * The file or directory of this machine that is named, which need not be there; nothing if it is
   * on none, or on another.
   */
  static Optional<Path> place(String given) {
    Matcher url = URL.matcher(given);
    String name = given;
    if (url.matches()) {
      boolean here =
          url.group(1).equalsIgnoreCase("file")
              && THIS_MACHINE.matcher(Objects.requireNonNullElse(url.group(2), "")).matches();
      if (!here) {
        return Optional.empty();
      }
      name = url.group(3);
    }
    try {
      return name.isBlank()
          ? Optional.empty()
          : Optional.of(Path.of(name).toAbsolutePath().normalize());
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /**
   * Why somebody who gives this cannot mean a place that Flink could read, in words; nothing if he
   * can.
   */
  public static Optional<String> problem(String given) {
    if (given.isBlank() || given.chars().anyMatch(Character::isISOControl)) {
      return Optional.of("'" + given + "' is no path of a savepoint or checkpoint");
    }
    StatePath path = of(given);
    if (path.local != null) {
      return Optional.empty();
    }
    Matcher url = URL.matcher(given);
    if (!url.matches()) {
      return Optional.of("'" + given + "' is no path of a savepoint or checkpoint");
    }
    return url.group(1).equalsIgnoreCase("file")
        ? Optional.of(
            "'" + given + "' is no place that Flink could read; a local one is file:/DIRECTORY")
        : Optional.empty();
  }

  /** As Flink takes it. */
  public String text() {
    return text;
  }

  /** The place on this machine, or nothing if it is none. */
  public Optional<Path> local() {
    return Optional.ofNullable(local);
  }

  /** The same place without symbolic links, as far as this machine has them. */
  public StatePath resolved() {
    for (Path there = local; there != null; there = there.getParent()) {
      try {
        return of(there.toRealPath().resolve(there.relativize(local)).normalize());
      } catch (IOException e) {
        // It is not there, but what it is in may be.
      }
    }
    return this;
  }

  /** Whether its name is that of a checkpoint. */
  public boolean namesCheckpoint() {
    return CHECKPOINT.matcher(text.substring(text.lastIndexOf('/') + 1)).matches();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StatePath path && resolved().text.equals(path.resolved().text);
  }

  @Override
  public int hashCode() {
    return resolved().text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
