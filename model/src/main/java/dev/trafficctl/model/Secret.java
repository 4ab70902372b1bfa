package dev.trafficctl.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The secrets, each resolved in the process that uses it and nowhere else: from the environment
 * variable of its name, or from a file that the variable with {@code _FILE} behind its name points
 * to and that its owner alone can read.
 */
public enum Secret {
  /** The user of SASL PLAIN, or the API key of Confluent Cloud. */
  KAFKA_WEB_TRAFFIC_KEY(
      "the key (user) for Kafka; with the secret it makes the connection SASL_SSL"),
  /** The password of SASL PLAIN, or the API secret of Confluent Cloud. */
  KAFKA_WEB_TRAFFIC_SECRET("the secret (password) for Kafka"),
  /** The database user's password. */
  POSTGRES_PASSWORD("the database user's password");

  private final String help;

  Secret(String help) {
    this.help = help;
  }

  /** What it is for, in a few words. */
  public String help() {
    return help;
  }

  /** The environment variable that names a file with the secret. */
  public String fileVariable() {
    return name() + "_FILE";
  }

  /** Whether the environment, asked by a variable's name, holds this secret or names its file. */
  public boolean isGiven(Function<String, String> environment) {
    return isGiven(environment, name()) || isGiven(environment, fileVariable());
  }

  private static boolean isGiven(Function<String, String> environment, String variable) {
    String value = environment.apply(variable);
    return value != null && !value.isBlank();
  }

  /**
   * The secret's value, or nothing when it is not given.
   *
   * @param environment gives the value of an environment variable, or null
   * @throws SettingsException when it is given twice, or its file cannot be read or can be read by
   *     others; the message holds no secret
   */
  public Optional<String> resolve(Function<String, String> environment) {
    if (!isGiven(environment, fileVariable())) {
      return isGiven(environment, name())
          ? Optional.of(environment.apply(name()))
          : Optional.empty();
    }
    if (isGiven(environment, name())) {
      throw problem(name() + " is set as well; unset one of the two");
    }
    return Optional.of(read(Path.of(environment.apply(fileVariable()))));
  }

  private String read(Path file) {
    try {
      return SecretFile.read(file);
    } catch (SecretFile.UnusableException e) {
      throw problem(e.getMessage());
    }
  }

  private SettingsException problem(String text) {
    return new SettingsException(List.of(fileVariable() + ": " + text));
  }
}
