package dev.trafficctl.local;

/** The local stack could not do what was asked; the message is one line that names the remedy. */
public class StackException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a message for the user. */
  public StackException(String message) {
    super(message);
  }

  /** With a message for the user and what lies behind it. */
  public StackException(String message, Throwable cause) {
    super(message, cause);
  }
}
