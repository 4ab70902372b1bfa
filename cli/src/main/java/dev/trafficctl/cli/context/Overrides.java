package dev.trafficctl.cli.context;

import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import java.util.ArrayList;
import java.util.List;

/**
 * What flags say instead of a context; what is null was not given. No secret is among it.
 *
 * @param kafkaUrl Kafka's bootstrap servers
 * @param postgresUrl the JDBC URL
 * @param postgresUser the database user
 * @param savepoints where savepoints go, as Flink takes it
 * @param checkpoints where retained checkpoints lie
 */
public record Overrides(
    String kafkaUrl,
    String postgresUrl,
    String postgresUser,
    String savepoints,
    String checkpoints) {
  /** Nothing. */
  public static final Overrides NONE = new Overrides(null, null, null, null, null);

  /**
   * As it was given.
   *
   * @throws CommandException with {@link ExitCode#USAGE} when something of it cannot be used
   */
  public Overrides {
    try {
      ContextRules.check(kafkaUrl, postgresUrl, postgresUser, savepoints, checkpoints);
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCode.USAGE, e.getMessage(), e);
    }
  }

  /** The options as they were given, to be repeated in a command that is recommended. */
  public List<String> flags() {
    List<String> flags = new ArrayList<>();
    add(flags, "--kafka-url", kafkaUrl);
    add(flags, "--postgres-url", postgresUrl);
    add(flags, "--postgres-user", postgresUser);
    add(flags, "--savepoints", savepoints);
    add(flags, "--checkpoints", checkpoints);
    return flags;
  }

  private static void add(List<String> flags, String option, String value) {
    if (value != null) {
      flags.add(option);
      flags.add(value);
    }
  }
}
