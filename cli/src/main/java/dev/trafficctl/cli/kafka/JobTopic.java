package dev.trafficctl.cli.kafka;

import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.context.Destination;
import dev.trafficctl.cli.process.NextCommands;
import dev.trafficctl.model.Settings;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The topic that a job reads, and how it is reached from this machine.
 *
 * @param name the topic's name
 * @param connection how Kafka is connected to
 */
public record JobTopic(String name, KafkaConnection connection) {
  /** Those of the job's properties without which its Kafka is perhaps not reached. */
  private static final Set<String> TO_REACH_KAFKA =
      Set.of(
          "client.dns.lookup",
          "default.api.timeout.ms",
          "request.timeout.ms",
          "socket.connection.setup.timeout.max.ms",
          "socket.connection.setup.timeout.ms");

  /**
   * As a job with these settings reads it. Whom to trust is not taken from them: they are as good
   * as the Flink, or the file, that tells them, and a file that they name is another one here.
   *
   * @param kafka where Kafka is, as it is reached from this machine
   * @param others what is needed from this machine besides, such as the trust store
   * @param next what is recommended when no client can be made
   */
  public static JobTopic of(
      Settings settings, Destination kafka, Map<String, String> others, NextCommands next) {
    Map<String, String> properties = new TreeMap<>(settings.kafkaProperties());
    // How the job waits and fetches is tuned to a stream, not to a question.
    properties.keySet().retainAll(TO_REACH_KAFKA);
    properties.putAll(others);
    return new JobTopic(settings.kafkaTopic(), KafkaConnection.of(kafka, properties, next));
  }

  /** As a job with these settings reads it, by the Kafka of this cluster. */
  public static JobTopic of(Settings settings, Cluster cluster) {
    return of(settings, cluster.kafka(settings), cluster.kafkaProperties(), cluster.next());
  }

  /** Where Kafka is. */
  public String servers() {
    return connection.servers();
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
