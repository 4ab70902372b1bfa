package dev.trafficctl.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "KAFKA_URL", "broker-1:9092,broker-2:9092",
          "POSTGRES_URL", "jdbc:postgresql://db:5432/traffic",
          "POSTGRES_USER", "traffic");

  @Test
  void takesWhatTheEnvironmentGivesAndDefaultsForTheRest() {
    Settings settings = Settings.parse(List.of(), ENVIRONMENT);

    assertThat(settings.kafkaUrl()).isEqualTo("broker-1:9092,broker-2:9092");
    assertThat(settings.kafkaTopic()).isEqualTo("web-traffic");
    assertThat(settings.saslSsl()).isFalse();
    assertThat(settings.startingPosition())
        .isEqualTo(new StartingPosition.Committed(StartingPosition.Otherwise.EARLIEST));
    assertThat(settings.checkpointInterval()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.batchInterval()).isEqualTo(Duration.ofMillis(200));
    assertThat(settings.maxParallelism()).isEqualTo(128);
    assertThat(settings.filter()).isNull();
    assertThat(settings.parsing())
        .isEqualTo(
            new ParsingRules(Duration.ofMinutes(10), UnknownFields.IGNORE, EventTimeFormat.ISO));
  }

  @Test
  void theTableIsAnArgumentOrOfTheEnvironment() {
    Map<String, String> environment = new HashMap<>(ENVIRONMENT);
    environment.put("POSTGRES_TABLE", "Meine Zugriffe");

    assertThat(Settings.parse(List.of(), ENVIRONMENT).tables()).isEqualTo(TableNames.DEFAULT);
    assertThat(Settings.parse(List.of(), environment).tables().rejected())
        .isEqualTo("Meine Zugriffe_rejected");
    assertThat(Settings.parse(List.of("--table", "traffic_events"), environment).tables().events())
        .isEqualTo("traffic_events");
    assertThatThrownBy(() -> Settings.parse(List.of("--table=a.b"), ENVIRONMENT))
        .hasMessageStartingWith("--table: 'a.b' has a dot; ");
  }

  @Test
  void saysHowRecordsAreReadAsEvents() {
    Settings settings =
        Settings.parse(
            List.of(
                "--max-ahead=1h", "--unknown-fields=reject", "--event-time-format=epoch-millis"),
            ENVIRONMENT);

    assertThat(settings.parsing())
        .isEqualTo(
            new ParsingRules(
                Duration.ofHours(1), UnknownFields.REJECT, EventTimeFormat.EPOCH_MILLIS));
    assertThat(Settings.parse(settings.toArguments(), Map.of())).isEqualTo(settings);
    assertThat(settings.toArguments())
        .endsWith("--unknown-fields", "reject", "--event-time-format", "epoch-millis");
    assertThatThrownBy(
            () ->
                Settings.parse(
                    List.of("--unknown-fields=Reject", "--event-time-format=unix"), ENVIRONMENT))
        .hasMessage(
            """
            --unknown-fields: 'Reject' is not one of ignore, reject
            --event-time-format: 'unix' is not one of iso, iso-utc, epoch-seconds, epoch-millis""");
  }

  @Test
  void whatIsWrongWhateverTheEnvironmentAddsIsFoundWithoutIt() {
    Settings.checkGiven(List.of());
    Settings.checkGiven(List.of("--kafka-url", "b:1", "--batch-rows=7"));
    assertThatThrownBy(
            () ->
                Settings.checkGiven(List.of("--kafka-url", "127.0.0.1:", "--batch-rows=0", "--x")))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            """
            --x: there is no such setting; see --help
            --kafka-url: '127.0.0.1:' is not host:port; give for example broker-1:9092
            --batch-rows: '0' is not a whole number from 1 to 100000""");
  }

  @Test
  void letsAnArgumentWinOverTheEnvironmentInBothForms() {
    Settings settings =
        Settings.parse(
            List.of("--kafka-url=other:1", "--postgres-user", "somebody", "--filter", "---\n{}"),
            ENVIRONMENT);

    assertThat(settings.kafkaUrl()).isEqualTo("other:1");
    assertThat(settings.postgresUser()).isEqualTo("somebody");
    assertThat(settings.filter()).isEqualTo("---\n{}");
  }

  @Test
  void usesSaslSslWithAKeyAndASecret() {
    Map<String, String> environment = new HashMap<>(ENVIRONMENT);
    environment.put("KAFKA_WEB_TRAFFIC_KEY", "made-up-key");
    environment.put("KAFKA_WEB_TRAFFIC_SECRET", "made-up-secret");

    Settings settings = Settings.parse(List.of(), environment);

    assertThat(settings.saslSsl()).isTrue();
    assertThat(settings.toString()).doesNotContain("made-up");
  }

  @Test
  void tellsEveryProblemAtOnceWithItsNameAndRemedy() {
    assertThatThrownBy(
            () ->
                Settings.parse(
                    List.of(
                        "stray",
                        "--kafka-url=nowhere",
                        "--nonsense=1",
                        "--kafka-secret=canary",
                        "--kafka.sasl.jaas.config=canary",
                        "--kafka.auto.offset.reset=latest",
                        "--batch-rows=0",
                        "--batch-rows=7",
                        "--allowed-lateness=soon",
                        "--idle-timeout=0s",
                        "--starting-offsets=newest",
                        "--max-ahead"),
                    Map.of(
                        "POSTGRES_URL", "jdbc:postgresql://db/traffic?password=canary",
                        "KAFKA_WEB_TRAFFIC_KEY", "canary")))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            """
            'stray' is not a setting; give --name value, see --help
            --nonsense: there is no such setting; see --help
            --kafka-secret: a secret is never an argument; set [KAFKA_WEB_TRAFFIC_KEY, \
            KAFKA_WEB_TRAFFIC_SECRET, POSTGRES_PASSWORD] in the environment of the Flink processes
            --kafka.sasl.jaas.config: a secret is never an argument; set [KAFKA_WEB_TRAFFIC_KEY, \
            KAFKA_WEB_TRAFFIC_SECRET, POSTGRES_PASSWORD] in the environment of the Flink processes
            --kafka.auto.offset.reset: this Kafka property cannot be set; see --help for those \
            that can
            --batch-rows: is given twice; give it once
            --max-ahead: has no value; give one, or leave the setting out
            --kafka-url: 'nowhere' is not host:port; give for example broker-1:9092
            KAFKA_WEB_TRAFFIC_SECRET: is missing; set both the key and the secret for SASL_SSL, or \
            neither for PLAINTEXT
            --starting-offsets: 'newest' is not understood; give earliest, latest, committed, \
            timestamp:<time> or offsets:<partition>=<offset>,...
            --postgres-url: has a password in it; take it out and set POSTGRES_PASSWORD in the \
            environment of the Flink processes
            --postgres-user: is missing; give it, or set POSTGRES_USER
            --allowed-lateness: 'soon' is not a length of time from 0s to 7d; give for example \
            200ms, 30s, 1m30s or 2d
            --idle-timeout: '0s' is not a length of time from 1ms to 7d; give for example 200ms, \
            30s, 1m30s or 2d""");
  }

  @ParameterizedTest
  @CsvSource({
    "checkpoint-interval, 9ms, 10ms",
    "checkpoint-interval, 0.0099s, 10ms",
    "batch-interval, 0.0009s, 1ms",
    "idle-timeout, 0.0009s, 1ms",
    "partition-discovery-interval, 0ms, 1ms",
    "allowed-lateness, 999999999999d, 0s",
    "max-ahead, 168h1s, 0s",
  })
  void refusesTimesThatWouldMeanNeverOrOverflow(String setting, String time, String least) {
    assertThatThrownBy(() -> Settings.parse(List.of("--" + setting, time), ENVIRONMENT))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            "--%s: '%s' is not a length of time from %s to 7d; give for example 200ms, 30s, 1m30s"
                    .formatted(setting, time, least)
                + " or 2d");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a:0", "a:65536", "a:-1", "a:99999999999", "a:٩٠٩٢", "a: 9092", "a:1_0"})
  void refusesWhatIsNoPort(String server) {
    assertThatThrownBy(() -> Settings.checkServers(server))
        .hasMessage("'" + server + "' is not host:port; give for example broker-1:9092");
  }

  @Test
  void readsTheShortestTimes() {
    Settings settings =
        Settings.parse(
            List.of("--checkpoint-interval=10ms", "--batch-interval=1ms", "--max-ahead=7d"),
            ENVIRONMENT);

    assertThat(settings.checkpointInterval()).isEqualTo(Duration.ofMillis(10));
    assertThat(settings.batchInterval()).isEqualTo(Duration.ofMillis(1));
    assertThat(settings.toArguments())
        .containsSubsequence("--max-ahead", "168h")
        .containsSubsequence("--checkpoint-interval", "0.01s");
  }

  @Test
  void makesArgumentsThatGiveTheSameSettingsInAnotherEnvironment() {
    Settings settings =
        Settings.parse(
            List.of(
                "--starting-offsets=offsets:0=5,1=6",
                "--batch-interval=0.05s",
                "--kafka.fetch.min.bytes=100"),
            ENVIRONMENT);

    List<String> arguments = settings.toArguments();

    assertThat(
            Settings.parse(
                arguments, Map.of("KAFKA_TOPIC", "another", "POSTGRES_TABLE", "another")))
        .isEqualTo(settings);
    assertThat(arguments)
        .containsExactly(
            "--kafka-url",
            "broker-1:9092,broker-2:9092",
            "--kafka-topic",
            "web-traffic",
            "--kafka-group",
            "traffic",
            "--starting-offsets",
            "offsets:0=5,1=6",
            "--postgres-url",
            "jdbc:postgresql://db:5432/traffic",
            "--postgres-user",
            "traffic",
            "--table",
            "processed_events",
            "--batch-interval",
            "0.05s",
            "--kafka.fetch.min.bytes",
            "100");
  }

  @Test
  void helpNamesEverySettingWithItsDefaultAndEverySecret() {
    String help = Settings.help();

    for (Setting setting : Setting.values()) {
      assertThat(help).contains("--" + setting.argument());
    }
    for (Secret secret : Secret.values()) {
      assertThat(help).contains(secret + " or " + secret + "_FILE");
    }
    assertThat(help).contains("the time between two checkpoints; default 10s");
  }

  @Test
  void readsASecretFromAFileOfItsOwnerAlone(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("password"), "made-up\n");
    Map<String, String> environment = Map.of("POSTGRES_PASSWORD_FILE", file.toString());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

    assertThat(Secret.POSTGRES_PASSWORD.resolve(environment::get)).contains("made-up");

    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

    assertThatThrownBy(() -> Secret.POSTGRES_PASSWORD.resolve(environment::get))
        .hasMessage(
            "POSTGRES_PASSWORD_FILE: " + file + " can be read by others; run chmod 600 on it");
  }

  @Test
  void namesASecretFileThatIsNotThere() {
    assertThatThrownBy(
            () ->
                Secret.POSTGRES_PASSWORD.resolve(
                    Map.of("POSTGRES_PASSWORD_FILE", "/nowhere/password")::get))
        .hasMessage(
            "POSTGRES_PASSWORD_FILE: /nowhere/password cannot be read; check that it exists and who"
                + " owns it");
  }

  @Test
  void aParameterThatTheDriverDoesNotKnowIsRefusedWithoutItsValue() {
    assertThatThrownBy(() -> Settings.checkJdbcUrl("jdbc:postgresql://db/t?pass%77ord=canary"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "has a parameter pass%77ord that the Postgres driver does not know, and that could be a"
                + " secret; take it out, or correct its name (upper and lower case count)");
    assertThatThrownBy(
            () ->
                Settings.parse(
                    List.of("--kafka-url=b:1", "--postgres-user=u"),
                    Map.of("POSTGRES_URL", "jdbc:postgresql://db/t?pwd=canary")))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith("--postgres-url: has a parameter pwd that")
        .hasMessageNotContaining("canary");
  }
}
