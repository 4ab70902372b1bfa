package dev.trafficctl.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trafficctl.kafka.FirstLook;
import dev.trafficctl.kafka.NotKafkaException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SaslSslIT {
  @TempDir static Path temporary;
  private static Path directory;
  private static LocalStack stack;
  private static StackStatus.Addresses addresses;

  @BeforeAll
  static void bringUp() {
    directory = temporary.resolve("stück");
    stack = LocalStack.in(directory, Distribution.ofCheckout(Path.of("..")));
    addresses =
        stack
            .up(StackOptions.onFreePorts().withSecurity(Security.SASL_SSL), line -> {})
            .addresses();
  }

  @AfterAll
  static void takeDown() {
    stack.down(true, line -> {});
  }

  @Test
  void theKeyAndTheSecretAreAccepted() throws Exception {
    try (Admin admin = Admin.create(client(key(), secret()))) {
      assertThat(admin.describeCluster().nodes().get()).hasSize(1);
    }
  }

  @Test
  void aWrongSecretIsRefused() {
    try (Admin admin = Admin.create(client(key(), "wrong"))) {
      assertThatThrownBy(() -> admin.describeCluster().nodes().get())
          .hasCauseInstanceOf(SaslAuthenticationException.class);
    }
  }

  @Test
  void aClientWithoutEncryptionIsRefused() {
    Map<String, Object> plaintext =
        Map.of(
            "bootstrap.servers",
            addresses.kafka(),
            "default.api.timeout.ms",
            3_000,
            "request.timeout.ms",
            2_000);
    try (Admin admin = Admin.create(plaintext)) {
      assertThatThrownBy(() -> admin.describeCluster().nodes().get())
          .hasCauseInstanceOf(TimeoutException.class);
    }
  }

  @Test
  void aFirstLookNeedsTlsButNoCredentials() {
    Map<String, Object> client = client(key(), secret());
    client.remove("sasl.jaas.config");
    assertThat(FirstLook.before(client)).isTrue();
    assertThatThrownBy(() -> FirstLook.before(Map.of("bootstrap.servers", addresses.kafka())))
        .isInstanceOf(NotKafkaException.class)
        .hasMessage(addresses.kafka() + " speaks TLS");
  }

  @Test
  void aFirstLookLeavesAWrongSecretToTheClient() {
    assertThat(FirstLook.before(client(key(), secret()))).isTrue();
    assertThat(FirstLook.before(client(key(), "wrong"))).isTrue();
  }

  @Test
  void noSecretIsToldToAnybody() {
    List<String> secrets =
        List.of(
            addresses.environment().get("POSTGRES_PASSWORD"),
            addresses.ownersPassword(),
            key(),
            secret());

    assertThat(filesThatHold(secrets))
        .containsExactlyInAnyOrder(
            directory.resolve("secrets.env"), directory.resolve("kafka/server.properties"))
        .allSatisfy(
            file ->
                assertThat(Files.getPosixFilePermissions(file))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------")));
    assertThat(argumentLists()).anyMatch(line -> line.contains("kafka.Kafka"));
    assertThat(argumentLists()).noneMatch(line -> secrets.stream().anyMatch(line::contains));
    assertThat(addresses.toString()).doesNotContain(secrets);
    assertThat(addresses.kafkaClient())
        .containsOnlyKeys("ssl.truststore.type", "ssl.truststore.location");
  }

  private static String key() {
    return addresses.environment().get("KAFKA_WEB_TRAFFIC_KEY");
  }

  private static String secret() {
    return addresses.environment().get("KAFKA_WEB_TRAFFIC_SECRET");
  }

  private static Map<String, Object> client(String key, String secret) {
    Map<String, Object> properties = new HashMap<>(addresses.kafkaClient());
    properties.put("bootstrap.servers", addresses.kafka());
    properties.put("security.protocol", "SASL_SSL");
    properties.put("sasl.mechanism", "PLAIN");
    properties.put(
        "sasl.jaas.config",
        "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%s\""
                .formatted(key)
            + " password=\"%s\";".formatted(secret));
    return properties;
  }

  private static List<Path> filesThatHold(List<String> secrets) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> secrets.stream().anyMatch(content(file)::contains))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> argumentLists() {
    return ProcessHandle.allProcesses()
        .map(process -> Path.of("/proc", Long.toString(process.pid()), "cmdline"))
        .map(SaslSslIT::content)
        .toList();
  }

  /** Each byte as a character, so that binary files are searched too. */
  private static String content(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
