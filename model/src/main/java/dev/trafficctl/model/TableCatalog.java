package dev.trafficctl.model;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the catalog of a database tells of its settings and tables, as the user of the connection
 * sees them.
 *
 * @see <a href="https://www.postgresql.org/docs/18/catalogs.html">The catalog</a>
 */
final class TableCatalog {
  private static final String SETTINGS =
      """
      SELECT has_database_privilege(current_database(), 'TEMPORARY'),
             quote_ident(current_database()), quote_ident(current_user),
             pg_is_in_recovery(),
             current_setting('server_encoding'), current_setting('synchronous_commit'),
             current_setting('default_transaction_read_only')::boolean\
      """;

  private static final String TABLE =
      """
      SELECT relkind, relpersistence, row_security_active(pg_class.oid),
             EXISTS (SELECT FROM pg_rewrite WHERE ev_class = pg_class.oid AND ev_type IN ('2', '3')),
             quote_ident(nspname) || '.' || quote_ident(relname)
      FROM pg_class JOIN pg_namespace ON relnamespace = pg_namespace.oid
      WHERE pg_class.oid = to_regclass(?)\
      """;

  private static final String ELSEWHERE =
      """
      SELECT quote_ident(nspname), has_schema_privilege(pg_namespace.oid, 'USAGE'),
             current_setting('search_path')
      FROM pg_class JOIN pg_namespace ON relnamespace = pg_namespace.oid
      WHERE relname = ? AND relkind IN ('r', 'p')
      ORDER BY quote_ident(nspname) = ANY (string_to_array(current_setting('search_path'), ', ')) DESC,
               (SELECT count(*) FROM pg_attribute WHERE attrelid = pg_class.oid
                 AND attname = ANY (?) AND NOT attisdropped) DESC, 1 LIMIT 1\
      """;

  private static final String COLUMNS =
      """
      SELECT attname, format_type(base, NULL),
             attnotnull OR domain_not_null, atthasdef OR attidentity <> '',
             attgenerated <> '' OR attidentity = 'a',
             has_column_privilege(attrelid, attnum, 'SELECT'),
             has_column_privilege(attrelid, attnum, 'INSERT')
      FROM pg_attribute
      JOIN LATERAL (
        WITH RECURSIVE types AS (
          SELECT oid, typtype, typbasetype, typnotnull FROM pg_type WHERE oid = atttypid
          UNION ALL
          SELECT inner_type.oid, inner_type.typtype, inner_type.typbasetype, inner_type.typnotnull
          FROM types JOIN pg_type AS inner_type ON inner_type.oid = types.typbasetype
          WHERE types.typtype = 'd')
        SELECT max(oid) FILTER (WHERE typtype <> 'd') AS base, bool_or(typnotnull) AS domain_not_null
        FROM types) AS resolved ON true
      WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped
      ORDER BY attnum\
      """;

  private static final String KEYS =
      """
      SELECT indisvalid AND indisready, indimmediate, indpred IS NOT NULL,
             ARRAY(SELECT coalesce(attname::text, '(expression)')
                   FROM unnest(indkey::int2[]) WITH ORDINALITY AS part(number, place)
                   LEFT JOIN pg_attribute ON attrelid = indrelid AND attnum = part.number
                   WHERE place <= indnkeyatts ORDER BY place)
      FROM pg_index WHERE indrelid = to_regclass(?) AND indisunique
      ORDER BY indisprimary DESC, indexrelid\
      """;

  private final Connection connection;

  TableCatalog(Connection connection) {
    this.connection = connection;
  }

  /**
   * What holds for all tables.
   *
   * @param mayMakeTemporaryTables whether the user may
   * @param database its name, as SQL takes it
   * @param user the user's name, as SQL takes it
   * @param standby whether the server is one
   * @param encoding of the database
   * @param synchronousCommit its value
   * @param readOnly whether transactions are so if they do not say otherwise
   */
  record Settings(
      boolean mayMakeTemporaryTables,
      String database,
      String user,
      boolean standby,
      String encoding,
      String synchronousCommit,
      boolean readOnly) {}

  Settings settings() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(SETTINGS)) {
      row.next();
      return new Settings(
          row.getBoolean(1),
          row.getString(2),
          row.getString(3),
          row.getBoolean(4),
          row.getString(5),
          row.getString(6),
          row.getBoolean(7));
    }
  }

  /**
   * A relation of a name.
   *
   * @param place with its schema, as SQL takes it
   * @param isTable whether it is a table, and no view or the like
   * @param unlogged whether a crash empties it
   * @param rowSecurity whether row-level security applies to the user
   * @param hasRule whether it has a rule for INSERT or UPDATE
   */
  record Relation(
      String place, boolean isTable, boolean unlogged, boolean rowSecurity, boolean hasRule) {}

  /** The one that a name means in the search path, or nothing. */
  Optional<Relation> relation(String name) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(TABLE)) {
      statement.setString(1, TableNames.quoted(name));
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            ? Optional.of(
                new Relation(
                    row.getString(5),
                    List.of("r", "p").contains(row.getString(1)),
                    row.getString(2).equals("u"),
                    row.getBoolean(3),
                    row.getBoolean(4)))
            : Optional.empty();
      }
    }
  }

  /**
   * A table of a name outside of the search path.
   *
   * @param schema as SQL takes it
   * @param usable whether the user may use the schema
   * @param searchPath what is searched
   */
  record Elsewhere(String schema, boolean usable, String searchPath) {}

  /** The likeliest one, or nothing. */
  Optional<Elsewhere> elsewhere(String name, List<String> key) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ELSEWHERE)) {
      statement.setString(1, name);
      statement.setArray(2, connection.createArrayOf("text", key.toArray()));
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            ? Optional.of(new Elsewhere(row.getString(1), row.getBoolean(2), row.getString(3)))
            : Optional.empty();
      }
    }
  }

  /**
   * A column.
   *
   * @param type that of its base, where it is a domain
   * @param notNull whether it takes no null
   * @param hasDefault whether it fills itself
   * @param generated whether nothing can be written to it
   */
  record ColumnFacts(
      String name,
      String type,
      boolean notNull,
      boolean hasDefault,
      boolean generated,
      boolean readable,
      boolean writable) {}

  /** Those of a table, in its order; none where there is no such table. */
  List<ColumnFacts> columns(String table) throws SQLException {
    List<ColumnFacts> columns = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
      statement.setString(1, TableNames.quoted(table));
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          columns.add(
              new ColumnFacts(
                  row.getString(1),
                  row.getString(2),
                  row.getBoolean(3),
                  row.getBoolean(4),
                  row.getBoolean(5),
                  row.getBoolean(6),
                  row.getBoolean(7)));
        }
      }
    }
    return columns;
  }

  /** Their names; none where there is no such table. */
  Set<String> columnNames(String table) throws SQLException {
    return columns(table).stream().map(ColumnFacts::name).collect(Collectors.toSet());
  }

  /**
   * A unique index.
   *
   * @param ready whether Postgres holds to it
   * @param immediate whether it is not DEFERRABLE
   * @param partial whether it holds for some rows alone
   * @param columns its columns; an expression among them is in parentheses
   */
  record Key(boolean ready, boolean immediate, boolean partial, List<String> columns) {}

  /** Those of a table, the primary key first. */
  List<Key> keys(String table) throws SQLException {
    List<Key> keys = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(KEYS)) {
      statement.setString(1, TableNames.quoted(table));
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          keys.add(
              new Key(
                  row.getBoolean(1),
                  row.getBoolean(2),
                  row.getBoolean(3),
                  List.of((String[]) row.getArray(4).getArray())));
        }
      }
    }
    return keys;
  }
}
