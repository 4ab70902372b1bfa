package dev.trafficctl.cli;

import static dev.trafficctl.cli.NextBuild.COLUMN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.trafficctl.local.Distribution;
import dev.trafficctl.local.LocalStack;
import dev.trafficctl.local.StackStatus;
import dev.trafficctl.model.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tables that are brought to the next version of the schema, by the commands and the job of a build
 * that has one more column. Its commands run in processes of their own.
 */
@ExtendWith(SharedStack.class)
class NextSchemaIT {
  private static final int NOW = Tables.VERSION;
  private static final int NEXT = NextBuild.VERSION;
  private static final String TOPIC = "next_schema";
  private static final String SCHEMA = "next_schema_it";

  private final TestConsole console = TestConsole.real();
  private StackStatus.Addresses at;
  private Connection postgres;
  private String url;
  private NextBuild next;
  private int runs;

  @TempDir Path directory;

  @BeforeEach
  void makeTheBuildAndAnEmptySchema() throws Exception {
    at =
        LocalStack.in(
                Path.of(SharedStack.directory()),
                Distribution.ofCheckout(Path.of("..").toAbsolutePath().normalize()))
            .status()
            .addresses();
    next = NextBuild.in(directory.resolve("next"));
    url = at.postgres() + "?currentSchema=" + SCHEMA;
    postgres = connect();
    execute("DROP SCHEMA IF EXISTS " + SCHEMA + " CASCADE; CREATE SCHEMA " + SCHEMA);
    console.with("XDG_STATE_HOME", directory.toString());
    console.with("XDG_CONFIG_HOME", directory.toString());
  }

  @AfterEach
  void close() throws SQLException {
    execute("DROP SCHEMA " + SCHEMA + " CASCADE");
    postgres.close();
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(
        at.postgres(),
        at.asOwner().postgresUser(),
        at.asOwner().environment().get("POSTGRES_PASSWORD"));
  }

  /** Holds the table that the second statement of the next version is about, until it is closed. */
  private Connection holdingTheSecondTable() throws SQLException {
    Connection holder = connect();
    holder.setAutoCommit(false);
    try (Statement statement = holder.createStatement()) {
      statement.execute("LOCK TABLE %s.rejected_events IN ACCESS EXCLUSIVE MODE".formatted(SCHEMA));
    }
    return holder;
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = postgres.createStatement()) {
      statement.execute(sql);
    }
  }

  private long count(String from) throws SQLException {
    try (Statement statement = postgres.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM " + from)) {
      row.next();
      return row.getLong(1);
    }
  }

  /** A command that runs, and where it prints. */
  private record Run(CommandProcess process, Path directory) implements AutoCloseable {
    int exitCode() throws InterruptedException {
      return process.exitCode();
    }

    String out() throws IOException {
      return Files.readString(directory.resolve("out"), UTF_8);
    }

    String err() throws IOException {
      return Files.readString(directory.resolve("err"), UTF_8);
    }

    @Override
    public void close() {
      process.close();
    }
  }

  private Run start(String... arguments) throws IOException {
    Path own = Files.createDirectory(directory.resolve("run-" + runs++));
    return new Run(
        CommandProcess.startOf(next.classes(), own, at.asOwner().environment(), arguments), own);
  }

  private Run schema(String verb) throws IOException {
    return start(
        "schema", verb, "--postgres-url", url, "--postgres-user", at.asOwner().postgresUser());
  }

  private int schemaOfThisBuild(String verb) {
    at.asOwner().environment().forEach(console::with);
    return console.run(
        "schema", verb, "--postgres-url", url, "--postgres-user", at.asOwner().postgresUser());
  }

  private int onStack(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--directory", SharedStack.directory()));
    return console.run(all.toArray(String[]::new));
  }

  private void done(Run run) throws Exception {
    try (run) {
      assertThat(run.exitCode()).as(run.err() + run.out()).isZero();
    }
  }

  private void isOfVersionNow() throws Exception {
    try (Run status = schema("status")) {
      assertThat(status.exitCode()).as(status.err()).isEqualTo(3);
      assertThat(status.out())
          .endsWith(
              ": the tables are of schema version %d, and this build needs %d; run: trafficctl schema apply\n"
                  .formatted(NOW, NEXT));
    }
    assertThat(
            count(
                "information_schema.columns WHERE table_schema = '%s' AND column_name = '%s'"
                    .formatted(SCHEMA, COLUMN)))
        .isZero();
  }

  private void isOfVersionNext() throws Exception {
    done(schema("status"));
    assertThat(count("%s.processed_events_flyway WHERE success".formatted(SCHEMA))).isEqualTo(NEXT);
    assertThat(
            count(
                "information_schema.columns WHERE table_schema = '%s' AND column_name = '%s'"
                    .formatted(SCHEMA, COLUMN)))
        .isOne();
  }

  private void waiting(int sessions) {
    await("%d sessions wait for a lock".formatted(sessions))
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                count(
                        "pg_stat_activity WHERE datname = current_database()"
                            + " AND wait_event_type = 'Lock'")
                    == sessions);
  }

  @Test
  @Timeout(180)
  void whoeverIsKilledHalfWayHasDoneNothingAndTheSameCommandDoesIt() throws Exception {
    assertThat(schemaOfThisBuild("apply")).as(console.err()).isZero();
    try (Connection holder = holdingTheSecondTable();
        Run killed = schema("apply")) {
      waiting(1);
      assertThat(
              count(
                  "pg_locks WHERE relation = '%s.processed_events'::regclass AND granted AND mode = 'AccessExclusiveLock'"
                      .formatted(SCHEMA)))
          .isOne();
      killed.process().kill();
      holder.rollback();
    }
    await("its session has ended")
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                count("pg_locks WHERE relation = '%s.processed_events'::regclass".formatted(SCHEMA))
                    == 0);

    isOfVersionNow();
    done(schema("apply"));
    isOfVersionNext();
  }

  @Test
  @Timeout(180)
  void ofTwoAtOnceOneAppliesAndTheOtherFindsItDone() throws Exception {
    assertThat(schemaOfThisBuild("apply")).as(console.err()).isZero();
    try (Connection holder = holdingTheSecondTable();
        Run one = schema("apply");
        Run other = schema("apply")) {
      waiting(2);
      holder.rollback();
      assertThat(List.of(one.exitCode(), other.exitCode()))
          .as(one.err() + other.err())
          .containsExactly(0, 0);
      String file = "V%d.sql".formatted(NEXT);
      assertThat(List.of(one.out().contains(file), other.out().contains(file)))
          .containsExactlyInAnyOrder(true, false);
    }
    isOfVersionNext();
  }

  @Test
  @Timeout(180)
  void tablesMadeByHandAreTakenOverAndBroughtToTheNextVersion() throws Exception {
    assertThat(console.run("schema")).isZero();
    execute("SET search_path = " + SCHEMA);
    execute(console.out());
    isOfVersionNow();

    done(schema("apply"));

    done(schema("status"));
    assertThat(
            count(
                "%s.processed_events_flyway WHERE type = 'BASELINE' AND version = '%d'"
                    .formatted(SCHEMA, NOW)))
        .isOne();
    assertThat(
            count(
                "%s.processed_events_flyway WHERE type = 'SQL' AND version = '%d'"
                    .formatted(SCHEMA, NEXT)))
        .isOne();
  }

  @Test
  @Timeout(180)
  void tablesOfTheNextVersionAreLeftAsTheyAreByThisBuild() throws Exception {
    done(schema("apply"));
    isOfVersionNext();

    assertThat(schemaOfThisBuild("apply")).isEqualTo(4);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: the tables of processed_events are of schema version %d, and this build knows up to %d; use a build that knows theirs\n"
                .formatted(NEXT, NOW));
    assertThat(schemaOfThisBuild("status")).isEqualTo(3);
    assertThat(console.out()).hasLineCount(2);
    isOfVersionNext();
  }

  /** With the tables of the stack itself, which are put back as they were. */
  @Test
  @Timeout(400)
  void aJobGoesOnWhileItsTablesGetAColumnAndTheNextOneWritesIt() throws Exception {
    try {
      assertThat(onStack("demo", "--topic", TOPIC, "--count", "1000")).as(console.err()).isZero();
      // Without one, nothing tells how far the job has written.
      assertThat(onStack("checkpoint", "traffic")).as(console.err()).isZero();
      long before = count("public.processed_events");
      String jar = next.job(directory.resolve("next.jar")).toString();

      assertThat(onStack("restart", "traffic", "--jar", jar)).isEqualTo(4);
      assertThat(console.err())
          .contains(
              "the tables are of schema version %d, and this build needs %d; run: trafficctl schema apply"
                  .formatted(NOW, NEXT));
      lacksAColumn("verify", "traffic");

      done(start("schema", "apply", "--directory", SharedStack.directory()));
      send();
      await("the job of before goes on writing")
          .atMost(Duration.ofSeconds(60))
          .until(() -> count("public.processed_events") > before);

      assertThat(onStack("restart", "traffic", "--jar", jar)).as(console.err()).isZero();
      send();
      await("the job of now writes the column")
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> count("public.processed_events WHERE %s = length(host)".formatted(COLUMN)) > 0);
      assertThat(onStack("stop", "traffic")).as(console.err()).isZero();
      assertThat(count("public.processed_events WHERE %s <> length(host)".formatted(COLUMN)))
          .isZero();

      verifies();
    } finally {
      execute("ALTER TABLE public.processed_events DROP COLUMN IF EXISTS " + COLUMN);
      execute("DELETE FROM public.processed_events_flyway WHERE version = '%d'".formatted(NEXT));
    }
  }

  private void send() {
    assertThat(onStack("local", "traffic", "--topic", TOPIC, "--count", "500"))
        .as(console.err())
        .isZero();
  }

  private void lacksAColumn(String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--directory", SharedStack.directory()));
    try (Run run = start(all.toArray(String[]::new))) {
      assertThat(run.exitCode()).as(run.err()).isNotZero();
      assertThat(run.err())
          .contains(
              "lacks a column of the job (ERROR: column \"%s\" does not exist): its tables are of an earlier version, or have lost it; what brings them to this version: trafficctl schema apply\n"
                  .formatted(COLUMN));
    }
  }

  private JsonNode verify(int exitCode) throws Exception {
    try (Run run =
        start("verify", "traffic", "-o", "json", "--directory", SharedStack.directory())) {
      assertThat(run.exitCode()).as(run.err() + run.out()).isEqualTo(exitCode);
      return new JsonMapper().readTree(run.out());
    }
  }

  private void verifies() throws Exception {
    String ofTopic = "source = (SELECT max(source) FROM sources WHERE topic = '" + TOPIC + "')";
    long earlier =
        count("public.processed_events WHERE %s IS NULL AND %s".formatted(COLUMN, ofTopic));
    assertThat(earlier).isGreaterThan(0);
    JsonNode whole = verify(0);
    assertThat(whole.at("/total/altered").asLong()).isZero();
    assertThat(whole.at("/earlierRows").toString())
        .isEqualTo(
            "[{\"table\":\"processed_events\",\"column\":\"%s\",\"version\":%d,\"rows\":%d}]"
                .formatted(COLUMN, NEXT, earlier));

    execute(
        "UPDATE public.processed_events SET %s = 1000 WHERE (source, kafka_partition, kafka_offset) = (SELECT source, kafka_partition, kafka_offset FROM public.processed_events WHERE %s IS NULL AND %s LIMIT 1)"
            .formatted(COLUMN, COLUMN, ofTopic));
    JsonNode damaged = verify(3);
    assertThat(damaged.at("/total/altered").asLong()).isOne();
    assertThat(damaged.at("/differences/0/changes/0/column").asText()).isEqualTo(COLUMN);
    assertThat(damaged.at("/earlierRows/0/rows").asLong()).isEqualTo(earlier - 1);
  }
}
