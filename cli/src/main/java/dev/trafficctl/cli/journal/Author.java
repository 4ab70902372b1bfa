package dev.trafficctl.cli.journal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Who does something, and from which machine.
 *
 * @param user the name of the operating system's user
 * @param host the name of the machine
 */
public record Author(String user, String host) {
  private static final Path LINUX_HOST_NAME = Path.of("/proc/sys/kernel/hostname");

  /** The user of this process. */
  public static Author current() {
    return new Author(System.getProperty("user.name"), hostName());
  }

  private static String hostName() {
    try {
      // Asking the resolver can take seconds where the machine's own name is not in its tables.
      return Files.readString(LINUX_HOST_NAME).strip();
    } catch (IOException e) {
      try {
        return InetAddress.getLocalHost().getHostName();
      } catch (UnknownHostException unknown) {
        return "unknown-host";
      }
    }
  }

  /** As {@code user@host}. */
  @Override
  public String toString() {
    return user + "@" + host;
  }
}
