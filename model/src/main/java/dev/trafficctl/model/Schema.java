package dev.trafficctl.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** The SQL file that makes the tables. */
public final class Schema {
  // Any number will do, as long as everybody who applies the schema takes the same.
  private static final long ADVISORY_LOCK = 0x7472616666696331L;

  private Schema() {}

  /** The text of {@code schema.sql}: statements that may be run again and again. */
  public static String sql() {
    try (InputStream file = Schema.class.getResourceAsStream("schema.sql")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Makes the tables that are not there yet, all or none. Two that do so at the same time wait for
   * each other: {@code CREATE TABLE IF NOT EXISTS} alone fails then.
   *
   * @param connection a connection to Postgres in auto-commit mode; to be closed after an error
   * @throws SQLException when Postgres refuses, for example because the user may not make tables
   */
  public static void apply(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_advisory_xact_lock(" + ADVISORY_LOCK + ")");
      statement.execute(sql());
    }
    connection.commit();
    connection.setAutoCommit(true);
  }
}
