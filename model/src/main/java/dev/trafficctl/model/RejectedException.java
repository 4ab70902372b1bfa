package dev.trafficctl.model;

/** Ends the parsing of an event; {@link EventParser} turns it into its rejection. */
final class RejectedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Rejection rejection;

  RejectedException(RejectionReason reason, String detail) {
    // Content decides how often this is thrown, and nobody sees the stack.
    super(detail, null, false, false);
    this.rejection = new Rejection(reason, detail);
  }

  Rejection rejection() {
    return rejection;
  }
}
