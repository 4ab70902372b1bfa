package dev.trafficctl.job;

import dev.trafficctl.kafka.FirstLook;
import dev.trafficctl.kafka.PollBudget;
import dev.trafficctl.model.Settings;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.security.plain.PlainLoginModule;

/** The properties of the job's Kafka clients. They hold no secret, so they may travel. */
final class ClientProperties {
  private static final String TEN_SECONDS = "10000";

  private ClientProperties() {}

  /** What every client needs: where the brokers are and how to reach them. */
  static Properties common(Settings settings) {
    Properties properties = new Properties();
    properties.setProperty(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.kafkaUrl());
    if (settings.saslSsl()) {
      properties.setProperty(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "SASL_SSL");
      properties.setProperty(SaslConfigs.SASL_MECHANISM, "PLAIN");
      properties.setProperty(
          SaslConfigs.SASL_JAAS_CONFIG, PlainLoginModule.class.getName() + " required;");
      properties.setProperty(
          SaslConfigs.SASL_CLIENT_CALLBACK_HANDLER_CLASS, EnvironmentCredentials.class.getName());
    }
    properties.putAll(settings.kafkaProperties());
    return properties;
  }

  /** What the source's consumers need. */
  static Properties consumer(Settings settings) {
    Properties properties = new Properties();
    properties.setProperty(ConsumerConfig.GROUP_ID_CONFIG, settings.kafkaGroup());
    // An event of an aborted transaction never happened.
    properties.setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    // Large answers drain a backlog fast; fetch.min.bytes stays 1, so a quiet topic does not wait.
    // What one poll hands over should still fit the processor's cache when it is parsed.
    properties.setProperty(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "1000");
    properties.setProperty(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, "4194304");
    properties.setProperty(ConsumerConfig.RECEIVE_BUFFER_CONFIG, "1048576");
    properties.putAll(common(settings));
    return properties;
  }

  /** A consumer without a group that looks at a record here and there. */
  static KafkaConsumer<byte[], byte[]> oneRecord(Properties common) {
    Properties properties = new Properties();
    properties.putAll(common);
    properties.setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.setProperty(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    properties.setProperty(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "1");
    properties.setProperty(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, "1");
    PollBudget budget = new PollBudget(1, 1);
    budget.applyTo(properties);
    KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties);
    budget.bound(consumer);
    return consumer;
  }

  /**
   * A client for questions about topics and offsets; each call gives up after ten seconds.
   *
   * @throws dev.trafficctl.kafka.NotKafkaException when something else than Kafka answers there
   */
  static Admin admin(Properties common) {
    Properties properties = new Properties();
    properties.putAll(common);
    properties.keySet().retainAll(AdminClientConfig.configNames());
    properties.setProperty(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TEN_SECONDS);
    properties.setProperty(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TEN_SECONDS);
    FirstLook.before(properties);
    return Admin.create(properties);
  }
}
