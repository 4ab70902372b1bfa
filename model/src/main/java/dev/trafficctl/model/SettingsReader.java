package dev.trafficctl.model;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads the settings, and collects their problems, so that all of these can be told at once. */
final class SettingsReader {
  /** Flink and Kafka count them in milliseconds, and take 0 for never. */
  private static final Duration SHORTEST = Duration.ofMillis(1);

  /** Flink's own bound. */
  private static final Duration SHORTEST_BETWEEN_CHECKPOINTS = Duration.ofMillis(10);

  private static final Duration LONGEST = Duration.ofDays(7);

  private final Map<String, String> environment;
  private final boolean partly;
  private final Map<Setting, String> given = new EnumMap<>(Setting.class);
  private final SortedMap<String, String> kafkaProperties = new TreeMap<>();
  private final List<String> problems = new ArrayList<>();

  /**
   * Reads arguments.
   *
   * @param partly whether others may be added, so that none is missing
   */
  SettingsReader(List<String> arguments, Map<String, String> environment, boolean partly) {
    this.environment = environment;
    this.partly = partly;
    readArguments(arguments);
  }

  private void readArguments(List<String> arguments) {
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (!isName(argument)) {
        problems.add(
            "'" + Settings.shown(argument) + "' is not a setting; give --name value, see --help");
        continue;
      }
      int equals = argument.indexOf('=');
      String name = argument.substring(2, equals < 0 ? argument.length() : equals);
      String value = null;
      if (equals >= 0) {
        value = argument.substring(equals + 1);
      } else if (i + 1 < arguments.size() && !isName(arguments.get(i + 1))) {
        value = arguments.get(++i);
      }
      accept(name, value);
    }
  }

  /** A YAML document may begin with dashes as well, so dashes alone do not make a name. */
  private static boolean isName(String argument) {
    return argument.matches("(?s)--[a-zA-Z].*");
  }

  private void accept(String name, String value) {
    boolean kafka = name.startsWith(Setting.KAFKA_PREFIX);
    String property = kafka ? name.substring(Setting.KAFKA_PREFIX.length()) : null;
    if (kafka ? !Settings.KAFKA_PROPERTIES.contains(property) : Setting.of(name).isEmpty()) {
      problems.add(
          "--"
              + Settings.shown(name)
              + ": "
              + (SecretArguments.isSecret(name)
                  ? SecretArguments.NEVER
                  : kafka
                      ? "this Kafka property cannot be set; see --help for those that can"
                      : "there is no such setting; see --help"));
    } else if (value == null || value.isBlank()) {
      problems.add("--" + name + ": has no value; give one, or leave the setting out");
    } else if (kafka
        ? kafkaProperties.put(property, value) != null
        : given.put(Setting.of(name).orElseThrow(), value) != null) {
      problems.add("--" + name + ": is given twice; give it once");
    }
  }

  /**
   * The settings.
   *
   * @throws SettingsException with every problem at once
   */
  Settings read() {
    Settings settings =
        new Settings(
            required(Setting.KAFKA_URL, Settings::checkServers),
            required(Setting.KAFKA_TOPIC, this::topic),
            required(Setting.KAFKA_GROUP, Function.identity()),
            Collections.unmodifiableSortedMap(kafkaProperties),
            saslSsl(),
            required(Setting.STARTING_OFFSETS, StartingPosition::parse),
            required(Setting.PARTITION_DISCOVERY_INTERVAL, this::positive),
            required(Setting.POSTGRES_URL, Settings::checkJdbcUrl),
            required(Setting.POSTGRES_USER, Function.identity()),
            required(Setting.TABLE, TableNames::parse),
            optional(Setting.FILTER, this::filterRules),
            required(Setting.OUT_OF_ORDERNESS, this::time),
            required(Setting.ALLOWED_LATENESS, this::time),
            required(Setting.IDLE_TIMEOUT, this::positive),
            parsing(),
            required(Setting.CHECKPOINT_INTERVAL, this::checkpoint),
            number(Setting.MAX_PARALLELISM, 32_768),
            number(Setting.BATCH_ROWS, 100_000),
            required(Setting.BATCH_INTERVAL, this::positive),
            required(Setting.JOB_NAME, this::printable));
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
    return settings;
  }

  private boolean saslSsl() {
    boolean key = Secret.KAFKA_WEB_TRAFFIC_KEY.isGiven(environment::get);
    boolean secret = Secret.KAFKA_WEB_TRAFFIC_SECRET.isGiven(environment::get);
    if (key != secret) {
      problems.add(
          (key ? Secret.KAFKA_WEB_TRAFFIC_SECRET : Secret.KAFKA_WEB_TRAFFIC_KEY)
              + ": is missing; set both the key and the secret for SASL_SSL, or neither for"
              + " PLAINTEXT");
    }
    return key && secret;
  }

  private <T> T required(Setting setting, Function<String, T> reader) {
    String text = text(setting);
    if (text == null && partly) {
      return null;
    }
    if (text == null) {
      problems.add(
          "--"
              + setting.argument()
              + ": is missing; give it"
              + setting.variable().map(variable -> ", or set " + variable).orElse(""));
      return null;
    }
    try {
      return reader.apply(text);
    } catch (IllegalArgumentException e) {
      problems.add("--" + setting.argument() + ": " + e.getMessage());
      return null;
    }
  }

  private <T> T optional(Setting setting, Function<String, T> reader) {
    return text(setting) == null ? null : required(setting, reader);
  }

  private ParsingRules parsing() {
    Duration maxAhead = required(Setting.MAX_AHEAD, this::time);
    UnknownFields unknownFields = choice(Setting.UNKNOWN_FIELDS, UnknownFields.values());
    EventTimeFormat times = choice(Setting.EVENT_TIME_FORMAT, EventTimeFormat.values());
    return maxAhead == null ? null : new ParsingRules(maxAhead, unknownFields, times);
  }

  private <T extends Enum<T>> T choice(Setting setting, T[] choices) {
    return required(
        setting,
        text ->
            Arrays.stream(choices)
                .filter(choice -> Settings.text(choice).equals(text))
                .findFirst()
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "'"
                                + Settings.shown(text)
                                + "' is not one of "
                                + Arrays.stream(choices)
                                    .map(Settings::text)
                                    .collect(Collectors.joining(", ")))));
  }

  private int number(Setting setting, int most) {
    Integer number =
        required(
            setting,
            text -> {
              if (!text.matches("[0-9]{1,9}")
                  || Integer.parseInt(text) < 1
                  || Integer.parseInt(text) > most) {
                throw new IllegalArgumentException(
                    "'" + Settings.shown(text) + "' is not a whole number from 1 to " + most);
              }
              return Integer.parseInt(text);
            });
    return number == null ? 0 : number;
  }

  private String text(Setting setting) {
    String text = given.get(setting);
    if (text == null && setting.variable().isPresent()) {
      text = environment.get(setting.variable().get());
      if (text != null && text.isBlank()) {
        text = null;
      }
    }
    return text == null ? setting.defaultValue().orElse(null) : text;
  }

  private String topic(String text) {
    if (!text.matches("[a-zA-Z0-9._-]{1,249}")) {
      throw new IllegalArgumentException(
          "'"
              + Settings.shown(text)
              + "' is no topic name; it has up to 249 letters, digits, dots, dashes and"
              + " underscores");
    }
    return text;
  }

  private String filterRules(String text) {
    try {
      FilterRules.parse(text);
    } catch (FilterRulesException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    return text;
  }

  private String printable(String text) {
    if (!text.matches("[\\p{Graph} ]{1,200}")) {
      throw new IllegalArgumentException(
          "'" + Settings.shown(text) + "' is not up to 200 printable ASCII characters");
    }
    return text;
  }

  private Duration time(String text) {
    return LengthOfTime.parse(text, Duration.ZERO, LONGEST);
  }

  private Duration positive(String text) {
    return LengthOfTime.parse(text, SHORTEST, LONGEST);
  }

  private Duration checkpoint(String text) {
    return LengthOfTime.parse(text, SHORTEST_BETWEEN_CHECKPOINTS, LONGEST);
  }
}
