package dev.trafficctl.cli.postgres;

import dev.trafficctl.model.RejectionReason;
import java.time.Instant;

/**
 * A row of rejected_events.
 *
 * @param source the number of the topic id
 * @param partition the partition in Kafka
 * @param offset the offset in that partition
 * @param kafkaTimestamp Kafka's timestamp, or null if the row has none
 * @param reason why it was rejected
 * @param detail what was found, or null
 * @param payload the payload, possibly cut; null if there is none, or if it was not asked for
 * @param payloadBytes the length of the whole payload
 * @param rejectedAt when the row was written
 */
public record RejectedRow(
    short source,
    int partition,
    long offset,
    Instant kafkaTimestamp,
    String reason,
    String detail,
    byte[] payload,
    int payloadBytes,
    Instant rejectedAt) {
  /** Whether {@code payload} is all of it, if it was asked for. */
  public boolean isWhole() {
    if (payload == null && RejectionReason.TOO_LARGE.code().equals(reason)) {
      return false;
    }
    return payload == null ? payloadBytes == 0 : payload.length == payloadBytes;
  }
}
