package dev.trafficctl.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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

  /** Whether the environment holds this secret or names a file for it. */
  public boolean isGiven(Map<String, String> environment) {
    return present(environment.get(name())) || present(environment.get(fileVariable()));
  }

  /**
   * The secret's value, or nothing when it is not given.
   *
   * @throws SettingsException when its file cannot be read, or can be read by others; the message
   *     holds no secret
   */
  public Optional<String> resolve(Map<String, String> environment) {
    if (present(environment.get(name()))) {
      return Optional.of(environment.get(name()));
    }
    return present(environment.get(fileVariable()))
        ? Optional.of(read(Path.of(environment.get(fileVariable()))))
        : Optional.empty();
  }

  private String read(Path file) {
    try {
      if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        boolean ownerAlone =
            permissions.stream().allMatch(permission -> permission.name().startsWith("OWNER_"));
        if (!ownerAlone) {
          throw problem(file + " can be read by others; run chmod 600 on it");
        }
      }
      String text = Files.readString(file).strip();
      if (text.isEmpty()) {
        throw problem(file + " is empty; write the secret into it");
      }
      return text;
    } catch (IOException e) {
      throw problem(file + " cannot be read; check that it exists and who owns it");
    }
  }

  private SettingsException problem(String text) {
    return new SettingsException(List.of(fileVariable() + ": " + text));
  }

  private static boolean present(String value) {
    return value != null && !value.isBlank();
  }
}
