package dev.trafficctl.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The secrets of one stack, kept in a file that its owner alone can read.
 *
 * @param postgresPassword the password of the job's database user
 * @param ownersPassword the password of the user who owns the database, or null where a version
 *     that had no such user has made the stack, and none was made yet
 * @param kafkaKey the SASL user name, or null without security
 * @param kafkaSecret the SASL password, or null without security
 */
record Secrets(
    String postgresPassword, String ownersPassword, String kafkaKey, String kafkaSecret) {
  private static final String POSTGRES_PASSWORD = "POSTGRES_PASSWORD";
  private static final String OWNERS_PASSWORD = "POSTGRES_OWNER_PASSWORD";
  private static final String KAFKA_KEY = "KAFKA_WEB_TRAFFIC_KEY";
  private static final String KAFKA_SECRET = "KAFKA_WEB_TRAFFIC_SECRET";
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  /**
   * The secrets of the stack in a directory, made and written there first if there are none yet.
   */
  static Secrets in(StackDirectory directory, Security security) {
    Path file = directory.secrets();
    try {
      if (!Files.exists(file)) {
        boolean sasl = security == Security.SASL_SSL;
        new Secrets(random(32), random(32), sasl ? random(16) : null, sasl ? random(48) : null)
            .write(file);
      }
      Map<String, String> read =
          Files.readAllLines(file).stream()
              .map(line -> line.split("=", 2))
              .filter(pair -> pair.length == 2)
              .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
      boolean whole =
          security == Security.SASL_SSL
              ? read.keySet().containsAll(List.of(POSTGRES_PASSWORD, KAFKA_KEY, KAFKA_SECRET))
              : read.containsKey(POSTGRES_PASSWORD);
      if (!whole) {
        throw new IOException("a secret is missing");
      }
      return new Secrets(
          read.get(POSTGRES_PASSWORD),
          read.get(OWNERS_PASSWORD),
          read.get(KAFKA_KEY),
          read.get(KAFKA_SECRET));
    } catch (IOException | IllegalStateException e) {
      throw new StackException("cannot read " + file + ": " + directory.startAnew(), e);
    }
  }

  /**
   * The same with an owner's password, which is made and written first if there is none yet. Two
   * must not do so at the same time.
   */
  Secrets withOwner(StackDirectory directory) {
    if (ownersPassword != null) {
      return this;
    }
    Secrets whole = new Secrets(postgresPassword, random(32), kafkaKey, kafkaSecret);
    try {
      whole.write(directory.secrets());
    } catch (IOException e) {
      throw new StackException("cannot write " + directory.secrets() + ": " + e.getMessage(), e);
    }
    return whole;
  }

  private void write(Path file) throws IOException {
    Map<String, String> all = new TreeMap<>(environment());
    all.put(OWNERS_PASSWORD, ownersPassword);
    StackDirectory.writeForOwner(
        file,
        all.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
            .collect(Collectors.joining()));
  }

  /** The environment variables in which processes are given the secrets of the job. */
  Map<String, String> environment() {
    Map<String, String> environment = new TreeMap<>();
    environment.put(POSTGRES_PASSWORD, postgresPassword);
    if (kafkaKey != null) {
      environment.put(KAFKA_KEY, kafkaKey);
      environment.put(KAFKA_SECRET, kafkaSecret);
    }
    return environment;
  }

  @Override
  public String toString() {
    return "Secrets[hidden]";
  }

  private static String random(int length) {
    return new SecureRandom()
        .ints(length, 0, ALPHABET.length())
        .mapToObj(index -> ALPHABET.substring(index, index + 1))
        .collect(Collectors.joining());
  }
}
