package dev.trafficctl.model;

/**
 * A Kafka record that could not be stored as an event: one row of the table of rejected events.
 *
 * @param source the number of the Kafka topic id in the table {@code sources}
 * @param partition the Kafka partition
 * @param offset the offset in the partition
 * @param kafkaTimestamp the timestamp of the Kafka record in milliseconds since
 *     1970-01-01T00:00:00Z, or a negative number if it has none
 * @param reason the kind of defect
 * @param detail what was found and where, or null
 * @param payload the value of the Kafka record, possibly cut, or null if it has none
 * @param payloadBytes the length of the whole value
 */
public record RejectedEvent(
    short source,
    int partition,
    long offset,
    long kafkaTimestamp,
    String reason,
    String detail,
    byte[] payload,
    int payloadBytes) {}
