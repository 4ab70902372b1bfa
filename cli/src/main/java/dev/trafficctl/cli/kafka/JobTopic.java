package dev.trafficctl.cli.kafka;

import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.model.Settings;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The topic that a job reads, and how it is reached from this machine.
 *
 * @param name the topic's name
 * @param connection the properties of a Kafka client, which may hold a secret
 */
public record JobTopic(String name, Properties connection) {
  /**
   * With the address that is right from this machine, which wins over the one that the job uses.
   *
   * @param cluster what is known of the systems here, or null if nothing is
   * @param environment where the key and the secret are looked for if there is no cluster
   */
  public static JobTopic of(Cluster cluster, Settings settings, Map<String, String> environment) {
    Map<String, String> properties = new TreeMap<>(settings.kafkaProperties());
    if (cluster != null) {
      properties.putAll(cluster.kafkaProperties());
    }
    return new JobTopic(
        settings.kafkaTopic(),
        KafkaConnection.properties(
            cluster == null || cluster.kafkaUrl() == null
                ? settings.kafkaUrl()
                : cluster.kafkaUrl(),
            properties,
            cluster == null ? environment : cluster.environment()));
  }

  /** Where Kafka is. */
  public String servers() {
    return connection.getProperty("bootstrap.servers");
  }

  /** The topic itself; nothing is asked yet. */
  public EventLog open() {
    return new ConsumedTopicLog(connection, name);
  }

  /** Without the properties, which may hold a secret. */
  @Override
  public String toString() {
    return name + " at " + servers();
  }
}
