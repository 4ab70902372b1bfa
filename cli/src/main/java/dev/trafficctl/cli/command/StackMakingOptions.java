package dev.trafficctl.cli.command;

import dev.trafficctl.local.Security;
import dev.trafficctl.local.StackOptions;
import picocli.CommandLine.Option;

/** The options that say how a local stack is made. */
public final class StackMakingOptions {
  @Option(
      names = "--taskmanagers",
      paramLabel = "N",
      defaultValue = "1",
      description = "How many TaskManagers; may grow later. Default: ${DEFAULT-VALUE}.")
  int taskManagers;

  @Option(
      names = "--slots",
      paramLabel = "N",
      defaultValue = "2",
      description = "Slots of each TaskManager. Default: ${DEFAULT-VALUE}.")
  int slots;

  @Option(
      names = "--security",
      paramLabel = "plaintext|sasl_ssl",
      defaultValue = "plaintext",
      description = "How clients reach Kafka. Default: ${DEFAULT-VALUE}.")
  Security security;

  @Option(
      names = "--kafka-port",
      paramLabel = "PORT",
      defaultValue = "9092",
      description = "Kafka's port, 0 for any free one. Default: ${DEFAULT-VALUE}.")
  int kafkaPort;

  @Option(
      names = "--postgres-port",
      paramLabel = "PORT",
      defaultValue = "5432",
      description = "Postgres' port, 0 for any free one. Default: ${DEFAULT-VALUE}.")
  int postgresPort;

  @Option(
      names = "--flink-port",
      paramLabel = "PORT",
      defaultValue = "8081",
      description = "The port of Flink's REST API, 0 for any free one. Default: ${DEFAULT-VALUE}.")
  int flinkPort;

  StackOptions options() {
    return new StackOptions(taskManagers, slots, security, kafkaPort, postgresPort, flinkPort);
  }
}
