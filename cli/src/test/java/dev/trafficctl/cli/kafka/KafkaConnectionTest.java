package dev.trafficctl.cli.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trafficctl.cli.command.next.ShellCommands;
import dev.trafficctl.cli.context.Destination;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.model.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class KafkaConnectionTest {
  private static void assertRefused(Map<String, String> environment, String words) {
    assertThatThrownBy(
            () -> KafkaConnection.properties(Destination.named("k:9092", environment), Map.of()))
        .isInstanceOfSatisfying(
            CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessage(words);
  }

  @Test
  void aKeyWithoutASecretIsRefusedAndSoIsASecretWithoutAKey() {
    assertRefused(
        Map.of("KAFKA_WEB_TRAFFIC_KEY", "k"),
        "KAFKA_WEB_TRAFFIC_KEY is given but KAFKA_WEB_TRAFFIC_SECRET is not: set"
            + " KAFKA_WEB_TRAFFIC_SECRET (or KAFKA_WEB_TRAFFIC_SECRET_FILE) too, or unset the"
            + " other");
    assertRefused(
        Map.of("KAFKA_WEB_TRAFFIC_KEY", "k", "KAFKA_WEB_TRAFFIC_SECRET", " "),
        "KAFKA_WEB_TRAFFIC_KEY is given but KAFKA_WEB_TRAFFIC_SECRET is not: set"
            + " KAFKA_WEB_TRAFFIC_SECRET (or KAFKA_WEB_TRAFFIC_SECRET_FILE) too, or unset the"
            + " other");
    assertRefused(
        Map.of("KAFKA_WEB_TRAFFIC_SECRET", "s"),
        "KAFKA_WEB_TRAFFIC_SECRET is given but KAFKA_WEB_TRAFFIC_KEY is not: set"
            + " KAFKA_WEB_TRAFFIC_KEY (or KAFKA_WEB_TRAFFIC_KEY_FILE) too, or unset the other");
  }

  @Test
  void bothSignInAndNeitherDoesNot() {
    assertThat(
            KafkaConnection.properties(
                Destination.named(
                    "k:9092",
                    Map.of("KAFKA_WEB_TRAFFIC_KEY", "k\"", "KAFKA_WEB_TRAFFIC_SECRET", "s")),
                Map.of()))
        .containsEntry(
            "sasl.jaas.config",
            "org.apache.kafka.common.security.plain.PlainLoginModule required"
                + " username=\"k\\\"\" password=\"s\";");
    assertThat(KafkaConnection.properties(Destination.named("k:9092", Map.of()), Map.of()))
        .isEqualTo(Map.of("bootstrap.servers", "k:9092"));
  }

  @Test
  void ofTheJobsPropertiesOnlyThoseCountThatReachKafka() {
    Settings settings =
        Settings.parse(
            List.of(
                    "--kafka-url k:9092 --kafka-topic t --kafka-group g",
                    "--postgres-url jdbc:postgresql://p/d --postgres-user u",
                    "--kafka.fetch.min.bytes 1000000 --kafka.fetch.max.wait.ms 60000",
                    "--kafka.max.poll.records 1 --kafka.max.partition.fetch.bytes 7",
                    "--kafka.request.timeout.ms 7000 --kafka.client.dns.lookup"
                        + " use_all_dns_ips")
                .stream()
                .flatMap(line -> Arrays.stream(line.split(" ")))
                .toList(),
            Map.of());
    Properties expected = new Properties();
    expected.putAll(
        Map.of(
            "bootstrap.servers", "k:9092",
            "request.timeout.ms", "7000",
            "client.dns.lookup", "resolve_canonical_bootstrap_servers_only"));
    assertThat(
            JobTopic.of(
                    settings,
                    Destination.named("k:9092", Map.of()),
                    Map.of("client.dns.lookup", "resolve_canonical_bootstrap_servers_only"),
                    new ShellCommands())
                .connection()
                .properties())
        .isEqualTo(expected);
  }
}
