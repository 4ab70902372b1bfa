package dev.trafficctl.cli.kafka;

import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.model.Secret;
import java.util.Map;
import java.util.Properties;

/** The properties with which a Kafka client connects. */
public final class KafkaConnection {
  private KafkaConnection() {}

  /**
   * Properties that sign in with SASL_SSL and PLAIN if the environment has a key and a secret.
   *
   * @param servers the bootstrap servers as host:port
   * @param others what is needed besides, such as the trust store
   * @param environment where the key and the secret are looked for
   */
  public static Properties properties(
      String servers, Map<String, String> others, Map<String, String> environment) {
    Properties properties = new Properties();
    properties.putAll(others);
    properties.setProperty("bootstrap.servers", servers);
    if (Secret.KAFKA_WEB_TRAFFIC_KEY.isGiven(environment::get)) {
      properties.setProperty("security.protocol", "SASL_SSL");
      properties.setProperty("sasl.mechanism", "PLAIN");
      properties.setProperty("sasl.jaas.config", jaas(environment));
    }
    return properties;
  }

  /** Those of the Kafka that a cluster names; it has to name one. */
  public static Properties of(Cluster cluster) {
    return properties(cluster.kafkaUrl(), cluster.kafkaProperties(), cluster.environment());
  }

  private static String jaas(Map<String, String> environment) {
    return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\""
        + quoted(Secret.KAFKA_WEB_TRAFFIC_KEY, environment)
        + "\" password=\""
        + quoted(Secret.KAFKA_WEB_TRAFFIC_SECRET, environment)
        + "\";";
  }

  private static String quoted(Secret secret, Map<String, String> environment) {
    return secret.resolve(environment::get).orElse("").replace("\\", "\\\\").replace("\"", "\\\"");
  }
}
