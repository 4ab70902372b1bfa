package dev.trafficctl.local.traffic;

import dev.trafficctl.local.traffic.Compression.DamagedException;
import dev.trafficctl.local.traffic.TrafficEvent.Kind;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * The events of a file: an access log in the combined format, or JSON lines, or both mixed; plain
 * or packed with gzip, zstd, xz or bzip2, which the content tells and not the name. Each line
 * becomes one event. A line that is neither is an event too, as it stands and of {@link Kind#BAD},
 * so that the job can reject it.
 *
 * <p>Reading throws a {@link TrafficException} when the file cannot be read on.
 */
public final class AccessLog implements Iterator<TrafficEvent>, Closeable {
  /** Milliseconds, as the events have it; more digits only where the file has more. */
  private static final DateTimeFormatter EVENT_TIME =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

  private final Path file;
  private final String host;
  private final Duration shift;
  private final LineReader lines;
  private Compression compression = Compression.NONE;
  private long linesRead;
  private byte[] line;

  private AccessLog(Path file, String host, Duration shift) {
    this.file = file;
    this.host = host;
    this.shift = shift;
    try {
      this.lines = new LineReader(content());
      this.line = lines.next();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /**
   * The events at their own times.
   *
   * @param file what to read
   * @param host the host of every line in the combined format, which does not name it
   * @throws TrafficException when the file cannot be read
   */
  public static AccessLog open(Path file, String host) {
    return new AccessLog(file, host, Duration.ZERO);
  }

  /**
   * The events moved in time, all by the same span, so that the newest of them is at an instant.
   * The file is read once before, to find the newest.
   *
   * @param file what to read
   * @param host the host of every line in the combined format, which does not name it
   * @param newest the time that the newest event gets, cut to milliseconds
   * @throws TrafficException when the file cannot be read
   */
  public static AccessLog openShifted(Path file, String host, Instant newest) {
    Instant latest = Instant.MIN;
    try (AccessLog log = open(file, host)) {
      while (log.hasNext()) {
        Instant time = log.parse().time();
        if (time != null && time.isAfter(latest)) {
          latest = time;
        }
        log.advance();
      }
    }
    Duration shift =
        latest == Instant.MIN
            ? Duration.ZERO
            : Duration.between(latest, newest.truncatedTo(ChronoUnit.MILLIS));
    return new AccessLog(file, host, shift);
  }

  @Override
  public boolean hasNext() {
    return line != null;
  }

  @Override
  public TrafficEvent next() {
    if (line == null) {
      throw new NoSuchElementException(file + " has no more lines");
    }
    TrafficEvent event = parse().event();
    advance();
    return event;
  }

  @Override
  public void close() {
    try {
      lines.close();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /**
   * A line that was understood, or not.
   *
   * @param time the event's own time, or null if there is none
   */
  private record Parsed(Instant time, TrafficEvent event) {}

  private Parsed parse() {
    if (line.length > 0 && line[0] == '{') {
      EventLine json = EventLine.parse(line);
      if (json != null) {
        byte[] value = shift.isZero() ? line : json.withTime(shifted(json.time()));
        return new Parsed(json.time(), new TrafficEvent(value, Kind.GOOD));
      }
    } else {
      LogLine combined = LogLine.parse(line);
      if (combined != null) {
        byte[] value = combined.toJson(host, shifted(combined.time()));
        return new Parsed(combined.time(), new TrafficEvent(value, Kind.GOOD));
      }
    }
    return new Parsed(null, new TrafficEvent(line, Kind.BAD));
  }

  private String shifted(Instant time) {
    Instant moved = time.plus(shift);
    return moved.getNano() % 1_000_000 == 0 ? EVENT_TIME.format(moved) : moved.toString();
  }

  private void advance() {
    linesRead++;
    try {
      line = lines.next();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private InputStream content() throws IOException {
    if (Files.isDirectory(file)) {
      throw new TrafficException(file + " is a directory: name a file in it");
    }
    InputStream in = ByteSource.open(file);
    try {
      compression = Compression.of(in);
      if (!compression.isReadable()) {
        throw new TrafficException(
            file + " is " + compression + ", which is not read: unpack it, or pack it with gzip");
      }
      return compression.open(in);
    } catch (IOException | TrafficException e) {
      in.close();
      throw e;
    }
  }

  private TrafficException unreadable(IOException cause) {
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
    return new TrafficException(file + what, cause);
  }
}
