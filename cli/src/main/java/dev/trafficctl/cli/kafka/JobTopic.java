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
   * @param kafkaUrl that address, or null if only the job's own is known
   * @param others what is needed from this machine besides, such as the trust store
   * @param environment where the key and the secret are looked for
   */
  public static JobTopic of(
      Settings settings,
      String kafkaUrl,
      Map<String, String> others,
      Map<String, String> environment) {
    Map<String, String> properties = new TreeMap<>(settings.kafkaProperties());
    properties.putAll(others);
    return new JobTopic(
        settings.kafkaTopic(),
        KafkaConnection.properties(
            kafkaUrl == null ? settings.kafkaUrl() : kafkaUrl, properties, environment));
  }

  /** As a job with these settings reads it, by the Kafka of this cluster. */
  public static JobTopic of(Settings settings, Cluster cluster) {
    return of(settings, cluster.kafkaUrl(), cluster.kafkaProperties(), cluster.environment());
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
