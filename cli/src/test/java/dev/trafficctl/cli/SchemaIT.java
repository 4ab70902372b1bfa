package dev.trafficctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.local.Distribution;
import dev.trafficctl.local.LocalStack;
import dev.trafficctl.local.StackStatus;
import dev.trafficctl.model.Tables;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The commands for the schema of tables, on a real Postgres, and without a Flink. */
@ExtendWith(SharedStack.class)
@Timeout(120)
class SchemaIT {
  private static final String SCHEMA = "schema_it";

  private static final String FILES =
      IntStream.rangeClosed(1, Tables.VERSION)
          .mapToObj("V%d.sql"::formatted)
          .collect(Collectors.joining(", "));

  private final TestConsole console = TestConsole.real();
  private StackStatus.Addresses at;
  private Connection postgres;
  private String url;

  @TempDir Path directory;

  @BeforeEach
  void makeAnEmptySchema() throws SQLException {
    at =
        LocalStack.in(
                Path.of(SharedStack.directory()),
                Distribution.ofCheckout(Path.of("..").toAbsolutePath().normalize()))
            .status()
            .addresses();
    url = at.postgres() + "?currentSchema=" + SCHEMA;
    postgres =
        DriverManager.getConnection(
            at.postgres(),
            at.asOwner().postgresUser(),
            at.asOwner().environment().get("POSTGRES_PASSWORD"));
    execute("DROP SCHEMA IF EXISTS " + SCHEMA + " CASCADE; CREATE SCHEMA " + SCHEMA);
    at.asOwner().environment().forEach(console::with);
    console.with("XDG_STATE_HOME", directory.toString());
    console.with("XDG_CONFIG_HOME", directory.toString());
  }

  @AfterEach
  void close() throws SQLException {
    execute("DROP SCHEMA " + SCHEMA + " CASCADE");
    postgres.close();
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

  private int schema(String... words) {
    List<String> all = new ArrayList<>(List.of("schema"));
    all.addAll(List.of(words));
    all.addAll(List.of("--postgres-url", url, "--postgres-user", at.asOwner().postgresUser()));
    return console.run(all.toArray(String[]::new));
  }

  @Test
  void makesTheTablesAndSaysWhatTheyAre() throws SQLException {
    assertThat(schema("status")).as(console.err()).isEqualTo(3);
    assertThat(console.out())
        .contains("has no table 'processed_events' in the search_path " + SCHEMA + "; ")
        .contains(" with: trafficctl schema apply\n");

    assertThat(schema("apply", "--plan")).as(console.err()).isZero();
    assertThat(console.out()).contains("TO APPLY").contains(FILES);
    assertThat(count("pg_class WHERE relnamespace = '" + SCHEMA + "'::regnamespace")).isZero();

    assertThat(schema("apply", "--grant", at.postgresUser())).as(console.err()).isZero();
    assertThat(console.out()).contains("APPLIED").contains(FILES);

    assertThat(schema("status", "-o", "json")).as(console.out()).isZero();
    assertThat(console.out())
        .contains("\"version\" : " + Tables.VERSION)
        .contains("\"recorded\" : true");

    assertThat(schema("apply")).as(console.err()).isZero();
    assertThat(console.out()).doesNotContain(".sql");
    assertThat(count(SCHEMA + ".processed_events_flyway WHERE success")).isEqualTo(Tables.VERSION);
  }

  @Test
  void tellsWhatWasDoneWhereItCannotBePrinted() throws SQLException {
    console.printingTo(
        new Writer() {
          @Override
          public void write(char[] text, int from, int length) throws IOException {
            throw new IOException("No space left on device");
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        });
    assertThat(schema("apply")).isEqualTo(7);
    assertThat(console.err())
        .contains(
            "stdout could not be written: No space left on device; this was to be told there:\n",
            FILES + "\n",
            "trafficctl: what was done is shown by: trafficctl schema status\n");
    assertThat(count(SCHEMA + ".processed_events")).isZero();
  }

  @Test
  void aProtectedContextDemandsTheNameOfTheTable() throws SQLException {
    assertThat(console.run("context", "set", "careful", "--flink", at.flink(), "--protected"))
        .as(console.err())
        .isZero();
    assertThat(schema("apply", "--context", "careful", "--plan")).as(console.err()).isZero();

    assertThat(schema("apply", "--context", "careful")).isEqualTo(4);
    assertThat(console.err())
        .startsWith("trafficctl: careful (" + at.flink())
        .contains(" is protected, and this will change the tables of processed_events in ")
        .endsWith("; confirm it with --yes=processed_events; nothing was changed\n")
        .hasLineCount(1);
    assertThat(schema("apply", "--context", "careful", "--yes", "traffic")).isEqualTo(4);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: --yes names traffic, but the table is processed_events; nothing was"
                + " changed\n");
    assertThat(count("pg_class WHERE relnamespace = '" + SCHEMA + "'::regnamespace")).isZero();

    assertThat(schema("apply", "--context", "careful", "--yes=processed_events"))
        .as(console.err())
        .isZero();
    assertThat(count(SCHEMA + ".processed_events")).isZero();

    console.typing("clicks\n");
    assertThat(schema("apply", "--context", "careful", "--table", "clicks"))
        .as(console.err())
        .isZero();
    assertThat(console.err()).endsWith("Type the table's name to go on: ");
    assertThat(count(SCHEMA + ".clicks")).isZero();
  }

  @Test
  void refusesTablesOfOthersAndSaysSoOnce() throws SQLException {
    execute("CREATE TABLE " + SCHEMA + ".processed_events (ip varchar)");
    assertThat(schema("apply")).isEqualTo(4);
    assertThat(console.err())
        .startsWith("trafficctl: ")
        .contains("table 'processed_events' (" + SCHEMA + ".processed_events) is another than")
        .hasLineCount(1);
    assertThat(count("pg_class WHERE relnamespace = '" + SCHEMA + "'::regnamespace")).isOne();
  }
}
