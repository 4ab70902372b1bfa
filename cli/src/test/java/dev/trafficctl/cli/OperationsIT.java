package dev.trafficctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.trafficctl.local.Distribution;
import dev.trafficctl.local.LocalStack;
import dev.trafficctl.local.StackStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Savepoint and stop against the real processes, from processes of their own where it matters. */
@ExtendWith(SharedStack.class)
@Timeout(300)
class OperationsIT {
  private static final int KILLS = 6;

  private final TestConsole console = TestConsole.real();

  @TempDir Path directory;

  @BeforeEach
  void startTheJob() {
    console.with("XDG_STATE_HOME", directory.toString());
    assertThat(onStack("demo", "--count", "500")).as(console.err()).isZero();
    SharedStack.awaitHealthyJob(console);
  }

  private int onStack(String... arguments) {
    return console.run(with(arguments).toArray(String[]::new));
  }

  private static List<String> with(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--directory", SharedStack.directory()));
    return all;
  }

  private Process start(String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dtrafficctl.checkout=" + Path.of("..").toAbsolutePath().normalize(),
                "-cp",
                System.getProperty("java.class.path"),
                TrafficCtl.class.getName()));
    command.addAll(with(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(directory.resolve("out").toFile())
            .redirectError(directory.resolve("err").toFile());
    builder.environment().put("XDG_STATE_HOME", directory.toString());
    return builder.start();
  }

  private List<JsonNode> operations() throws IOException {
    assertThat(console.run("operations", "-n", "100", "-o", "json")).isZero();
    List<JsonNode> operations = new ArrayList<>();
    new JsonMapper().readTree(console.out()).path("operations").forEach(operations::add);
    return operations;
  }

  private static Path metadata(String path) {
    return Path.of(path.strip().replaceFirst("^file:/*", "/")).resolve("_metadata");
  }

  @Test
  void savepointAndStopPrintAPathThatHoldsMetadata() throws IOException, InterruptedException {
    assertThat(onStack("savepoint", "--to", directory.resolve("a b;ü").toString()))
        .as(console.err())
        .isZero();
    assertThat(metadata(console.out())).isRegularFile().startsWith(directory);
    assertThat(onStack("checkpoint")).as(console.err()).isZero();
    assertThat(console.out()).contains("/chk-");

    Process other = start("stop");
    int here = onStack("stop");
    assertThat(other.waitFor(60, TimeUnit.SECONDS)).isTrue();
    int there = other.exitValue();
    assertThat(here == 0 ^ there == 0).as(console.err()).isTrue();
    // Who comes while the other is at it is refused; who comes afterwards finds no job that runs.
    assertThat(here + there).isIn(1, 4);
    List<JsonNode> stops =
        operations().stream().filter(one -> one.path("verb").asText().equals("stop")).toList();
    assertThat(stops).hasSize(1);
    assertThat(stops.get(0).path("outcome").asText()).isEqualTo("done");
    assertThat(metadata(stops.get(0).path("path").asText())).isRegularFile();
  }

  @Test
  void whatAKilledProcessBeganIsSettled() throws IOException, InterruptedException {
    Random random = new Random();
    for (int i = 0; i < KILLS; i++) {
      Process process = start("savepoint");
      process.waitFor(200 + random.nextInt(2_800), TimeUnit.MILLISECONDS);
      process.destroyForcibly().waitFor();
      assertThat(onStack("operations", "resume")).as(console.err()).isIn(0, 1);
    }
    Process process = start("stop");
    process.waitFor(500 + random.nextInt(3_000), TimeUnit.MILLISECONDS);
    process.destroyForcibly().waitFor();
    assertThat(onStack("operations", "resume")).as(console.err()).isIn(0, 1);

    for (JsonNode operation : operations()) {
      // A request that was never sent is a failure; of all others the path is known.
      if (!operation.path("outcome").asText().equals("failed")) {
        assertThat(operation.path("outcome").asText()).as(operation.toString()).isEqualTo("done");
        assertThat(metadata(operation.path("path").asText())).isRegularFile();
      }
    }
  }

  @Test
  void whatAProxySendsTwiceIsDoneOnce() throws IOException {
    assertThat(onStack("local", "status", "-o", "json")).as(console.err()).isZero();
    String flink = new JsonMapper().readTree(console.out()).at("/addresses/flink").asText();
    try (RepeatingProxy proxy = new RepeatingProxy(flink)) {
      assertThat(console.run("savepoint", "--flink", proxy.url())).as(console.err()).isZero();
      String savepoint = console.out().strip();
      assertThat(metadata(savepoint)).isRegularFile();
      assertThat(console.run("savepoint", "delete", savepoint, "--flink", proxy.url()))
          .as(console.err())
          .isZero();
      assertThat(metadata(savepoint)).doesNotExist();

      assertThat(console.run("restart", "--flink", proxy.url())).as(console.err()).isZero();
      assertThat(console.err()).contains("all tasks of traffic (");
      SharedStack.awaitHealthyJob(console);
      assertThat(console.run("cancel", "--flink", proxy.url())).as(console.err()).isZero();
    }
  }

  private static long sql(String... statements) throws SQLException {
    StackStatus.Addresses at =
        LocalStack.in(
                Path.of(SharedStack.directory()),
                Distribution.ofCheckout(Path.of("..").toAbsolutePath().normalize()))
            .status()
            .addresses();
    long last = 0;
    try (Connection connection =
            DriverManager.getConnection(
                at.postgres(),
                at.asOwner().postgresUser(),
                at.asOwner().environment().get("POSTGRES_PASSWORD"));
        Statement run = connection.createStatement()) {
      for (String statement : statements) {
        if (run.execute(statement)) {
          try (ResultSet row = run.getResultSet()) {
            row.next();
            last = row.getLong(1);
          }
        }
      }
    }
    return last;
  }

  @Test
  void statusNamesTheTopReasonWhereHalfOfTheTrafficIsBad() throws Exception {
    long before = sql("SELECT count(*) FROM rejected_events");
    assertThat(onStack("local", "traffic", "--count", "400", "--bad", "50"))
        .as(console.err())
        .isZero();
    Awaitility.await("the last minute has all of it")
        .atMost(Duration.ofSeconds(40))
        .untilAsserted(
            () -> {
              assertThat(onStack("status", "-o", "json")).isEqualTo(3);
              JsonNode status = new JsonMapper().readTree(console.out());
              long rejected = sql("SELECT count(*) FROM rejected_events") - before;
              assertThat(rejected).isBetween(150L, 250L);
              assertThat(status.at("/lastMinute/rejected").asLong()).isEqualTo(rejected);
              String top = status.at("/lastMinute/topReason").asText();
              assertThat(console.err())
                  .startsWith("trafficctl: " + rejected + " of the last minute's ")
                  .contains(
                      " events were rejected, ",
                      ", more than 5 %, most as " + top + ": ",
                      "; see which: trafficctl rejected list traffic ");
            });
    assertThat(onStack("status", "--max-rejected", "90")).as(console.err()).isZero();
  }

  @Test
  void statusTellsTheFaultOfATableUntilItIsMended() throws Exception {
    sql(
        "ALTER TABLE processed_events ADD tenant int NOT NULL DEFAULT 0",
        "ALTER TABLE processed_events ALTER tenant DROP DEFAULT");
    try {
      assertThat(onStack("local", "traffic", "--count", "200")).as(console.err()).isZero();
      Awaitility.await("status says it")
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () -> {
                assertThat(onStack("status")).isEqualTo(3);
                assertThat(console.out() + console.err())
                    .containsPattern(
                        "column \"tenant\" of relation \"processed_events\" violates"
                            + " not-null|column 'tenant' of table 'processed_events' is NOT NULL"
                            + " and has no default");
              });
    } finally {
      sql("ALTER TABLE processed_events DROP COLUMN tenant");
    }
    SharedStack.awaitHealthyJob(console);
    Awaitility.await("every event has its row")
        .atMost(Duration.ofMinutes(1))
        .until(() -> onStack("verify", "--to", "latest") == 0);
    assertThat(sql("SELECT count(*) FROM rejected_events WHERE reason = 'refused_by_postgres'"))
        .isZero();
  }
}
