package dev.trafficctl.model;

/**
 * An event that passed the filter, with its place in Kafka: one row of the table of events.
 *
 * @param source the number of the Kafka topic id in the table {@code sources}
 * @param partition the Kafka partition
 * @param offset the offset in the partition
 * @param kafkaTimestamp the timestamp of the Kafka record in milliseconds since
 *     1970-01-01T00:00:00Z, or a negative number if it has none
 * @param late whether the event came after the watermark by more than the allowed lateness
 * @param event the event
 */
public record ProcessedEvent(
    short source, int partition, long offset, long kafkaTimestamp, boolean late, WebEvent event) {}
