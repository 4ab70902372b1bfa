package dev.trafficctl.model;

import java.util.Arrays;
import java.util.Optional;

/**
 * The settings of the job, with the names under which arguments and the environment give them.
 *
 * <p>An argument wins over the environment, and the environment over the default.
 */
public enum Setting {
  /** Where the Kafka brokers are. */
  KAFKA_URL("kafka-url", "KAFKA_URL", null, "bootstrap servers, as host:port[,host:port...]"),
  /** What is read. */
  KAFKA_TOPIC("kafka-topic", "KAFKA_TOPIC", "web-traffic", "the topic to read"),
  /** Under which name offsets are committed. */
  KAFKA_GROUP(
      "kafka-group", "KAFKA_GROUP", "traffic", "the group under which offsets are committed"),
  /** Where reading starts when there is no state to restore. */
  STARTING_OFFSETS(
      "starting-offsets",
      null,
      "committed:earliest",
      "where to start without restored state: earliest | latest | committed[:earliest|:latest]"
          + " | timestamp:<ISO-8601 with zone, or epoch milliseconds>"
          + " | offsets:<partition>=<offset>,..."),
  /** How soon partitions that were added to the topic are found. */
  PARTITION_DISCOVERY_INTERVAL(
      "partition-discovery-interval",
      null,
      "30s",
      "how often the topic is searched for new partitions"),
  /** The database. */
  POSTGRES_URL(
      "postgres-url", "POSTGRES_URL", null, "the database, as jdbc:postgresql://host:port/name"),
  /** The database user. */
  POSTGRES_USER("postgres-user", "POSTGRES_USER", null, "the database user"),
  /** Where events are written in the database. */
  TABLE(
      "table",
      "POSTGRES_TABLE",
      TableNames.DEFAULT.events(),
      "the table for events; rejected events go to NAME_rejected, those of processed_events to"
          + " rejected_events"),
  /** Which events nobody cares about. */
  FILTER(
      "filter", null, null, "the filter rules as one YAML document; the built-in rules without it"),
  /** How far out of order events of one partition may be. */
  OUT_OF_ORDERNESS(
      "out-of-orderness", null, "5s", "how far events of one partition may be out of order"),
  /** From when on an event is marked late. */
  ALLOWED_LATENESS(
      "allowed-lateness",
      null,
      "1m",
      "an event further behind the watermark is marked late; it is written all the same"),
  /** When a silent partition no longer holds the watermark back. */
  IDLE_TIMEOUT(
      "idle-timeout", null, "30s", "a partition silent for so long no longer holds the watermark"),
  /** From when on an event's time is refused. */
  MAX_AHEAD(
      "max-ahead",
      null,
      "10m",
      "an event whose time is further ahead of Kafka's own timestamp is rejected"),
  /** What becomes of events with fields that an event does not have. */
  UNKNOWN_FIELDS(
      "unknown-fields",
      null,
      "ignore",
      "ignore | reject: a field that an event does not have is passed over and counted, or its event"
          + " is rejected"),
  /** How the times of events are written. */
  EVENT_TIME_FORMAT(
      "event-time-format",
      null,
      "iso",
      "iso | iso-utc | epoch-seconds | epoch-millis: what event_time may be besides ISO-8601 with a"
          + " zone, which is always read: nothing; ISO-8601 in UTC without one; a number of seconds"
          + " or milliseconds"),
  /** How often a checkpoint is taken. */
  CHECKPOINT_INTERVAL("checkpoint-interval", null, "10s", "the time between two checkpoints"),
  /** The most subtasks that state can ever be spread over. */
  MAX_PARALLELISM(
      "max-parallelism", null, "128", "the highest parallelism the job can ever be rescaled to"),
  /** How many rows go to Postgres at once. */
  BATCH_ROWS("batch-rows", null, "5000", "the most rows in one COPY"),
  /** How long a row waits for its batch to fill. */
  BATCH_INTERVAL("batch-interval", null, "0.2s", "the longest that a row waits for its batch"),
  /** The name under which the job is listed. */
  JOB_NAME("job-name", null, "traffic", "the job's name in Flink");

  /**
   * What a passed-through Kafka property's name begins with, as in {@code --kafka.fetch.min.bytes}.
   */
  public static final String KAFKA_PREFIX = "kafka.";

  private final String argument;
  private final String variable;
  private final String defaultValue;
  private final String help;

  Setting(String argument, String variable, String defaultValue, String help) {
    this.argument = argument;
    this.variable = variable;
    this.defaultValue = defaultValue;
    this.help = help;
  }

  /** The setting with an argument's name, given without its leading dashes. */
  public static Optional<Setting> of(String argument) {
    return Arrays.stream(values()).filter(s -> s.argument.equals(argument)).findFirst();
  }

  /** The name as an argument, without its leading dashes. */
  public String argument() {
    return argument;
  }

  /** The environment variable's name, if the environment can give this setting. */
  public Optional<String> variable() {
    return Optional.ofNullable(variable);
  }

  /** The default as it would be written in an argument, if there is one. */
  public Optional<String> defaultValue() {
    return Optional.ofNullable(defaultValue);
  }

  /** What it is for, in a few words. */
  public String help() {
    return help;
  }
}
