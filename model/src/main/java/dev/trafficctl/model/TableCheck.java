package dev.trafficctl.model;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Looks in the catalog of a database whether the job's tables are such that no row can be lost,
 * doubled or altered: all of what the files of SQL give, and nothing that undoes it. More columns,
 * indexes, constraints, partitions and triggers are no fault.
 */
public final class TableCheck {
  /** Names for the job's tables where others have theirs. */
  private static final TableNames OWN = new TableNames("traffic_events");

  /** A schema for the job's tables where another name does not help. */
  private static final String OWN_SCHEMA = "trafficctl";

  private final TableCatalog catalog;
  private final TableNames names;
  private final String where;
  private final List<String> problems = new ArrayList<>();
  private String user;
  // The table that is looked at, as SQL names it wherever one is connected.
  private String place;

  // The version of the schema whose columns must be there.
  private int version = Tables.VERSION;

  private TableCheck(Connection connection, TableNames names, String where) {
    this.catalog = new TableCatalog(connection);
    this.names = names;
    this.where = where;
  }

  /**
   * Everything that stands in the way of this build, a line with its remedy for each; empty if
   * nothing does.
   *
   * @param connection one of the job's user, in auto-commit mode
   * @param names those of the job's tables
   * @param where how the lines name user and database
   * @throws SQLException when the catalog cannot be read
   */
  public static List<String> problems(Connection connection, TableNames names, String where)
      throws SQLException {
    TableCheck check = new TableCheck(connection, names, where);
    check.settings();
    // Where a name is taken, what else there is to say would be about tables that are to stay.
    if (check.areOurs()) {
      SchemaVersion found = SchemaVersion.of(connection, names);
      if (found.isOlder()) {
        check.older(found);
      }
      check.tables();
      if (found.isNewer() && !check.problems.isEmpty()) {
        check.problem(
            "the tables are of schema version %d, and this build knows up to %d; use a build that"
                + " knows theirs",
            found.number(), Tables.VERSION);
      }
    }
    return List.copyOf(check.problems);
  }

  /**
   * In what tables differ from those of a version of the schema, a line for each.
   *
   * @param connection one of any user who may see them
   * @param version one that this build knows
   */
  public static List<String> differences(
      Connection connection, TableNames names, String where, int version) throws SQLException {
    TableCheck check = new TableCheck(connection, names, where);
    check.version = version;
    check.tables();
    return List.copyOf(check.problems);
  }

  /** Which of the names are taken by tables that are not the job's, a line for each. */
  public static List<String> taken(Connection connection, TableNames names, String where)
      throws SQLException {
    TableCheck check = new TableCheck(connection, names, where);
    check.areOurs();
    return List.copyOf(check.problems);
  }

  /**
   * What somebody should know of tables of a version that this build does not know, though they
   * have all that it needs.
   */
  public static Optional<String> warning(Connection connection, TableNames names)
      throws SQLException {
    SchemaVersion found = SchemaVersion.of(connection, names);
    return found.isNewer()
        ? Optional.of(
            "the tables of %s are of schema version %d, and this build knows up to %d: what the newer one has added stays empty in the rows that this one writes"
                .formatted(names.events(), found.number(), Tables.VERSION))
        : Optional.empty();
  }

  /** One line for all columns that later versions add. */
  private void older(SchemaVersion found) {
    version = found.number();
    problem(
        "the tables are of schema version %d, and this build needs %d; run: %s",
        version, Tables.VERSION, names.apply());
  }

  private void tables() throws SQLException {
    table(Tables.SOURCES, Tables.SOURCES_COLUMNS, List.of("source"));
    table(names.events(), Tables.EVENTS, List.of());
    table(names.rejected(), Tables.REJECTED, List.of());
  }

  private void settings() throws SQLException {
    TableCatalog.Settings settings = catalog.settings();
    user = settings.user();
    if (!settings.mayMakeTemporaryTables()) {
      problem(
          "the user may not make temporary tables, which a repeated batch needs; GRANT TEMPORARY ON"
              + " DATABASE %s TO %s",
          settings.database(), user);
    }
    if (settings.standby()) {
      problem("this server is a standby, which is read-only; give the address of the primary");
    } else if (settings.readOnly()) {
      problem(
          "default_transaction_read_only is on, so nothing can be written; ALTER ROLE %s SET"
              + " default_transaction_read_only = off",
          user);
    }
    if (!settings.encoding().equals("UTF8")) {
      problem(
          "the encoding of the database is %s, which cannot store every event; use a database whose"
              + " encoding is UTF8",
          settings.encoding());
    }
    if (settings.synchronousCommit().equals("off")) {
      problem(
          "synchronous_commit is off, so rows can be lost after a checkpoint has counted on them;"
              + " ALTER ROLE %s SET synchronous_commit = on",
          user);
    }
  }

  /**
   * Looks at a table.
   *
   * @param read the columns that the job reads, and does not write
   */
  private void table(String table, TableColumns<?> columns, List<String> read) throws SQLException {
    Optional<TableCatalog.Relation> relation = catalog.relation(table);
    if (relation.isEmpty()) {
      missing(table, columns.key());
      return;
    }
    place = relation.get().place();
    if (!relation.get().isTable()) {
      problem("'%s' is no table; rename it, and run: %s", table, names.apply());
      return;
    }
    if (relation.get().unlogged()) {
      problem(
          "table '%s' is UNLOGGED, so a crash of Postgres empties it; ALTER TABLE %s SET LOGGED",
          table, place);
    }
    if (relation.get().rowSecurity()) {
      problem(
          "row-level security of table '%s' applies to this user; %s",
          table, RowSecurity.bypass(user));
    }
    if (relation.get().hasRule()) {
      problem(
          "table '%s' has a rule for INSERT or UPDATE, with which ON CONFLICT cannot be used; drop"
              + " the rule",
          table);
    }
    if (columns(table, columns, read)) {
      key(table, columns.key());
    }
  }

  /** Whether none of the names is taken; a line for each that is. */
  private boolean areOurs() throws SQLException {
    Optional<String> sources = taken(Tables.SOURCES, List.of("source", "topic_id"));
    List<String> taken =
        Stream.of(sources, taken(names.events(), Tables.KEY), taken(names.rejected(), Tables.KEY))
            .flatMap(Optional::stream)
            .toList();
    if (taken.isEmpty()) {
      return true;
    }
    // Other names for the others do not help where that of the shared table is taken.
    String remedy = sources.isEmpty() && isFree(OWN) ? otherNames() : otherSchema();
    taken.forEach(words -> problem("%s; to keep both, %s", words, remedy));
    return false;
  }

  private boolean isFree(TableNames others) throws SQLException {
    return !others.equals(names)
        && taken(others.events(), Tables.KEY).isEmpty()
        && taken(others.rejected(), Tables.KEY).isEmpty();
  }

  private static String otherNames() {
    return "run: %s, and start the job with --table %s".formatted(OWN.apply(), OWN.events());
  }

  private String otherSchema() {
    return "CREATE SCHEMA IF NOT EXISTS %s, add currentSchema=%1$s to --postgres-url, and run with that: %s"
        .formatted(OWN_SCHEMA, names.apply());
  }

  /**
   * What a table of a name is if it is somebody else's: one without the columns of the key. What it
   * holds could never be told from what the job writes, and columns that are added to it stay empty
   * in its rows.
   */
  private Optional<String> taken(String table, List<String> key) throws SQLException {
    List<String> missing = new ArrayList<>(key);
    missing.removeAll(catalog.columnNames(table));
    return missing.isEmpty()
        ? Optional.empty()
        : catalog
            .relation(table)
            .map(
                found ->
                    "table '%s' (%s) is another than the job's: it has no column %s"
                        .formatted(table, found.place(), String.join(", ", missing)));
  }

  private void missing(String table, List<String> key) throws SQLException {
    Optional<TableCatalog.Elsewhere> other = catalog.elsewhere(table, key);
    if (other.isPresent() && other.get().usable()) {
      problems.add(
          "Postgres, %s, has no table '%s' in the search_path %s; for the one in schema %s add currentSchema=%4$s to --postgres-url, or make one where it is wanted with: %s"
              .formatted(
                  where, table, other.get().searchPath(), other.get().schema(), names.apply()));
      return;
    }
    if (other.isPresent()) {
      problem(
          "table '%s' is in schema %s, which this user may not use; GRANT USAGE ON SCHEMA %2$s TO"
              + " %3$s",
          table, other.get().schema(), user);
      return;
    }
    problems.add("Postgres, %s, has no table '%s'; run: %s".formatted(where, table, names.apply()));
  }

  /** Whether all columns are there. */
  private boolean columns(String table, TableColumns<?> columns, List<String> read)
      throws SQLException {
    Map<String, Column<?>> wanted = new LinkedHashMap<>();
    columns.written().stream()
        .filter(column -> column.since() <= version)
        .forEach(column -> wanted.put(column.name(), column));
    for (String name : read) {
      columns.find(name).ifPresent(column -> wanted.put(name, column));
    }
    boolean mayRead = true;
    boolean mayWrite = true;
    Set<String> found = new HashSet<>();
    for (TableCatalog.ColumnFacts facts : catalog.columns(table)) {
      Column<?> column = wanted.get(facts.name());
      boolean ours = column != null && column.isWritten();
      if (column != null) {
        found.add(facts.name());
        type(table, column, facts.type());
        mayRead &= facts.readable();
        mayWrite &= !ours || facts.writable();
      }
      if (ours && facts.generated()) {
        problem(
            "column '%s' of table '%s' is GENERATED ALWAYS, and the job writes it; drop that"
                + " property",
            facts.name(), table);
      } else if (!ours && facts.notNull() && !facts.hasDefault()) {
        problem(
            "column '%s' of table '%s' is NOT NULL and has no default, and the job does not write"
                + " it; give it a default, or drop NOT NULL",
            facts.name(), table);
      }
    }
    for (Column<?> column : wanted.values()) {
      if (!found.contains(column.name())) {
        problem(
            "table '%s' has no column '%s'; ALTER TABLE %s ADD %2$s %s",
            table, column.name(), place, column.type().sql());
      }
    }
    right("SELECT", mayRead, table);
    right("INSERT", mayWrite, table);
    return found.size() == wanted.size();
  }

  private void type(String table, Column<?> column, String type) {
    if (!column.type().isServedBy(type)) {
      String wanted = column.type().sql();
      problem(
          "column '%s' of table '%s' is of type %s, not %s; ALTER TABLE %5$s ALTER %1$s TYPE %4$s"
              + " USING %6$s",
          column.name(), table, type, wanted, place, converted(column.name(), type, wanted));
    }
  }

  /** Without it Postgres refuses what it does not convert by itself, such as text to inet. */
  private static String converted(String column, String type, String wanted) {
    if (type.equals("timestamp without time zone") && wanted.equals("timestamp with time zone")) {
      return column + " AT TIME ZONE 'UTC'";
    }
    if (wanted.equals("bytea")) {
      return "convert_to(%s::text, 'UTF8')".formatted(column);
    }
    // There is no conversion of its own from json, nor from many other types, but from text.
    return "%s::text::%s".formatted(column, wanted);
  }

  private void right(String right, boolean granted, String table) {
    if (!granted) {
      problem(
          "the user has no right to %s on table '%s'; GRANT %1$s ON %3$s TO %4$s",
          right, table, place, user);
    }
  }

  private void key(String table, List<String> key) throws SQLException {
    String columns = String.join(", ", key);
    String remedy = "ALTER TABLE %s ADD UNIQUE (%s)".formatted(place, columns);
    String longer = null;
    boolean deferrable = false;
    for (TableCatalog.Key each : catalog.keys(table)) {
      List<String> parts = each.columns();
      boolean exact = parts.size() == key.size() && parts.containsAll(key);
      boolean usable = each.ready() && !each.partial();
      if (exact && usable && each.immediate()) {
        return;
      }
      deferrable |= exact && usable;
      if (longer == null && parts.size() > key.size() && parts.containsAll(key)) {
        longer = String.join(", ", parts);
      }
    }
    if (deferrable) {
      problem(
          "the key (%s) of table '%s' is DEFERRABLE, and ON CONFLICT needs one that is not; %s",
          columns, table, remedy);
    } else if (longer != null) {
      problem(
          "the key (%s) of table '%s' has more columns than (%s), so an event can be there twice;"
              + " %s",
          longer, table, columns, remedy);
    } else {
      problem(
          "table '%s' has no unique key (%s), so an event can be there twice; %s",
          table, columns, remedy);
    }
  }

  private void problem(String words, Object... values) {
    problems.add("Postgres, %s: %s".formatted(where, words.formatted(values)));
  }
}
