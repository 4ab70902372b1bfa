package dev.trafficctl.job;

import dev.trafficctl.model.StoredValues;
import dev.trafficctl.model.WebEvent;

/**
 * One Kafka record after parsing: with an event, or with the reason why it holds none.
 *
 * @param partition its partition
 * @param offset its offset
 * @param kafkaTimestamp its timestamp in epoch milliseconds, -1 if it has none
 * @param event the event, or null when the record is rejected
 * @param reason the code of the reason for its rejection, or null when it holds an event
 * @param detail what was found, or null when it holds an event
 * @param payload the value of a rejected record, up to {@link StoredValues#MAX_PAYLOAD} bytes of
 *     it; null when it holds an event or has no value
 * @param payloadBytes how long the value is, 0 if there is none
 */
public record KafkaEvent(
    int partition,
    long offset,
    long kafkaTimestamp,
    WebEvent event,
    String reason,
    String detail,
    byte[] payload,
    int payloadBytes) {}
