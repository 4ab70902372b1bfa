package dev.trafficctl.cli.kafka;

import java.time.Duration;

/**
 * When Kafka deletes the events of a topic.
 *
 * @param age how old events become at least, or null if they are not deleted for their age
 * @param bytes how large a partition becomes before its oldest events are deleted, whatever their
 *     age; null without a limit
 */
public record TopicRetention(Duration age, Long bytes) {
  /**
   * From the topic's configuration.
   *
   * @param policy {@code cleanup.policy}
   * @param millis {@code retention.ms}, -1 for ever
   * @param bytes {@code retention.bytes}, -1 without a limit
   */
  static TopicRetention of(String policy, long millis, long bytes) {
    boolean deletes = policy.contains("delete");
    return new TopicRetention(
        deletes && millis >= 0 ? Duration.ofMillis(millis) : null,
        deletes && bytes >= 0 ? (Long) bytes : null);
  }
}
