package dev.trafficctl.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that holds a secret, and that its owner alone can read. */
public final class SecretFile {
  private SecretFile() {}

  /**
   * What the file holds, without white space around it.
   *
   * @throws UnusableException when it cannot be read, is empty, or others can read it
   */
  public static String read(Path file) throws UnusableException {
    try {
      if (!isOwnersAlone(file)) {
        throw new UnusableException(file + " can be read by others; run chmod 600 on it", null);
      }
      String text = Files.readString(file).strip();
      if (text.isEmpty()) {
        throw new UnusableException(file + " is empty; write the secret into it", null);
      }
      return text;
    } catch (IOException e) {
      throw new UnusableException(
          file + " cannot be read; check that it exists and who owns it", e);
    }
  }

  /**
   * Whether nobody but its owner may read, write or execute a file. Where the file system knows no
   * such permissions, that is taken for granted.
   */
  public static boolean isOwnersAlone(Path file) throws IOException {
    return !Files.getFileStore(file).supportsFileAttributeView("posix")
        || Files.getPosixFilePermissions(file).stream()
            .allMatch(permission -> permission.name().startsWith("OWNER_"));
  }

  /** The secret cannot be had; the message says why and what to do, and holds no secret. */
  public static final class UnusableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnusableException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
