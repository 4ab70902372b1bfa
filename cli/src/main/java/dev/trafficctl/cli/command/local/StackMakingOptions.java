package dev.trafficctl.cli.command.local;

import dev.trafficctl.cli.command.option.IntegerConverter;
import dev.trafficctl.local.LocalStack;
import dev.trafficctl.local.Security;
import dev.trafficctl.local.StackOptions;
import picocli.CommandLine.Option;

/** The options that say how a local stack is made. */
public final class StackMakingOptions {
  @Option(
      names = "--taskmanagers",
      paramLabel = "N",
      converter = IntegerConverter.TaskManagers.class,
      description = "How many TaskManagers; may grow later. Default of a new stack: 1.")
  Integer taskManagers;

  @Option(
      names = "--slots",
      paramLabel = "N",
      converter = IntegerConverter.Slots.class,
      description = "Slots of each TaskManager. Default of a new stack: 2.")
  Integer slots;

  @Option(
      names = "--security",
      paramLabel = "plaintext|sasl_ssl",
      description = "How clients reach Kafka. Default of a new stack: plaintext.")
  Security security;

  @Option(
      names = "--kafka-port",
      paramLabel = "PORT",
      converter = IntegerConverter.Port.class,
      description = "Kafka's port, 0 for any free one. Default of a new stack: 9092.")
  Integer kafkaPort;

  @Option(
      names = "--postgres-port",
      paramLabel = "PORT",
      converter = IntegerConverter.Port.class,
      description = "Postgres' port, 0 for any free one. Default of a new stack: 5432.")
  Integer postgresPort;

  @Option(
      names = "--flink-port",
      paramLabel = "PORT",
      converter = IntegerConverter.Port.class,
      description =
          "The port of Flink's REST API, 0 for any free one. Default of a new stack: 8081.")
  Integer flinkPort;

  /** For a stack that is there already, what was not named is as it was made. */
  StackOptions options(LocalStack stack) {
    StackOptions usual = stack.madeWith().orElse(StackOptions.defaults());
    return new StackOptions(
        taskManagers == null ? usual.taskManagers() : taskManagers,
        slots == null ? usual.slots() : slots,
        security == null ? usual.security() : security,
        kafkaPort == null ? usual.kafkaPort() : kafkaPort,
        postgresPort == null ? usual.postgresPort() : postgresPort,
        flinkPort == null ? usual.flinkPort() : flinkPort);
  }
}
