package dev.trafficctl.local.traffic;

/**
 * How much is sent, and how fast.
 *
 * @param count the most events to send; {@link Long#MAX_VALUE} for as many as there are
 * @param perSecond the most events a second; {@link Double#POSITIVE_INFINITY} for no limit
 */
public record SendOptions(long count, double perSecond) {
  /**
   * Checks both.
   *
   * @throws IllegalArgumentException when the count is below 0 or the rate not above 0
   */
  public SendOptions {
    if (count < 0 || !(perSecond > 0)) {
      throw new IllegalArgumentException(
          "a count is 0 or more and a rate above 0, but were " + count + " and " + perSecond);
    }
  }

  /** Everything, as fast as the broker takes it. */
  public static SendOptions everything() {
    return new SendOptions(Long.MAX_VALUE, Double.POSITIVE_INFINITY);
  }

  /** The same with an end. */
  public SendOptions withCount(long most) {
    return new SendOptions(most, perSecond);
  }

  /** The same with a rate. */
  public SendOptions withRate(double eventsPerSecond) {
    return new SendOptions(count, eventsPerSecond);
  }
}
