package dev.trafficctl.model;

/** What becomes of an event with a field that is none of an event's. */
public enum UnknownFields {
  /** The field is passed over, whatever it holds, and counted. */
  IGNORE,
  /** The event is rejected as {@link RejectionReason#UNKNOWN_FIELD}. */
  REJECT
}
