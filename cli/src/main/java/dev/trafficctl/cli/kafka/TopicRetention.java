package dev.trafficctl.cli.kafka;

import java.time.Duration;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.TopicConfig;

/**
 * When Kafka deletes the events of a topic.
 *
 * @param age how old events become at least, or null if they are not deleted for their age
 * @param bytes how large a partition becomes before its oldest events are deleted, whatever their
 *     age; null without a limit
 * @param compacted whether an event in the middle may be deleted too, where a later one has its key
 */
public record TopicRetention(Duration age, Long bytes, boolean compacted) {
  /** From the topic's configuration; what is missing there is taken as no limit. */
  static TopicRetention of(Config config) {
    String policy = value(config, TopicConfig.CLEANUP_POLICY_CONFIG, "delete");
    boolean deletes = policy.contains(TopicConfig.CLEANUP_POLICY_DELETE);
    long millis = Long.parseLong(value(config, TopicConfig.RETENTION_MS_CONFIG, "-1"));
    long bytes = Long.parseLong(value(config, TopicConfig.RETENTION_BYTES_CONFIG, "-1"));
    return new TopicRetention(
        deletes && millis >= 0 ? Duration.ofMillis(millis) : null,
        deletes && bytes >= 0 ? (Long) bytes : null,
        policy.contains(TopicConfig.CLEANUP_POLICY_COMPACT));
  }

  private static String value(Config config, String name, String otherwise) {
    ConfigEntry entry = config.get(name);
    return entry == null || entry.value() == null ? otherwise : entry.value();
  }
}
