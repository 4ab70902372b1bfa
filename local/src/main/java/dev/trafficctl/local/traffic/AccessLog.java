package dev.trafficctl.local.traffic;

import dev.trafficctl.local.traffic.TrafficEvent.Kind;
import dev.trafficctl.model.EventFields;
import dev.trafficctl.model.EventParser;
import dev.trafficctl.model.ParseResult;
import dev.trafficctl.model.Rejection;
import dev.trafficctl.model.WebEvent;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The events of a file: an access log in the combined format, or JSON lines, or both mixed, or an
 * access log in the common format; plain or packed with gzip, zstd, xz or bzip2, which the content
 * tells and not the name. Each line becomes one event, as soon as it is there. A line that is none
 * of these is an event too, as it stands. {@link Kind#BAD} are all that a job with the default
 * settings would reject; a file that begins with nothing else is refused.
 *
 * <p>In a log in the combined format a line that ends before the referrer was cut off. A log is in
 * the common format if, of its first lines that can be read at all, two are.
 *
 * <p>Reading throws a {@link TrafficException} when the file cannot be read on. A thread that is
 * interrupted while it waits for a line is told that there are no more.
 */
public final class AccessLog implements Iterator<TrafficEvent>, Closeable {
  private static final String EXPECTED =
      "an access log in the combined or common format, or a JSON object with event_time on each"
          + " line";

  /** Of so many lines or bytes at the beginning one must be an event that the job takes. */
  static final int MOST_LINES_AHEAD = 1_000;

  private static final int MOST_BYTES_AHEAD = 8 << 20;

  /** The default of the job's setting {@code max-ahead}. */
  private static final Duration MAX_AHEAD = Duration.ofMinutes(10);

  /** Milliseconds, as the events have it; more digits only where the file has more. */
  private static final DateTimeFormatter EVENT_TIME =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

  /** A timestamp of Kafka which no event is ahead of. */
  private static final long AT_ANY_TIME = -1;

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private final Path file;
  private final PackedFile packed;
  private final String host;
  private final Clock clock;
  private final Shift shift;
  private final EventParser parser = new EventParser(MAX_AHEAD);
  private final Deque<byte[]> ahead = new ArrayDeque<>();
  private final LineReader lines;
  private boolean readsCommon;
  private boolean ended;
  private long linesRead;
  private byte[] next;

  /**
   * How times are moved.
   *
   * @param by the span
   * @param newest times after this one are not moved
   */
  private record Shift(Duration by, Instant newest) {
    static final Shift NONE = new Shift(Duration.ZERO, Instant.MIN);

    boolean moves(Instant time) {
      return time != null && !time.isAfter(newest);
    }
  }

  private AccessLog(Path file, String host, Clock clock, Shift shift) {
    this.file = file;
    this.packed = new PackedFile(file);
    this.host = host;
    this.clock = clock;
    this.shift = shift;
    try {
      this.lines = new LineReader(packed.open());
    } catch (IOException e) {
      throw packed.unreadable(e, 0);
    }
  }

  /**
   * The events at their own times.
   *
   * @param file what to read; {@code -} is the standard input
   * @param host the host of every line of an access log that does not name it
   * @param clock says what is too far in the future
   * @throws TrafficException when the file cannot be read, or none of its first lines is an event
   */
  public static AccessLog open(Path file, String host, Clock clock) {
    return new AccessLog(file, host, clock, Shift.NONE).begun(clock.millis());
  }

  /**
   * The events moved in time, all by the same span, so that the newest of them happens now, cut to
   * milliseconds. The file is read once before, to find the newest. A time that is still to come
   * does not count, and is not moved, unless all are.
   *
   * @param file what to read
   * @param host the host of every line of an access log that does not name it
   * @param clock says when now is
   * @throws TrafficException when the file cannot be read, or not twice, or none of its first lines
   *     is an event
   */
  public static AccessLog openShifted(Path file, String host, Clock clock) {
    if (isReadOnce(file)) {
      throw new TrafficException(
          ByteSource.name(file) + " can be read only once: write it to a file first");
    }
    Instant now = clock.instant();
    Instant newest = Instant.MIN;
    Instant newestOfAll = Instant.MIN;
    try (AccessLog log = new AccessLog(file, host, clock, Shift.NONE).begun(AT_ANY_TIME)) {
      for (byte[] line = log.line(); line != null; line = log.line()) {
        Instant time = log.time(line);
        if (time != null && time.isAfter(newestOfAll)) {
          newestOfAll = time;
        }
        if (time != null && time.isAfter(newest) && !time.isAfter(now.plus(MAX_AHEAD))) {
          newest = time;
        }
      }
    }
    Instant last = newest == Instant.MIN ? newestOfAll : newest;
    Shift shift =
        last == Instant.MIN
            ? Shift.NONE
            : new Shift(Duration.between(last, now.truncatedTo(ChronoUnit.MILLIS)), last);
    return new AccessLog(file, host, clock, shift).begun(AT_ANY_TIME);
  }

  /** Whether a file cannot be read twice, as {@link #openShifted} does: a pipe. */
  public static boolean isReadOnce(Path file) {
    return ByteSource.isReadOnce(file);
  }

  /**
   * What somebody should know of the lines that were read so far, and of which no event tells, or
   * nothing.
   */
  public Optional<String> note() {
    return lines.zeros() == 0
        ? Optional.empty()
        : Optional.of(
            "%s in front of lines of %s are passed over: a log that is emptied while a server writes it, as by copytruncate, has them"
                .formatted(zeros(), ByteSource.name(file)));
  }

  private String zeros() {
    return String.format(Locale.ROOT, "%,d zero bytes", lines.zeros());
  }

  @Override
  public boolean hasNext() {
    if (next == null) {
      next = line();
    }
    return next != null;
  }

  @Override
  public TrafficEvent next() {
    if (!hasNext()) {
      throw new NoSuchElementException(ByteSource.name(file) + " has no more lines");
    }
    TrafficEvent event = event(next, clock.millis());
    next = null;
    return event;
  }

  @Override
  public void close() {
    try {
      lines.close();
    } catch (IOException e) {
      throw packed.unreadable(e, linesRead);
    }
  }

  /** What is sent for a line, and what the job says of it. */
  private TrafficEvent event(byte[] line, long sentAt) {
    LogLine log = isObject(line) ? null : logLine(line);
    if (log == null) {
      byte[] value = isObject(line) ? shifted(line) : line;
      return event(value, parser.parse(value, sentAt));
    }
    Instant time = shift.moves(log.time()) ? log.time().plus(shift.by()) : log.time();
    EventFields fields = log.event(host, text(time));
    return event(LogLine.toJson(fields), parser.parse(fields, sentAt));
  }

  private static TrafficEvent event(byte[] value, ParseResult result) {
    return new TrafficEvent(value, result instanceof WebEvent ? Kind.GOOD : Kind.BAD);
  }

  private byte[] shifted(byte[] object) {
    EventLine json = shift == Shift.NONE ? null : EventLine.parse(object);
    Instant time = json == null ? null : time(json);
    return shift.moves(time) ? json.withTime(text(time.plus(shift.by()))) : object;
  }

  private boolean isTaken(byte[] line, long sentAt) {
    return event(line, sentAt).kind() == Kind.GOOD;
  }

  /** The line's own time, or null. */
  private Instant time(byte[] line) {
    if (isObject(line)) {
      EventLine json = EventLine.parse(line);
      return json == null ? null : time(json);
    }
    LogLine log = logLine(line);
    return log == null ? null : log.time();
  }

  private Instant time(EventLine json) {
    if (json.time() == null && parser.parse(json.line(), AT_ANY_TIME) instanceof WebEvent event) {
      return event.eventTime();
    }
    return json.time();
  }

  private LogLine logLine(byte[] line) {
    LogLine log = LogLine.parse(line);
    return log != null && log.common() && !readsCommon ? null : log;
  }

  private static boolean isObject(byte[] line) {
    return line.length > 0 && line[0] == '{';
  }

  private static String text(Instant time) {
    return time.getNano() % 1_000_000 == 0 ? EVENT_TIME.format(time) : time.toString();
  }

  private AccessLog begun(long sentAt) {
    try {
      lookAhead(sentAt);
      return this;
    } catch (TrafficException e) {
      close();
      throw e;
    }
  }

  /** Reads up to the first line that tells the format, and on to the first event. */
  private void lookAhead(long sentAt) {
    int common = 0;
    int bytes = 0;
    boolean known = false;
    boolean taken = false;
    byte[] line = readLine();
    while (line != null && !taken) {
      byte[] content = ahead.isEmpty() ? withoutByteOrderMark(line) : line;
      ahead.add(content);
      bytes += content.length;
      if (known) {
        taken = isTaken(content, sentAt);
      } else {
        LogLine log = isObject(content) ? null : LogLine.parse(content);
        boolean usable = isObject(content) ? time(content) != null : log != null && !log.common();
        common += log != null && log.common() ? 1 : 0;
        known = usable || common == 2;
        readsCommon = known && !usable;
        taken = known && isAnyTaken(sentAt);
      }
      boolean enough = ahead.size() == MOST_LINES_AHEAD || bytes > MOST_BYTES_AHEAD;
      line = taken || enough ? null : readLine();
    }
    if (!known) {
      readsCommon = common > 0;
      taken = isAnyTaken(sentAt);
    }
    if (!taken && !ahead.isEmpty()) {
      throw unusable(sentAt);
    }
    if (ahead.isEmpty() && lines.zeros() > 0) {
      throw new TrafficException(
          "%s: has no line, only %s, as a log has that was emptied by copytruncate; expected %s"
              .formatted(ByteSource.name(file), zeros(), EXPECTED));
    }
  }

  private boolean isAnyTaken(long sentAt) {
    return ahead.stream().anyMatch(line -> isTaken(line, sentAt));
  }

  private static byte[] withoutByteOrderMark(byte[] line) {
    int length = BYTE_ORDER_MARK.length;
    boolean marked =
        line.length >= length && Arrays.equals(line, 0, length, BYTE_ORDER_MARK, 0, length);
    return marked ? Arrays.copyOfRange(line, length, line.length) : line;
  }

  private byte[] line() {
    return ahead.isEmpty() ? readLine() : ahead.remove();
  }

  private byte[] readLine() {
    if (ended) {
      return null;
    }
    try {
      byte[] line = lines.next();
      ended = line == null;
      linesRead += ended ? 0 : 1;
      return line;
    } catch (IOException e) {
      if (e.getCause() instanceof ClosedByInterruptException) {
        ended = true;
        return null;
      }
      throw packed.unreadable(e, linesRead);
    }
  }

  private TrafficException unusable(long sentAt) {
    byte[] first = ahead.stream().filter(line -> line.length > 0).findFirst().orElse(new byte[0]);
    String seems = rejected(first, sentAt);
    if (seems == null) {
      seems = ForeignFormat.of(first);
    }
    return new TrafficException(
        ByteSource.name(file)
            + (ended && ahead.size() == 1
                ? ": its only line cannot"
                : ": none of its " + (ended ? "" : "first ") + ahead.size() + " lines can")
            + " be read: expected "
            + EXPECTED
            + "; the first is "
            + (seems == null ? "" : seems + ": ")
            + LogText.excerpt(first));
  }

  /** What the job says of a line that can be read, else null. */
  private String rejected(byte[] line, long sentAt) {
    return time(line) != null
            && parser.parse(event(line, sentAt).value(), sentAt) instanceof Rejection rejection
        ? "one that the job rejects as "
            + rejection.reason().code()
            + " ("
            + rejection.detail()
            + ")"
        : null;
  }
}
