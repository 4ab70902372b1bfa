package dev.trafficctl.job;

/**
 * The record that was read last of a partition, whatever became of it, as kept in checkpoints and
 * savepoints: by it a log is told from one that lost its end and has grown again.
 *
 * <p>It stays in this package, since the name of the class is part of every checkpoint.
 *
 * @param partition the partition
 * @param offset its offset
 * @param timestamp its timestamp in Kafka, in milliseconds since 1970; negative if it has none
 */
public record LastRead(int partition, long offset, long timestamp) {}
