package dev.trafficctl.cli.state;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Paths in the way Flink writes them: a URL in which nothing is encoded, or a local path. */
final class StatePath {
  // More than one letter, since one alone is a drive of Windows.
  private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+):.*");
  private static final Pattern FILE = Pattern.compile("(?i)file:(?://[^/]*)?(/.*)");

  private StatePath() {}

  /** The place on this machine, or nothing if the path names none. */
  static Optional<Path> local(String path) {
    Matcher file = FILE.matcher(path);
    String name = path;
    if (file.matches()) {
      name = file.group(1);
    } else if (SCHEME.matcher(path).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Path.of(name).toAbsolutePath().normalize());
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** The path of a place on this machine, as Flink writes it. */
  static String flink(Path place) {
    return "file:" + place;
  }
}
