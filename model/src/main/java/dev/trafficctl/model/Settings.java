package dev.trafficctl.model;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * The job's settings, checked. None of them is a secret: those are read from the environment where
 * they are used (see {@link Secret}).
 *
 * @param kafkaUrl bootstrap servers, as host:port separated by commas
 * @param kafkaTopic the topic to read
 * @param kafkaGroup the group under which offsets are committed
 * @param kafkaProperties further properties of Kafka clients, each from {@link #KAFKA_PROPERTIES}
 * @param saslSsl whether Kafka is reached by SASL_SSL, because a key and a secret are at hand
 * @param startingPosition where to start without restored state
 * @param partitionDiscoveryInterval how often the topic is searched for new partitions
 * @param postgresUrl the JDBC URL
 * @param postgresUser the database user
 * @param tables the tables that are written
 * @param filter the filter rules as YAML, or null for the built-in rules
 * @param outOfOrderness how far events of one partition may be out of order
 * @param allowedLateness how far behind the watermark an event is not yet late
 * @param idleTimeout how long a silent partition holds the watermark back
 * @param parsing how records are read as events
 * @param checkpointInterval the time between two checkpoints
 * @param maxParallelism the highest parallelism, 1 to 32768
 * @param batchRows the most rows in one COPY, 1 to 100000
 * @param batchInterval the longest that a row waits for its batch
 * @param jobName the job's name in Flink
 */
public record Settings(
    String kafkaUrl,
    String kafkaTopic,
    String kafkaGroup,
    SortedMap<String, String> kafkaProperties,
    boolean saslSsl,
    StartingPosition startingPosition,
    Duration partitionDiscoveryInterval,
    String postgresUrl,
    String postgresUser,
    TableNames tables,
    String filter,
    Duration outOfOrderness,
    Duration allowedLateness,
    Duration idleTimeout,
    ParsingRules parsing,
    Duration checkpointInterval,
    int maxParallelism,
    int batchRows,
    Duration batchInterval,
    String jobName) {

  /**
   * The Kafka properties that may be given as {@code --kafka.NAME}: those that tune the network and
   * say what to trust. The others would carry a secret, or break what the job promises.
   */
  public static final Set<String> KAFKA_PROPERTIES =
      Set.of(
          "client.dns.lookup",
          "client.rack",
          "connections.max.idle.ms",
          "default.api.timeout.ms",
          "fetch.max.bytes",
          "fetch.max.wait.ms",
          "fetch.min.bytes",
          "max.partition.fetch.bytes",
          "max.poll.records",
          "metadata.max.age.ms",
          "receive.buffer.bytes",
          "reconnect.backoff.max.ms",
          "reconnect.backoff.ms",
          "request.timeout.ms",
          "socket.connection.setup.timeout.max.ms",
          "socket.connection.setup.timeout.ms",
          "ssl.enabled.protocols",
          "ssl.protocol",
          "ssl.truststore.location",
          "ssl.truststore.type");

  /**
   * Reads the settings from arguments ({@code --name value} or {@code --name=value}) and the
   * environment.
   *
   * @throws SettingsException with every problem at once
   */
  public static Settings parse(List<String> arguments, Map<String, String> environment) {
    return new SettingsReader(arguments, environment, false).read();
  }

  /**
   * The arguments that make the same settings again on a machine with the same secrets, whatever
   * else its environment holds. Settings at their default are left out.
   */
  public List<String> toArguments() {
    Map<Setting, String> values = new EnumMap<>(Setting.class);
    values.put(Setting.KAFKA_URL, kafkaUrl);
    values.put(Setting.KAFKA_TOPIC, kafkaTopic);
    values.put(Setting.KAFKA_GROUP, kafkaGroup);
    values.put(Setting.STARTING_OFFSETS, startingPosition.text());
    values.put(Setting.PARTITION_DISCOVERY_INTERVAL, LengthOfTime.text(partitionDiscoveryInterval));
    values.put(Setting.POSTGRES_URL, postgresUrl);
    values.put(Setting.POSTGRES_USER, postgresUser);
    values.put(Setting.TABLE, tables.events());
    if (filter != null) {
      values.put(Setting.FILTER, filter);
    }
    values.put(Setting.OUT_OF_ORDERNESS, LengthOfTime.text(outOfOrderness));
    values.put(Setting.ALLOWED_LATENESS, LengthOfTime.text(allowedLateness));
    values.put(Setting.IDLE_TIMEOUT, LengthOfTime.text(idleTimeout));
    values.put(Setting.MAX_AHEAD, LengthOfTime.text(parsing.maxAhead()));
    values.put(Setting.UNKNOWN_FIELDS, text(parsing.unknownFields()));
    values.put(Setting.EVENT_TIME_FORMAT, text(parsing.eventTimeFormat()));
    values.put(Setting.CHECKPOINT_INTERVAL, LengthOfTime.text(checkpointInterval));
    values.put(Setting.MAX_PARALLELISM, Integer.toString(maxParallelism));
    values.put(Setting.BATCH_ROWS, Integer.toString(batchRows));
    values.put(Setting.BATCH_INTERVAL, LengthOfTime.text(batchInterval));
    values.put(Setting.JOB_NAME, jobName);

    List<String> arguments = new ArrayList<>();
    values.forEach(
        (setting, value) -> {
          // What the environment can give is always written, lest another environment change it.
          if (setting.variable().isPresent()
              || !setting.defaultValue().map(value::equals).orElse(false)) {
            arguments.add("--" + setting.argument());
            arguments.add(value);
          }
        });
    kafkaProperties.forEach(
        (name, value) -> {
          arguments.add("--" + Setting.KAFKA_PREFIX + name);
          arguments.add(value);
        });
    return arguments;
  }

  static String text(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Checks arguments to which the environment of another machine may add: what is missing is not
   * missed.
   *
   * @throws SettingsException with everything that is wrong with them whatever is added
   */
  public static void checkGiven(List<String> arguments) {
    new SettingsReader(arguments, Map.of(), true).read();
  }

  /** What {@code --help} says of the settings, a paragraph each. */
  public static String help() {
    StringBuilder help = new StringBuilder("Settings (--name value or --name=value):\n");
    for (Setting setting : Setting.values()) {
      help.append("  --").append(setting.argument());
      setting.variable().ifPresent(variable -> help.append("  (or ").append(variable).append(')'));
      help.append("\n      ").append(setting.help());
      setting.defaultValue().ifPresent(value -> help.append("; default ").append(value));
      help.append('\n');
    }
    help.append("  --")
        .append(Setting.KAFKA_PREFIX)
        .append("NAME\n      a Kafka client property: ");
    help.append(String.join(", ", new TreeSet<>(KAFKA_PROPERTIES))).append('\n');
    help.append("Secrets (environment of the Flink processes only, or a file that they name):\n");
    for (Secret secret : Secret.values()) {
      help.append("  ").append(secret.name()).append(" or ").append(secret.fileVariable());
      help.append("\n      ").append(secret.help()).append('\n');
    }
    return help.toString();
  }

  /**
   * Returns bootstrap servers as they are if they are host:port, separated by commas.
   *
   * @throws IllegalArgumentException with what is wrong and an example; it repeats no password
   */
  public static String checkServers(String text) {
    refuseSecret(Setting.KAFKA_URL, text);
    for (String server : text.split(",", -1)) {
      String port = server.substring(server.lastIndexOf(':') + 1);
      boolean wellFormed =
          server.lastIndexOf(':') > 0
              && !server.contains("/")
              && port.matches("[0-9]{1,5}")
              && Integer.parseInt(port) >= 1
              && Integer.parseInt(port) <= 65_535;
      if (!wellFormed) {
        throw new IllegalArgumentException(
            "'" + shown(server) + "' is not host:port; give for example broker-1:9092");
      }
    }
    return text;
  }

  /**
   * Returns a database's URL as it is if it is one of Postgres without a password in it, and
   * without a parameter that its driver does not know.
   *
   * @throws IllegalArgumentException with what is wrong; the URL is no part of the message
   */
  public static String checkJdbcUrl(String text) {
    if (!text.startsWith("jdbc:postgresql:")) {
      throw new IllegalArgumentException(
          "is no Postgres URL; give jdbc:postgresql://host:port/database");
    }
    refuseSecret(Setting.POSTGRES_URL, text);
    return text;
  }

  private static void refuseSecret(Setting setting, String text) {
    SecretArguments.problem(setting.argument(), text)
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException(problem);
            });
  }

  /** A part of a text that is safe to repeat: without control characters, and not too long. */
  static String shown(String text) {
    String safe = text.replaceAll("\\p{Cntrl}", "?");
    return safe.length() > 60 ? safe.substring(0, 60) + "..." : safe;
  }
}
