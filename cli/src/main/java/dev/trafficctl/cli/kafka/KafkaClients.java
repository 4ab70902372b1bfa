package dev.trafficctl.cli.kafka;

import dev.trafficctl.cli.process.NextCommands;
import dev.trafficctl.kafka.FirstLook;
import dev.trafficctl.kafka.NotKafkaException;
import dev.trafficctl.kafka.PollBudget;
import dev.trafficctl.model.EventParser;
import dev.trafficctl.model.StoredValues;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;

/**
 * Makes the clients of one Kafka, after a first look at who answers where they connect to. Each
 * throws a {@link dev.trafficctl.cli.process.CommandException} when that is not Kafka, or the
 * client cannot be made.
 */
final class KafkaClients {
  private final NextCommands next;

  /** With what is recommended when the connection leads to none. */
  KafkaClients(KafkaConnection connection) {
    this.next = connection.next();
  }

  /** One for questions. */
  Admin admin(Properties properties) {
    look(properties);
    try {
      return Admin.create(properties);
    } catch (KafkaException e) {
      throw KafkaFailure.ofClient(e, servers(properties), next);
    }
  }

  /**
   * One that reads, which holds as much as the job's at once, and which Kafka answers as soon as it
   * has a single event.
   */
  Consumer<byte[], byte[]> consumer(Properties properties) {
    look(properties);
    return another(properties);
  }

  /** The same once more, with addresses at which a client has been made before. */
  Consumer<byte[], byte[]> another(Properties properties) {
    Properties bounded = new Properties();
    bounded.putAll(properties);
    bounded.setProperty(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, "1");
    PollBudget budget = new PollBudget(EventParser.MAX_VALUE_BYTES, StoredValues.MAX_PAYLOAD);
    budget.applyTo(bounded);
    try {
      KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(bounded);
      budget.bound(consumer);
      return consumer;
    } catch (KafkaException e) {
      throw KafkaFailure.ofClient(e, servers(properties), next);
    }
  }

  private void look(Properties properties) {
    try {
      FirstLook.before(properties);
    } catch (NotKafkaException e) {
      throw KafkaFailure.ofClient(e, servers(properties), next);
    }
  }

  private static Object servers(Properties properties) {
    return properties.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);
  }
}
