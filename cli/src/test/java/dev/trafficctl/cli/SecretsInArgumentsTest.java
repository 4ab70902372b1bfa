package dev.trafficctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A secret in an argument is refused before anything is written or sent. */
class SecretsInArgumentsTest {
  @TempDir Path home;

  private TestConsole console() {
    return TestConsole.frozen()
        .with("XDG_STATE_HOME", home.resolve("state").toString())
        .with("XDG_CONFIG_HOME", home.resolve("config").toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "submit|-- --postgres-password canary",
        "submit|-- --postgres-url jdbc:postgresql://db/traffic?password=canary",
        "submit|-- --postgres-url jdbc:postgresql://me:canary@db/traffic",
        "submit|-- --kafka-url me:canary@broker:9092",
        "submit|-- --kafka.sasl.jaas.config=canary",
        "submit|KAFKA_WEB_TRAFFIC_SECRET=canary",
        "restart traffic|--set postgres-url=jdbc:postgresql://db/traffic?password=canary",
        "restart traffic|--from-earliest -- --kafka-url me:canary@broker:9092",
        "lag|--kafka-url me:canary@broker:9092",
        "verify|--postgres-url jdbc:postgresql://db/traffic?sslpassword=canary",
        "submit|-- --postgres-url jdbc:postgresql://db/traffic?pwd=canary",
        "restart traffic|--set postgres-url=jdbc:postgresql://db/traffic?pass%77ord=canary",
        "verify|--postgres-url jdbc:postgresql://db/traffic?pwd=canary",
        "context set x|--postgres-url jdbc:postgresql://db/traffic?pwd=canary",
        "rejected list|--postgres-url jdbc:postgresql://me:canary@db/traffic",
        "savepoint|--to s3://key:canary@bucket/savepoints"
      })
  void nothingIsAskedOfFlinkOrWrittenDown(String command, String secret) throws Exception {
    try (FakeFlink flink = new FakeFlink().withTraffic()) {
      TestConsole console = console();
      List<String> arguments = new ArrayList<>(List.of(command.split(" ", -1)));
      arguments.addAll(List.of("--flink", flink.url()));
      arguments.addAll(List.of(secret.split(" ", -1)));

      int exitCode = console.run(arguments.toArray(String[]::new));

      assertThat(exitCode).as(console.err()).isEqualTo(2);
      assertThat(console.err())
          .containsPattern("take (it|them) out|a secret is never an argument")
          .doesNotContain("canary");
      assertThat(flink.requests()).isEmpty();
      assertThat(home).isEmptyDirectory();
    }
  }

  @Test
  void aContextIsNotMadeWithOne() {
    TestConsole console = console();

    int exitCode =
        console.run(
            "context", "set", "x", "--flink", "http://f:1", "--kafka-url", "me:canary@broker:9092");

    assertThat(exitCode).isEqualTo(2);
    assertThat(console.err())
        .isEqualTo(
            """
            trafficctl: --kafka-url: has a user or a password in it; take them out and set \
            KAFKA_WEB_TRAFFIC_KEY and KAFKA_WEB_TRAFFIC_SECRET in the environment of the Flink \
            processes
            """);
    assertThat(home).isEmptyDirectory();
  }

  @Test
  void aFileOfArgumentsIsNotRead() throws Exception {
    Path file = home.resolve("arguments");
    Files.writeString(file, "--flink http://me:canary@flink:8081");
    TestConsole console = console();

    int exitCode = console.run("status", "@" + file);

    assertThat(exitCode).isEqualTo(5);
    assertThat(console.err()).doesNotContain("canary");
  }
}
