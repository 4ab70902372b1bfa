package dev.trafficctl.model;

/** The kinds of defect for which an event is rejected. */
public enum RejectionReason {
  /** The record has no value: a tombstone. */
  NULL_VALUE
}
