package dev.trafficctl.local.traffic;

/** Sending ended early, when Kafka had some of the events already. */
public final class PartlySentException extends TrafficException {
  private static final long serialVersionUID = 1L;

  private final long handedOver;

  /**
   * With a message for the user.
   *
   * @param handedOver how many events, from the first one on, were handed to Kafka
   */
  PartlySentException(String message, Throwable cause, long handedOver) {
    super(message, cause);
    this.handedOver = handedOver;
  }

  /**
   * How many events, from the first one on, were handed to Kafka: all of them are in the topic but
   * those of which the message says otherwise, and none that comes after them.
   */
  public long handedOver() {
    return handedOver;
  }
}
