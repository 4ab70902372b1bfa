package dev.trafficctl.local.traffic;

/** Traffic could not be read or sent; the message is one line that names the remedy. */
public class TrafficException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a message for the user. */
  public TrafficException(String message) {
    super(message);
  }

  /** With a message for the user and what lies behind it. */
  public TrafficException(String message, Throwable cause) {
    super(message, cause);
  }
}
