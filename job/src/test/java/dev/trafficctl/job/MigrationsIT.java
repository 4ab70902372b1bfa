package dev.trafficctl.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trafficctl.model.Column;
import dev.trafficctl.model.SchemaVersion;
import dev.trafficctl.model.TableCheck;
import dev.trafficctl.model.TableColumns;
import dev.trafficctl.model.TableNames;
import dev.trafficctl.model.Tables;
import dev.trafficctl.schema.Migrations;
import dev.trafficctl.schema.Schema;
import dev.trafficctl.schema.SchemaPlan;
import dev.trafficctl.schema.SchemaRefusedException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MigrationsIT {
  private static final TableNames NAMES = TableNames.DEFAULT;
  private static final String HISTORY = "processed_events_flyway";
  private static final String ALL = "sources, processed_events, rejected_events, " + HISTORY;

  private TestDatabase database;
  private Connection owner;

  @BeforeEach
  void open() throws SQLException {
    database = TestDatabase.create();
    owner = database.connection();
    database.execute("DROP TABLE " + ALL);
  }

  @AfterEach
  void close() throws SQLException {
    database.close();
  }

  private List<String> columns(String table) throws SQLException {
    List<String> columns = new ArrayList<>();
    try (Statement statement = owner.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT attname || ' ' || format_type(atttypid, NULL) || ' ' || attnotnull
                FROM pg_attribute WHERE attrelid = '%s'::regclass AND attnum > 0 ORDER BY attnum\
                """
                    .formatted(table))) {
      while (row.next()) {
        columns.add(row.getString(1));
      }
    }
    return columns;
  }

  private static <R> List<String> declared(TableColumns<R> columns) {
    List<String> declared = new ArrayList<>();
    for (Column<R> column : columns.all()) {
      declared.add(column.name() + " " + column.type().sql() + " " + column.required());
    }
    return declared;
  }

  @Test
  void allFilesGiveAnEmptyDatabaseTheColumnsThatAreDeclared() throws SQLException {
    SchemaPlan done = Migrations.apply(owner, NAMES, null);

    assertThat(done.found()).isEqualTo(new SchemaVersion(0, false));
    assertThat(done.files()).hasSize(Tables.VERSION);
    assertThat(columns("sources")).isEqualTo(declared(Tables.SOURCES_COLUMNS));
    assertThat(columns("processed_events")).isEqualTo(declared(Tables.EVENTS));
    assertThat(columns("rejected_events")).isEqualTo(declared(Tables.REJECTED));
    assertThat(TableCheck.problems(owner, NAMES, "here")).isEmpty();
    assertThat(SchemaVersion.of(owner, NAMES)).isEqualTo(new SchemaVersion(Tables.VERSION, true));
    assertThat(Migrations.apply(owner, NAMES, null).isEmpty()).isTrue();
  }

  /** One that came without a column would never be applied. */
  @Test
  void noFileIsBehindTheVersionOfTheNewestColumn() {
    assertThat(Schema.class.getResource("V%d.sql".formatted(Tables.VERSION))).isNotNull();
    assertThat(Schema.class.getResource("V%d.sql".formatted(Tables.VERSION + 1))).isNull();
  }

  @Test
  void whatIsPrintedGivesTheSameAndIsTakenOver() throws SQLException {
    database.execute(Schema.sql(NAMES, 0));
    database.execute("INSERT INTO sources (topic_id, topic) VALUES (gen_random_uuid(), 'kept')");
    database.execute("ALTER TABLE processed_events ADD mine text");
    assertThat(TableCheck.problems(owner, NAMES, "here")).isEmpty();
    assertThat(SchemaVersion.of(owner, NAMES)).isEqualTo(new SchemaVersion(Tables.VERSION, false));

    SchemaPlan done = Migrations.apply(owner, NAMES, null);

    assertThat(done.takesOver()).isTrue();
    assertThat(SchemaVersion.of(owner, NAMES)).isEqualTo(new SchemaVersion(Tables.VERSION, true));
    assertThat(database.count("sources WHERE topic = 'kept'")).isEqualTo(1);
    assertThat(
            database.count(
                HISTORY + " WHERE type = 'BASELINE' AND version = '" + Tables.VERSION + "'"))
        .isOne();
  }

  @Test
  void whatIsPrintedIsDoneWholeOrNotAtAll() throws SQLException {
    database.execute("CREATE TABLE rejected_events (mine int)");
    try (Connection other = database.connect();
        Statement statement = other.createStatement()) {
      assertThatThrownBy(() -> statement.execute(Schema.sql(NAMES, 0)))
          .hasMessageContaining("already exists");
    }
    assertThat(database.count("pg_class WHERE relname IN ('sources', 'processed_events')"))
        .isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"clicks", "Web-Traffic", "it's ${x} \\ ü %s \"q\" $1 ?; -- /*", "Обработанные"})
  void tablesOfAnyNameHaveAHistoryOfTheirOwn(String name) throws SQLException {
    TableNames names = TableNames.parse(name);
    Migrations.apply(owner, NAMES, null);
    assertThat(SchemaVersion.of(owner, names)).isEqualTo(new SchemaVersion(0, false));

    Migrations.apply(owner, names, "traffic");

    assertThat(SchemaVersion.of(owner, names)).isEqualTo(new SchemaVersion(Tables.VERSION, true));
    assertThat(SchemaVersion.of(owner, NAMES)).isEqualTo(new SchemaVersion(Tables.VERSION, true));
    try (Connection connection = database.connections().getOrEstablishConnection()) {
      assertThat(TableCheck.problems(connection, names, "here")).isEmpty();
      assertThat(SchemaVersion.of(connection, names))
          .isEqualTo(new SchemaVersion(Tables.VERSION, true));
    }
  }

  private void refuses(String words) throws SQLException {
    String before = everything();
    assertThatThrownBy(() -> Migrations.apply(owner, NAMES, null))
        .isInstanceOf(SchemaRefusedException.class)
        .hasMessageContaining(words)
        .hasMessageNotContaining("\n");
    assertThat(everything()).isEqualTo(before);
  }

  private String everything() throws SQLException {
    try (Statement statement = owner.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT string_agg(relname || ' ' || attname, ', ' ORDER BY relname, attnum)
                FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
                WHERE relnamespace = 'public'::regnamespace AND NOT attisdropped\
                """)) {
      row.next();
      return row.getString(1);
    }
  }

  @Test
  void tablesOfNoVersionAreLeftAsTheyAre() throws SQLException {
    database.execute(Schema.sql(NAMES, 0));
    database.execute("ALTER TABLE processed_events DROP late, ALTER geodata TYPE json");
    refuses(
        "the tables of processed_events are not those of schema version "
            + Tables.VERSION
            + ", and were left as they are: Postgres, schema public: column 'geodata' of table 'processed_events' is of"
            + " type json, not jsonb; ALTER TABLE public.processed_events ALTER geodata TYPE jsonb"
            + " USING geodata::text::jsonb (and 1 more; see: trafficctl schema status)");

    database.execute("DROP TABLE rejected_events");
    refuses(
        "table 'processed_events' is in schema public without 'rejected_events', so one of them was"
            + " lost or renamed; restore that, or rename the other to have both made anew");

    database.execute("DROP TABLE processed_events");
    database.execute("CREATE TABLE processed_events (ip varchar)");
    refuses("table 'processed_events' (public.processed_events) is another than the job's");
  }

  @Test
  void aHistoryWithoutItsTablesIsSaid() throws SQLException {
    Migrations.apply(owner, NAMES, null);
    database.execute("DROP TABLE processed_events, rejected_events");
    refuses(
        "'processed_events_flyway' in schema public tells of tables of processed_events that are not"
            + " there any more; DROP TABLE \"processed_events_flyway\" to have them made anew");
  }

  @Test
  void aNewerVersionIsSaidToWhoeverAppliesAndToTheJob() throws SQLException {
    Migrations.apply(owner, NAMES, null);
    int newer = Tables.VERSION + 1;
    database.execute(
        """
        INSERT INTO processed_events_flyway SELECT 9, '%d', 'method', 'SQL', 'V%1$d__method.sql', 1,
          installed_by, now(), 1, true FROM processed_events_flyway LIMIT 1"""
            .formatted(newer));

    refuses(
        "the tables of processed_events are of schema version %d, and this build knows up to %d; use a build that knows theirs"
            .formatted(newer, Tables.VERSION));
    assertThat(TableCheck.problems(owner, NAMES, "here")).isEmpty();
    assertThat(TableCheck.warning(owner, NAMES))
        .hasValue(
            "the tables of processed_events are of schema version %d, and this build knows up to %d: what the newer one has added stays empty in the rows that this one writes"
                .formatted(newer, Tables.VERSION));

    database.execute("ALTER TABLE processed_events DROP late");
    assertThat(TableCheck.problems(owner, NAMES, "here"))
        .last()
        .isEqualTo(
            "Postgres, here: the tables are of schema version %d, and this build knows up to %d; use a build that knows theirs"
                .formatted(newer, Tables.VERSION));
  }

  @Test
  void twoAtOnceWaitForEachOther() throws Exception {
    try (Connection first = database.connect();
        Statement statement = first.createStatement();
        Connection second = database.connect()) {
      first.setAutoCommit(false);
      statement.execute("CREATE TABLE processed_events (x int)");
      CompletableFuture<SchemaPlan> one = applying(second);
      try (Connection third = database.connect()) {
        waiting(1);
        CompletableFuture<SchemaPlan> other = applying(third);
        waiting(2);
        first.rollback();
        assertThat(
                List.of(one.get(30, TimeUnit.SECONDS), other.get(30, TimeUnit.SECONDS)).stream()
                    .map(SchemaPlan::isEmpty))
            .containsExactlyInAnyOrder(true, false);
      }
    }
    assertThat(TableCheck.problems(owner, NAMES, "here")).isEmpty();
  }

  private static CompletableFuture<SchemaPlan> applying(Connection connection) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return Migrations.apply(connection, NAMES, null);
          } catch (SQLException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private void waiting(int sessions) {
    Awaitility.await()
        .until(
            () ->
                database.count(
                        "pg_stat_activity WHERE datname = current_database()"
                            + " AND wait_event_type = 'Lock'")
                    == sessions);
  }

  /** In the middle of the only file, with one of its tables made. */
  @Test
  void whatIsCutOffHasDoneNothingAndIsDoneTheNextTime() throws Exception {
    try (Connection first = database.connect();
        Statement statement = first.createStatement()) {
      first.setAutoCommit(false);
      statement.execute("CREATE TABLE processed_events (x int)");
      try (Connection second = database.connect()) {
        CompletableFuture<SchemaPlan> cut = applying(second);
        waiting(1);
        database.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                + " WHERE datname = current_database() AND wait_event_type = 'Lock'");
        assertThatThrownBy(() -> cut.get(30, TimeUnit.SECONDS))
            .hasRootCauseInstanceOf(SQLException.class);
      }
      first.rollback();
    }
    assertThat(everything()).isNull();

    Migrations.apply(owner, NAMES, null);
    assertThat(TableCheck.problems(owner, NAMES, "here")).isEmpty();
  }

  @Test
  void whoMayNotMakeTablesIsToldByPostgres() throws SQLException {
    try (Connection job =
        DriverManager.getConnection(
            database.url(), "traffic", TestDatabase.environment("POSTGRES_PASSWORD"))) {
      assertThatThrownBy(() -> Migrations.apply(job, NAMES, null))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("permission denied for schema public");
    }
    assertThat(everything()).isNull();
  }
}
