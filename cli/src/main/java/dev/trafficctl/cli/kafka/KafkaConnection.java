package dev.trafficctl.cli.kafka;

import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.context.Destination;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.process.NextCommands;
import dev.trafficctl.model.Secret;
import java.util.Map;
import java.util.Properties;

/**
 * How a Kafka is connected to.
 *
 * @param properties those of a Kafka client, which may hold a secret
 * @param next what is recommended when no client can be made
 */
public record KafkaConnection(Properties properties, NextCommands next) {
  /** That of a Kafka with what is needed besides, as {@link #properties(Destination, Map)}. */
  public static KafkaConnection of(
      Destination kafka, Map<String, String> others, NextCommands next) {
    return new KafkaConnection(properties(kafka, others), next);
  }

  /**
   * Properties that sign in with SASL_SSL and PLAIN if there are a key and a secret for that Kafka.
   *
   * <p>A {@link CommandException} refuses one of the two without the other: a broker would count an
   * empty password as a failed attempt, and say nothing of what is missing.
   *
   * @param kafka the bootstrap servers as host:port
   * @param others what is needed besides, such as the trust store
   */
  public static Properties properties(Destination kafka, Map<String, String> others) {
    Properties properties = new Properties();
    properties.putAll(others);
    properties.setProperty("bootstrap.servers", kafka.address());
    boolean key = kafka.has(Secret.KAFKA_WEB_TRAFFIC_KEY);
    if (key != kafka.has(Secret.KAFKA_WEB_TRAFFIC_SECRET)) {
      Secret given = key ? Secret.KAFKA_WEB_TRAFFIC_KEY : Secret.KAFKA_WEB_TRAFFIC_SECRET;
      Secret missing = key ? Secret.KAFKA_WEB_TRAFFIC_SECRET : Secret.KAFKA_WEB_TRAFFIC_KEY;
      throw new CommandException(
          ExitCode.USAGE,
          "%s is given but %s is not: set %s (or %s) too, or unset the other"
              .formatted(given, missing, missing, missing.fileVariable()));
    }
    if (key) {
      properties.setProperty("security.protocol", "SASL_SSL");
      properties.setProperty("sasl.mechanism", "PLAIN");
      properties.setProperty("sasl.jaas.config", jaas(kafka));
    }
    return properties;
  }

  /** That of the Kafka that a cluster names; it has to name one. */
  public static KafkaConnection of(Cluster cluster) {
    return of(
        Destination.named(cluster.kafkaUrl(), cluster.environment()),
        cluster.kafkaProperties(),
        cluster.next());
  }

  /** The bootstrap servers. */
  public String servers() {
    return properties.getProperty("bootstrap.servers");
  }

  /** Without the properties, which may hold a secret. */
  @Override
  public String toString() {
    return "Kafka at " + servers();
  }

  private static String jaas(Destination kafka) {
    return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\""
        + quoted(Secret.KAFKA_WEB_TRAFFIC_KEY, kafka)
        + "\" password=\""
        + quoted(Secret.KAFKA_WEB_TRAFFIC_SECRET, kafka)
        + "\";";
  }

  private static String quoted(Secret secret, Destination kafka) {
    return kafka.secret(secret).orElseThrow().replace("\\", "\\\\").replace("\"", "\\\"");
  }
}
