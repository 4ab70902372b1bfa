package dev.trafficctl.model;

/**
 * How {@code event_time} is read. A date and time with a zone says by itself what it means, and is
 * read in every format; the others say what a text without a zone or a number means.
 */
public enum EventTimeFormat {
  /** Nothing but a date and time with a zone. */
  ISO,
  /** A date and time without a zone is in UTC. */
  ISO_UTC,
  /** A number, or a text of digits, counts seconds since 1970-01-01T00:00:00Z. */
  EPOCH_SECONDS,
  /** A number, or a text of digits, counts milliseconds since 1970-01-01T00:00:00Z. */
  EPOCH_MILLIS;

  /** Whether a number is a time. */
  boolean readsNumbers() {
    return this == EPOCH_SECONDS || this == EPOCH_MILLIS;
  }

  /** What a detail tells to write. */
  String expected() {
    String iso = "an ISO-8601 text such as 2024-01-31T23:59:59.123Z";
    return switch (this) {
      case ISO, ISO_UTC -> iso;
      case EPOCH_SECONDS -> "seconds since 1970, or " + iso;
      case EPOCH_MILLIS -> "milliseconds since 1970, or " + iso;
    };
  }
}
