package dev.trafficctl.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The SQL files that make the tables, and that let the job's user write them. */
public final class Schema {
  // Any number will do, as long as everybody who applies the files takes the same.
  private static final long ADVISORY_LOCK = 0x7472616666696331L;

  private static final Pattern DEFAULT_NAMES =
      Pattern.compile(
          "\\b(%s|%s)\\b".formatted(TableNames.DEFAULT.events(), TableNames.DEFAULT.rejected()));

  private Schema() {}

  /**
   * The text of {@code schema.sql} for tables of these names: statements that may be run again and
   * again.
   */
  public static String sql(TableNames names) {
    String sql = text("schema.sql");
    return names.equals(TableNames.DEFAULT) ? sql : named(sql, names);
  }

  /**
   * The text of {@code grants.sql} for tables of these names: all that the job needs. It may be run
   * again and again.
   *
   * @param user the job's
   */
  public static String grants(TableNames names, String user) {
    return "SET trafficctl.job_user = '%s';\nSET trafficctl.job_table = '%s';\n\n%s"
        .formatted(quoted(user), quoted(names.events()), text("grants.sql"));
  }

  private static String quoted(String text) {
    return text.replace("'", "''");
  }

  private static String text(String name) {
    try (InputStream file = Schema.class.getResourceAsStream(name)) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The file has the default names as identifiers alone, in no string and no comment. */
  private static String named(String sql, TableNames names) {
    return DEFAULT_NAMES
        .matcher(sql)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    TableNames.quoted(
                        found.group().equals(TableNames.DEFAULT.events())
                            ? names.events()
                            : names.rejected())));
  }

  /**
   * Makes the tables that are not there yet, all or none. Two that do so at the same time wait for
   * each other: {@code CREATE TABLE IF NOT EXISTS} alone fails then.
   *
   * @param connection a connection to Postgres in auto-commit mode; to be closed after an error
   * @throws SQLException when Postgres refuses, for example because the user may not make tables
   */
  public static void apply(Connection connection, TableNames names) throws SQLException {
    alone(connection, sql(names));
  }

  /**
   * Lets a user write the tables as the job does: SELECT and INSERT on them, USAGE of their schema,
   * CONNECT to the database and TEMPORARY tables in it.
   *
   * @param connection one of the tables' owner in auto-commit mode; to be closed after an error
   * @param user the job's
   * @throws SQLException when Postgres refuses, for example because there is no such user
   */
  public static void grant(Connection connection, TableNames names, String user)
      throws SQLException {
    alone(connection, grants(names, user));
  }

  private static void alone(Connection connection, String sql) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_advisory_xact_lock(" + ADVISORY_LOCK + ")");
      statement.execute(sql);
    }
    connection.commit();
    connection.setAutoCommit(true);
  }
}
