package dev.trafficctl.model;

import java.io.Serializable;
import java.time.Duration;

/**
 * How records are read as events: those of the job's settings by which {@link EventParser} goes.
 * Whoever judges the job's rows must go by the same.
 *
 * @param maxAhead how far an event's time may be ahead of the timestamp of its Kafka record;
 *     inclusive, not negative
 * @param unknownFields what becomes of an event with a field that is none of an event's
 * @param eventTimeFormat how {@code event_time} is read
 */
public record ParsingRules(
    Duration maxAhead, UnknownFields unknownFields, EventTimeFormat eventTimeFormat)
    implements Serializable {

  /**
   * Checks the limit.
   *
   * @throws IllegalArgumentException if {@code maxAhead} is negative
   */
  public ParsingRules {
    if (maxAhead.isNegative()) {
      throw new IllegalArgumentException("maxAhead must not be negative, but is " + maxAhead);
    }
  }
}
