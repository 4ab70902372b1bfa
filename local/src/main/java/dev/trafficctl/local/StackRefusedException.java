package dev.trafficctl.local;

/** What was asked of the local stack would harm something that is not part of it. */
public final class StackRefusedException extends StackException {
  private static final long serialVersionUID = 1L;

  /** With a message for the user. */
  public StackRefusedException(String message) {
    super(message);
  }
}
