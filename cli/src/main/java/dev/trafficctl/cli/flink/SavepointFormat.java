package dev.trafficctl.cli.flink;

/** The binary format of a savepoint (FLIP-203). */
public enum SavepointFormat {
  /** Readable by every state backend. */
  CANONICAL,
  /** The state backend's own: faster, and bound to that backend. */
  NATIVE
}
