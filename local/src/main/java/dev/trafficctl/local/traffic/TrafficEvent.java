package dev.trafficctl.local.traffic;

/**
 * The value of one Kafka record, and what kind of event it is.
 *
 * @param value the bytes to send, or null for a tombstone
 * @param kind what the job is expected to make of it
 */
public record TrafficEvent(byte[] value, Kind kind) {
  /** What the job is expected to make of an event. */
  public enum Kind {
    /** An event as it should be. */
    GOOD,
    /** As it should be, but with an event time from minutes to days in the past. */
    LATE,
    /** Not an event that can be stored: the job rejects it. */
    BAD
  }
}
