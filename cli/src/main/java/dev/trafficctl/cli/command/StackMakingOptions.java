package dev.trafficctl.cli.command;

import dev.trafficctl.local.LocalStack;
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
      description = "Kafka's port, 0 for any free one. Default of a new stack: 9092.")
  Integer kafkaPort;

  @Option(
      names = "--postgres-port",
      paramLabel = "PORT",
      description = "Postgres' port, 0 for any free one. Default of a new stack: 5432.")
  Integer postgresPort;

  @Option(
      names = "--flink-port",
      paramLabel = "PORT",
      description =
          "The port of Flink's REST API, 0 for any free one. Default of a new stack: 8081.")
  Integer flinkPort;

  /** For a stack that is there already, a port that was not named is the one it has. */
  StackOptions options(LocalStack stack) {
    StackOptions usual =
        stack.addresses().isEmpty() ? StackOptions.defaults() : StackOptions.onFreePorts();
    return new StackOptions(
        taskManagers,
        slots,
        security,
        kafkaPort == null ? usual.kafkaPort() : kafkaPort,
        postgresPort == null ? usual.postgresPort() : postgresPort,
        flinkPort == null ? usual.flinkPort() : flinkPort);
  }
}
