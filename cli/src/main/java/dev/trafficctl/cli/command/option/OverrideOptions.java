package dev.trafficctl.cli.command.option;

import dev.trafficctl.cli.context.Overrides;
import picocli.CommandLine.Option;

/** The options that win over what a context says besides Flink's address. */
public final class OverrideOptions {
  @Option(
      names = "--kafka-url",
      paramLabel = "HOST:PORT,...",
      description = "Kafka's bootstrap servers, as they are reached from here.")
  String kafkaUrl;

  @Option(
      names = "--postgres-url",
      paramLabel = "URL",
      description = "The database, as jdbc:postgresql://host:port/name.")
  String postgresUrl;

  @Option(names = "--postgres-user", paramLabel = "USER", description = "The database user.")
  String postgresUser;

  @Option(names = "--savepoints", paramLabel = "DIR", description = "Where savepoints go.")
  String savepoints;

  @Option(
      names = "--checkpoints",
      paramLabel = "DIR",
      description = "Where retained checkpoints lie.")
  String checkpoints;

  /** The same as values; null where an option is not given. */
  public Overrides overrides() {
    return new Overrides(kafkaUrl, postgresUrl, postgresUser, savepoints, checkpoints);
  }
}
