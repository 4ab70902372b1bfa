package dev.trafficctl.local.traffic;

import dev.trafficctl.local.traffic.Compression.DamagedException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file or pipe that may be compressed. Not thread-safe. */
final class PackedFile {
  private static final int BUFFER = 1 << 16;

  private final Path file;
  private Compression compression = Compression.NONE;

  PackedFile(Path file) {
    this.file = file;
  }

  /**
   * Opens it.
   *
   * @return what is in it, unpacked
   * @throws TrafficException when it is packed in a way that is not read
   */
  InputStream open() throws IOException {
    if (Files.isDirectory(file)) {
      throw new TrafficException(file + " is a directory: name a file in it");
    }
    InputStream in = ByteSource.open(file);
    try {
      compression = Compression.of(in);
      if (!compression.isReadable()) {
        throw unread(compression.toString(), compression);
      }
      InputStream content = compression.open(in);
      if (compression == Compression.NONE) {
        return content;
      }
      InputStream unpacked = new BufferedInputStream(content, BUFFER);
      Compression inner = Compression.of(unpacked);
      if (inner != Compression.NONE) {
        throw unread(compression + " of " + inner, inner);
      }
      return unpacked;
    } catch (IOException | TrafficException e) {
      in.close();
      throw e;
    }
  }

  private TrafficException unread(String what, Compression why) {
    return new TrafficException(
        ByteSource.name(file) + " is " + what + ", which is not read: " + why.remedy());
  }

  /**
   * What is said when it cannot be read.
   *
   * @param linesRead how many lines were read before
   */
  TrafficException unreadable(IOException cause, long linesRead) {
    String where = linesRead == 0 ? "" : " after line " + linesRead;
    String what;
    if (cause instanceof NoSuchFileException) {
      what = " does not exist: check the path";
    } else if (cause instanceof AccessDeniedException) {
      what = " may not be read by this user: change its permissions";
    } else if (cause instanceof DamagedException && cause.getCause() instanceof EOFException) {
      what = " is " + compression + " whose end is missing" + where + ": fetch it again";
    } else if (cause instanceof DamagedException) {
      what =
          " is "
              + compression
              + " that is damaged"
              + where
              + " ("
              + cause.getMessage().replaceFirst("\\.$", "")
              + "): fetch it again";
    } else if (cause instanceof LineReader.LineTooLongException) {
      what =
          " has a line of more than "
              + (LineReader.LONGEST >> 20)
              + " MiB"
              + where
              + ": name an access log or a file of JSON lines";
    } else {
      what =
          " cannot be read" + where + " (" + cause.getMessage() + "): check the file and its disk";
    }
    return new TrafficException(ByteSource.name(file) + what, cause);
  }
}
