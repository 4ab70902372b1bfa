package dev.trafficctl.model;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** Where reading starts when no state is restored. */
public sealed interface StartingPosition {

  /** The first event that Kafka still has in each partition when the job is submitted. */
  record Earliest() implements StartingPosition {}

  /** The end of each partition as it is when the job is submitted. */
  record Latest() implements StartingPosition {}

  /**
   * The offsets that the group has committed.
   *
   * @param otherwise what happens in a partition for which nothing is committed
   */
  record Committed(Otherwise otherwise) implements StartingPosition {}

  /** What happens in a partition for which the group has committed nothing. */
  enum Otherwise {
    /** The start is refused. */
    REFUSE,
    /** Reading starts at the first event. */
    EARLIEST,
    /** Reading starts at the end. */
    LATEST
  }

  /**
   * The first event in each partition whose Kafka timestamp is not before an instant.
   *
   * @param instant not before 1970: Kafka takes a negative time for a place, -1 for the end
   */
  record Timestamp(Instant instant) implements StartingPosition {
    /** With a check of the time. */
    public Timestamp {
      if (instant.isBefore(Instant.EPOCH)) {
        throw new IllegalArgumentException("timestamp '" + instant + "' lies before 1970");
      }
    }
  }

  /** A given offset for each partition, by partition number. */
  record Offsets(SortedMap<Integer, Long> offsets) implements StartingPosition {
    /** With a copy of the offsets. */
    public Offsets {
      offsets = Collections.unmodifiableSortedMap(new TreeMap<>(offsets));
    }
  }

  /**
   * Epoch milliseconds below this lie before 1973: whoever gives them has most likely given
   * seconds.
   */
  long SMALLEST_PLAUSIBLE_MILLIS = 100_000_000_000L;

  /** The same in seconds: as milliseconds it is the second day of 1970. */
  long SMALLEST_PLAUSIBLE_SECONDS = SMALLEST_PLAUSIBLE_MILLIS / 1_000;

  /**
   * Reads a position as the setting {@code starting-offsets} gives it.
   *
   * @throws IllegalArgumentException when the text is none; the message names the remedy
   */
  static StartingPosition parse(String text) {
    int colon = text.indexOf(':');
    String kind = (colon < 0 ? text : text.substring(0, colon)).toLowerCase(Locale.ROOT);
    String rest = colon < 0 ? "" : text.substring(colon + 1);
    return switch (kind) {
      case "earliest" -> plain(text, rest, new Earliest());
      case "latest" -> plain(text, rest, new Latest());
      case "committed" ->
          switch (rest) {
            case "" -> new Committed(Otherwise.REFUSE);
            case "earliest" -> new Committed(Otherwise.EARLIEST);
            case "latest" -> new Committed(Otherwise.LATEST);
            default ->
                throw new IllegalArgumentException(
                    "'" + text + "' is not understood; after committed: comes earliest or latest");
          };
      case "timestamp" -> parseTime(rest, "for the first event give earliest");
      case "offsets" -> new Offsets(parseOffsets(rest));
      default ->
          throw new IllegalArgumentException(
              "'"
                  + text
                  + "' is not understood; give earliest, latest, committed, timestamp:<time> or"
                  + " offsets:<partition>=<offset>,...");
    };
  }

  private static StartingPosition plain(String text, String rest, StartingPosition position) {
    if (!rest.isEmpty()) {
      throw new IllegalArgumentException("'" + text + "' is not understood; nothing may follow it");
    }
    return position;
  }

  /**
   * Reads a point in time: ISO-8601 with a zone, or epoch milliseconds.
   *
   * @param ifTooOld what to do about a time before Kafka, as the option has it that is read
   * @throws IllegalArgumentException when the text is neither, has no zone, looks like seconds, or
   *     lies before 1970
   */
  static Timestamp parseTime(String text, String ifTooOld) {
    Instant instant = text.matches("[0-9]{1,18}") ? ofMillis(text, ifTooOld) : ofIso(text);
    if (instant.isBefore(Instant.EPOCH)) {
      throw new IllegalArgumentException(
          "timestamp '" + instant + "' lies before 1970; " + ifTooOld);
    }
    return new Timestamp(instant);
  }

  private static Instant ofMillis(String text, String ifTooOld) {
    long millis = Long.parseLong(text);
    Instant instant = Instant.ofEpochMilli(millis);
    if (millis < SMALLEST_PLAUSIBLE_SECONDS) {
      throw new IllegalArgumentException(
          "timestamp '%s' is %s in epoch milliseconds, and nothing in Kafka is so old; %s"
              .formatted(text, instant, ifTooOld));
    }
    if (millis < SMALLEST_PLAUSIBLE_MILLIS) {
      throw new IllegalArgumentException(
          "timestamp '%s' looks like seconds; give epoch milliseconds: %s000"
              .formatted(text, text));
    }
    return instant;
  }

  private static Instant ofIso(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("timestamp '" + text + "' " + withoutZone(text), e);
    }
  }

  private static String withoutZone(String text) {
    try {
      return "has no zone; in UTC it is "
          + LocalDateTime.parse(text.replaceFirst(" ", "T")).toInstant(ZoneOffset.UTC);
    } catch (DateTimeParseException e) {
      return withoutTime(text);
    }
  }

  private static String withoutTime(String text) {
    try {
      return "has no time of day and no zone; it begins in UTC at "
          + LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
    } catch (DateTimeParseException e) {
      return "is not understood; give ISO-8601 with a zone, such as 2024-01-31T23:59:59Z, or epoch"
          + " milliseconds";
    }
  }

  private static SortedMap<Integer, Long> parseOffsets(String text) {
    SortedMap<Integer, Long> offsets = new TreeMap<>();
    for (String pair : text.split(",", -1)) {
      if (!pair.matches("[0-9]{1,9}=[0-9]{1,18}")) {
        throw new IllegalArgumentException(
            "'" + pair + "' is not <partition>=<offset>; give for example offsets:0=100,1=250");
      }
      int equals = pair.indexOf('=');
      int partition = Integer.parseInt(pair.substring(0, equals));
      Long earlier = offsets.put(partition, Long.parseLong(pair.substring(equals + 1)));
      if (earlier != null) {
        throw new IllegalArgumentException(
            "partition " + partition + " is given twice; give one offset for each partition");
      }
    }
    return offsets;
  }

  /** The position as {@link #parse} reads it. */
  default String text() {
    if (this instanceof Earliest) {
      return "earliest";
    }
    if (this instanceof Latest) {
      return "latest";
    }
    if (this instanceof Committed committed) {
      return committed.otherwise() == Otherwise.REFUSE
          ? "committed"
          : "committed:" + committed.otherwise().name().toLowerCase(Locale.ROOT);
    }
    if (this instanceof Timestamp timestamp) {
      return "timestamp:" + timestamp.instant();
    }
    StringBuilder text = new StringBuilder("offsets:");
    ((Offsets) this)
        .offsets()
        .forEach(
            (partition, offset) ->
                text.append(text.charAt(text.length() - 1) == ':' ? "" : ",")
                    .append(partition)
                    .append('=')
                    .append(offset));
    return text.toString();
  }
}
