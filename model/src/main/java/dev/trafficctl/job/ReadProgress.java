package dev.trafficctl.job;

/**
 * How far a partition of a topic was read, as kept in checkpoints and savepoints beside the
 * source's own offsets, which do not say to which topic id they belong.
 *
 * <p>The CLI reads it too. It stays in the job's package, since the name of the class is part of
 * every checkpoint.
 *
 * @param topicId the topic's id (KIP-516), in Kafka's own notation
 * @param partition the partition, or -1 for an entry that tells the topic id alone
 * @param nextOffset the offset behind the last event that was read
 */
public record ReadProgress(String topicId, int partition, long nextOffset) {}
