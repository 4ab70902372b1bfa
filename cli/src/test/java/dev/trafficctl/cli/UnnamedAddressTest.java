package dev.trafficctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.command.next.ShellCommands;
import dev.trafficctl.cli.context.Destination;
import dev.trafficctl.cli.kafka.JobTopic;
import dev.trafficctl.cli.state.StateFixture;
import dev.trafficctl.model.Settings;
import dev.trafficctl.model.StartDescription;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent to an address that an answer of Flink or a savepoint names, and nobody else. */
class UnnamedAddressTest {
  private final FakeFlink flink = new FakeFlink().withTraffic();
  private final TestConsole console = TestConsole.frozen();
  private final AtomicInteger connections = new AtomicInteger();
  private ServerSocket stranger;

  @TempDir Path directory;

  @BeforeEach
  void listen() throws IOException {
    console.with("XDG_STATE_HOME", directory.toString());
    flink.answer("/jobmanager/config", "[]");
    stranger = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread thread =
        new Thread(
            () -> {
              while (!stranger.isClosed()) {
                try {
                  stranger.accept().close();
                  connections.incrementAndGet();
                } catch (IOException e) {
                  return;
                }
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  @AfterEach
  void close() throws IOException {
    flink.close();
    stranger.close();
  }

  private String address() {
    return "127.0.0.1:" + stranger.getLocalPort();
  }

  private void job(String kafka, String postgres) {
    flink.answer(
        "/jobs/" + FakeFlink.JOB + "/config",
        """
        {"execution-config":{"job-parallelism":1,"user-config":{"trafficctl.arguments":
          "[\\"--kafka-url\\",\\"%s\\",\\"--postgres-url\\",\\"%s\\",\
        \\"--postgres-user\\",\\"job\\"]"}}}\
        """
            .formatted(kafka, postgres));
  }

  private int run(String command, String... more) {
    List<String> all = new ArrayList<>(List.of(command.split(" ", -1)));
    all.addAll(List.of("--flink", flink.url()));
    all.addAll(List.of(more));
    return console.run(all.toArray(String[]::new));
  }

  private String refused() {
    return ("Kafka at %1$s is named by the job's own settings alone, and KAFKA_WEB_TRAFFIC_KEY is"
            + " sent only to an address that you name; if it is the right one, add --kafka-url"
            + " %1$s\n")
        .formatted(address());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"lag", "verify", "rejected retry", "offsets --at -1h", "restart --from-earliest"})
  void keyAndSecretForKafkaStayHere(String command) {
    job(address(), "jdbc:postgresql://127.0.0.1:1/traffic");
    console.with("KAFKA_WEB_TRAFFIC_KEY", "key").with("KAFKA_WEB_TRAFFIC_SECRET", "canary");

    int exitCode = run(command);

    assertThat(console.err()).contains(refused()).doesNotContain("canary");
    assertThat(exitCode).isEqualTo(4);
    assertThat(connections).hasValue(0);
  }

  @Test
  void theyGoWhereTheOperatorSays() {
    job("127.0.0.1:1", "jdbc:postgresql://127.0.0.1:1/traffic");
    console.with("KAFKA_WEB_TRAFFIC_KEY", "key").with("KAFKA_WEB_TRAFFIC_SECRET", "secret");

    assertThat(run("lag", "--kafka-url", address())).isEqualTo(5);
    assertThat(connections.get()).isPositive();
  }

  @Test
  void aSavepointIsShownWithoutAskingTheKafkaThatItNames() throws Exception {
    StartDescription description =
        new StartDescription(
            "traffic",
            1,
            List.of(
                "--kafka-url",
                address(),
                "--postgres-url",
                "jdbc:postgresql://db/traffic",
                "--postgres-user",
                "job"),
            "0.1.0",
            "ab12");
    Path savepoint =
        StateFixture.savepointWithSource(
            directory.resolve("savepoint-0a1b2c-1"), description, Map.of(0, 12L));
    console.with("KAFKA_WEB_TRAFFIC_KEY", "key").with("KAFKA_WEB_TRAFFIC_SECRET", "canary");

    int exitCode = console.run("savepoint", "inspect", savepoint.toString());

    assertThat(exitCode).isZero();
    assertThat(console.err())
        .contains("whether Kafka still has the events is not known: " + refused());
    assertThat(connections).hasValue(0);

    assertThat(console.run("offsets", "--savepoint", savepoint.toString(), "--flink", flink.url()))
        .isEqualTo(4);
    assertThat(console.err()).endsWith("trafficctl: " + refused());
    assertThat(connections).hasValue(0);

    console.with("KAFKA_URL", address());
    assertThat(console.run("savepoint", "inspect", savepoint.toString())).isZero();
    assertThat(connections.get()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"verify", "rejected list", "rejected retry"})
  void thePasswordForPostgresStaysHere(String command) throws Exception {
    try (FakeKafka kafka = new FakeKafka(answer -> {})) {
      job(kafka.address(), "jdbc:postgresql://" + address() + "/traffic?sslmode=disable");
      console.with("POSTGRES_PASSWORD", "canary");

      int exitCode = run(command);

      assertThat(console.err())
          .isEqualTo(
              ("trafficctl: Postgres at jdbc:postgresql://%1$s/traffic?sslmode=disable is named by"
                      + " the job's own settings alone, and POSTGRES_PASSWORD is sent only to an"
                      + " address that you name; if it is the right one, add --postgres-url"
                      + " 'jdbc:postgresql://%1$s/traffic?sslmode=disable'\n")
                  .formatted(address()));
      assertThat(exitCode).isEqualTo(4);
      assertThat(connections).hasValue(0);
    }
  }

  @Test
  void whereNothingWouldBeSentNothingIsAskedAndNoClassIsTakenFromTheUrl() throws Exception {
    try (FakeKafka kafka = new FakeKafka(answer -> {});
        FakePostgres postgres = FakePostgres.empty()) {
      job(kafka.address(), postgres.url() + "?socketFactory=no.such.Factory&sslmode=disable");

      assertThat(run("verify", "--to", "0=0")).as(console.err()).isZero();
    }
  }

  @Test
  void whomToTrustIsNotTakenFromTheJob() {
    Settings settings =
        Settings.parse(
            List.of(
                "--kafka-url=told:9092",
                "--postgres-url=jdbc:postgresql://told/traffic",
                "--postgres-user=job",
                "--kafka.ssl.truststore.location=/tmp/told.pem",
                "--kafka.ssl.truststore.type=PEM",
                "--kafka.client.dns.lookup=use_all_dns_ips"),
            Map.of());

    assertThat(
            JobTopic.of(
                    settings,
                    Destination.named("named:9092", Map.of()),
                    Map.of("ssl.truststore.location", "/etc/own.pem"),
                    new ShellCommands())
                .connection()
                .properties())
        .isEqualTo(
            Map.of(
                "bootstrap.servers", "named:9092",
                "client.dns.lookup", "use_all_dns_ips",
                "ssl.truststore.location", "/etc/own.pem"));
  }

  @Test
  void nothingButADestinationGetsAtASecret() throws IOException {
    List<String> resolving = new ArrayList<>();
    try (Stream<Path> sources = Files.walk(Path.of("src", "main", "java"))) {
      for (Path file : sources.filter(file -> file.toString().endsWith(".java")).toList()) {
        if (Files.readString(file).matches("(?s).*(Secret\\.[A-Z_]+|secret)\\s*\\.resolve\\(.*")) {
          resolving.add(file.getFileName().toString());
        }
      }
    }
    assertThat(resolving).containsExactly("Destination.java");
  }
}
