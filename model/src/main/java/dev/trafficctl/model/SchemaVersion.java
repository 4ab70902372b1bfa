package dev.trafficctl.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which version of the schema the tables of a database are of: the one that Flyway has recorded
 * beside them, or else the one that their columns are those of.
 *
 * @param number from 1; 0 where there are none of the tables
 * @param recorded whether it is recorded
 */
public record SchemaVersion(int number, boolean recorded) {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_-]+");
  private static final String HISTORY = "_flyway";
  private static final int HASH_DIGITS = 16;

  /** In the schema of the table of events, wherever the search_path finds that. */
  private static final String FIND_HISTORY =
      """
      SELECT quote_ident(nspname) || '.' || quote_ident(?),
             has_table_privilege(history, 'SELECT'), history IS NOT NULL
      FROM pg_class JOIN pg_namespace ON relnamespace = pg_namespace.oid
      CROSS JOIN LATERAL to_regclass(quote_ident(nspname) || '.' || quote_ident(?)) AS history
      WHERE pg_class.oid = to_regclass(?)\
      """;

  private static final String NEWEST =
      "SELECT max(version::int) FROM %s WHERE success AND version ~ '^[0-9]{1,9}$'";

  /**
   * The name of the table in which Flyway records the versions, beside the tables of a job. It can
   * handle few characters in it.
   */
  public static String history(TableNames names) {
    String events = names.events();
    return (PLAIN.matcher(events).matches() ? events : "trafficctl_" + hash(events)) + HISTORY;
  }

  private static String hash(String name) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, HASH_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /**
   * Of the tables that a session finds.
   *
   * @throws SQLException when the catalog cannot be read
   */
  public static SchemaVersion of(Connection connection, TableNames names) throws SQLException {
    Optional<Integer> recorded = recorded(connection, names);
    return recorded.isPresent()
        ? new SchemaVersion(recorded.get(), true)
        : new SchemaVersion(byColumns(connection, names), false);
  }

  /** Nothing where none is recorded, or where the user may not see it. */
  private static Optional<Integer> recorded(Connection connection, TableNames names)
      throws SQLException {
    String history;
    try (PreparedStatement statement = connection.prepareStatement(FIND_HISTORY)) {
      statement.setString(1, history(names));
      statement.setString(2, history(names));
      statement.setString(3, TableNames.quoted(names.events()));
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next() || !row.getBoolean(3) || !row.getBoolean(2)) {
          return Optional.empty();
        }
        history = row.getString(1);
      }
    }
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(NEWEST.formatted(history))) {
      row.next();
      int version = row.getInt(1);
      return row.wasNull() ? Optional.empty() : Optional.of(version);
    }
  }

  /** The first version that has all of the job's columns that are there. */
  private static int byColumns(Connection connection, TableNames names) throws SQLException {
    TableCatalog catalog = new TableCatalog(connection);
    int events = newest(Tables.EVENTS, catalog.columnNames(names.events()));
    // Of a version that the rejected events alone tell, nobody can say which columns are missing.
    return events == 0
        ? 0
        : Math.max(events, newest(Tables.REJECTED, catalog.columnNames(names.rejected())));
  }

  /** Of what the columns of a table are that has these. */
  static int newest(TableColumns<?> columns, Set<String> found) {
    return columns.all().stream()
        .filter(column -> found.contains(column.name()))
        .mapToInt(Column::since)
        .max()
        .orElse(0);
  }

  /** Whether this build does not know it. */
  public boolean isNewer() {
    return number > Tables.VERSION;
  }

  /** Whether it is one that this build can bring to its own. */
  public boolean isOlder() {
    return number > 0 && number < Tables.VERSION;
  }
}
