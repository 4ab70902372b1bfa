package dev.trafficctl.cli.operation.catalogue;

import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.state.StatePath;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Set;

/** Places where savepoints lie, as users name them and as Flink takes them. */
public final class Place {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

  private Place() {}

  /**
   * A directory as Flink takes it: a URL as it is, a local path made absolute.
   *
   * @throws CommandException with {@link ExitCode#USAGE} when it is neither
   */
  public static String directory(String given) {
    if (given.isBlank() || given.chars().anyMatch(Character::isISOControl)) {
      throw new CommandException(
          ExitCode.USAGE,
          "'" + given + "' is no directory; give a path, or a URL such as s3://b/d");
    }
    if (isUrl(given)) {
      return StatePath.of(given).text();
    }
    try {
      return Path.of(given).toAbsolutePath().normalize().toString();
    } catch (InvalidPathException e) {
      throw new CommandException(ExitCode.USAGE, "'" + given + "' is no path: " + e.getReason(), e);
    }
  }

  /** Whether it lies in the file system of a machine, and not in a storage that all can reach. */
  public static boolean isLocal(String place) {
    return !isUrl(place) || place.regionMatches(true, 0, "file:", 0, 5);
  }

  private static boolean isUrl(String text) {
    // One letter alone is a drive of Windows.
    return text.matches("(?s)[A-Za-z][A-Za-z0-9+.-]+:.*");
  }

  /** Whether an address is that of this machine, and no other's. */
  public static boolean isHere(String address) {
    return LOOPBACK.contains(String.valueOf(URI.create(address).getHost()));
  }
}
