package dev.trafficctl.schema;

import dev.trafficctl.model.SchemaVersion;
import dev.trafficctl.model.ServerMessages;
import dev.trafficctl.model.TableCheck;
import dev.trafficctl.model.TableNames;
import dev.trafficctl.model.Tables;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * Brings the tables of a job to the newest version of the schema: by Flyway, in one transaction
 * with the record of it, so that it is done or not, whenever it is cut off. Two that do so in one
 * database at the same time wait for each other.
 */
public final class Migrations {
  /** How long one waits for another, and each statement for those who use the tables. */
  public static final Duration PATIENCE = Duration.ofSeconds(30);

  // Any number will do, as long as everybody takes the same.
  private static final long ADVISORY_LOCK = 0x7472616666696331L;

  private static final String LOCK_NOT_AVAILABLE = "55P03";

  /**
   * The tables come to the table that all jobs share: a second one would number its topics anew.
   */
  private static final String PLACE =
      """
      SELECT coalesce(
        (SELECT nspname FROM pg_class JOIN pg_namespace ON relnamespace = pg_namespace.oid
          WHERE pg_class.oid = to_regclass(?)),
        (SELECT nspname FROM pg_class JOIN pg_namespace ON relnamespace = pg_namespace.oid
          WHERE pg_class.oid = to_regclass(?)),
        current_schema())\
      """;

  private static final String EXISTS =
      "SELECT to_regclass(quote_ident(?) || '.' || quote_ident(?)) IS NOT NULL";

  private Migrations() {}

  /**
   * What there is to do; nothing is changed.
   *
   * @param connection one in auto-commit mode, of a user who may see the tables
   * @throws SchemaRefusedException when the tables are none that this build can bring further
   * @throws SQLException when Postgres cannot be asked
   */
  public static SchemaPlan plan(Connection connection, TableNames names) throws SQLException {
    String place = place(connection, names);
    List<String> taken = TableCheck.taken(connection, names, "schema " + place);
    if (!taken.isEmpty()) {
      throw new SchemaRefusedException(taken.get(0));
    }
    SchemaVersion found = SchemaVersion.of(connection, names);
    if (found.isNewer()) {
      throw new SchemaRefusedException(
          "the tables of %s are of schema version %d, and this build knows up to %d; use a build that knows theirs"
              .formatted(names.events(), found.number(), Tables.VERSION));
    }
    boolean events = exists(connection, place, names.events());
    boolean rejected = exists(connection, place, names.rejected());
    if (events != rejected) {
      throw new SchemaRefusedException(
          "table '%s' is in schema %s without '%s', so one of them was lost or renamed; restore that, or rename the other to have both made anew"
              .formatted(
                  events ? names.events() : names.rejected(),
                  place,
                  events ? names.rejected() : names.events()));
    }
    if (!events && exists(connection, place, SchemaVersion.history(names))) {
      throw new SchemaRefusedException(
          "'%s' in schema %s tells of tables of %s that are not there any more; DROP TABLE %s to have them made anew"
              .formatted(
                  SchemaVersion.history(names),
                  place,
                  names.events(),
                  TableNames.quoted(SchemaVersion.history(names))));
    }
    if (found.number() > 0) {
      List<String> differences =
          TableCheck.differences(connection, names, "schema " + place, found.number());
      if (!differences.isEmpty()) {
        throw new SchemaRefusedException(
            "the tables of %s are not those of schema version %d, and were left as they are: %s%s"
                .formatted(
                    names.events(), found.number(), differences.get(0), more(differences.size())));
      }
    }
    return new SchemaPlan(place, found);
  }

  private static String more(int all) {
    return all == 1 ? "" : " (and %d more; see: trafficctl schema status)".formatted(all - 1);
  }

  private static String place(Connection connection, TableNames names) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(PLACE)) {
      statement.setString(1, TableNames.quoted(names.events()));
      statement.setString(2, Tables.SOURCES);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        if (row.getString(1) == null) {
          throw new SchemaRefusedException(
              "no schema of the search_path is there; CREATE SCHEMA one, or give another with"
                  + " ?currentSchema=... in --postgres-url");
        }
        return row.getString(1);
      }
    }
  }

  /**
   * Does what there is to do, all or nothing.
   *
   * @param connection one in auto-commit mode, of the tables' owner; to be closed after an error
   * @param user the job's, who is let read and append, or null to grant nothing
   * @return what was done
   * @throws SchemaRefusedException when that cannot be done with these tables, or not now
   * @throws SQLException when Postgres refuses, for example because the user may not make tables
   */
  public static SchemaPlan apply(Connection connection, TableNames names, String user)
      throws SQLException {
    connection.setAutoCommit(false);
    try {
      lock(connection);
      SchemaPlan plan = plan(connection, names);
      if (!plan.isEmpty()) {
        migrate(connection, names, plan);
      }
      if (user != null) {
        try (Statement statement = connection.createStatement()) {
          statement.execute(Schema.grants(names, user));
        }
      }
      connection.commit();
      return plan;
    } catch (SQLException e) {
      if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
        throw new SchemaRefusedException(
            "the tables are in use: somebody has held them, or another trafficctl schema apply has worked, for %d s; nothing was changed, try again later"
                .formatted(PATIENCE.toSeconds()),
            e);
      }
      throw e;
    } finally {
      end(connection);
    }
  }

  private static void end(Connection connection) throws SQLException {
    if (!connection.isClosed()) {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  private static void lock(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "%s; SET LOCAL lock_timeout = '%ds'; SET LOCAL idle_in_transaction_session_timeout = 0; SELECT pg_advisory_xact_lock(%d)"
              .formatted(ServerMessages.NONE_IN_TRANSACTION, PATIENCE.toSeconds(), ADVISORY_LOCK));
    }
  }

  private static void migrate(Connection connection, TableNames names, SchemaPlan plan)
      throws SQLException {
    String history = SchemaVersion.history(names);
    OneTransaction transaction = new OneTransaction(connection);
    try {
      Flyway flyway =
          Flyway.configure(Migrations.class.getClassLoader())
              .loggers(NoLog.class.getName())
              .dataSource(transaction)
              .resourceProvider(new SchemaFiles(names))
              .defaultSchema(plan.place())
              .createSchemas(false)
              .table(history)
              .placeholderReplacement(false)
              // A version that others' tables were brought to may be written otherwise by now.
              .validateOnMigrate(false)
              // Other tables may be beside these.
              .baselineOnMigrate(true)
              .baselineVersion(Integer.toString(plan.found().number()))
              .baselineDescription("made without Flyway")
              .load();
      if (plan.takesOver() && exists(connection, plan.place(), history)) {
        flyway.baseline();
      }
      flyway.migrate();
    } catch (FlywayException e) {
      throw transaction.failure().orElseGet(() -> cause(e));
    }
  }

  private static boolean exists(Connection connection, String place, String table)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(EXISTS)) {
      statement.setString(1, place);
      statement.setString(2, table);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }

  /** What Postgres says; Flyway puts it among lines of its own. */
  private static SQLException cause(FlywayException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException of && of.getSQLState() != null) {
        return of;
      }
    }
    String message = String.valueOf(e.getMessage());
    throw new SchemaRefusedException(
        "Flyway cannot apply the schema, and nothing was changed: "
            + message.lines().findFirst().orElse(""),
        e);
  }
}
