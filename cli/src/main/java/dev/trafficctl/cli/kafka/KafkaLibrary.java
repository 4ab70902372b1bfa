package dev.trafficctl.cli.kafka;

import java.lang.management.ManagementFactory;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Kafka's client library. */
public final class KafkaLibrary {
  private KafkaLibrary() {}

  /** Loads what every client needs first and takes longest, JMX included; connects to nothing. */
  public static void load() {
    ManagementFactory.getPlatformMBeanServer();
    AdminClientConfig.configNames();
    ConsumerConfig.configNames();
    ApiKeys.clientApis();
    Errors.values();
  }
}
