package dev.trafficctl.schema;

/** Tables that cannot be brought up to date as they are; nothing was changed. */
public final class SchemaRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With what stands in the way and what to do, in one line. */
  SchemaRefusedException(String message) {
    super(message);
  }

  /** The same, for what Flyway has refused. */
  SchemaRefusedException(String message, Exception cause) {
    super(message, cause);
  }
}
