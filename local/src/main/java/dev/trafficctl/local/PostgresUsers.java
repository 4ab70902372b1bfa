package dev.trafficctl.local;

import dev.trafficctl.model.TableNames;
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
import java.util.Properties;
import org.postgresql.PGConnection;

/**
 * The two users of the stack's Postgres: one who owns everything, and the job's, who may do what
 * {@code grants.sql} says.
 */
final class PostgresUsers {
  /** The superuser that the server was made with. */
  static final String OWNER = "traffic_owner";

  /** The user of the job, and of whoever looks at what it has written. */
  static final String JOB = "traffic";

  /** The database with the job's tables. */
  static final String DATABASE = "traffic";

  private static final String WRONG_PASSWORD = "28P01";
  private static final String NO_SUCH_DATABASE = "3D000";

  /** Who renames a superuser: it cannot be the one who is renamed. */
  private static final String FOR_THE_RENAMING = "traffic_renaming";

  private final int port;
  private final Secrets secrets;
  private final StackDirectory directory;

  /**
   * Of a stack.
   *
   * @param secrets with the owner's password
   */
  PostgresUsers(int port, Secrets secrets, StackDirectory directory) {
    this.port = port;
    this.secrets = secrets;
    this.directory = directory;
  }

  static String jdbcUrl(int port, String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  /**
   * Whether the server answers and has users, database and tables. What it lacks is made; it may
   * take a further call until all is there.
   *
   * @throws StackException when it cannot be made
   */
  boolean ready() {
    try (Connection connection = connect(OWNER, secrets.ownersPassword(), DATABASE)) {
      if (!hasJob(connection)) {
        makeJob(connection);
      }
      bringUpToDate(connection);
      return true;
    } catch (SQLException e) {
      if (WRONG_PASSWORD.equals(e.getSQLState())) {
        takeOver();
      } else if (NO_SUCH_DATABASE.equals(e.getSQLState())) {
        createDatabase(OWNER, secrets.ownersPassword());
      } else if (!isAway(e)) {
        throw cannot("make the user " + JOB, e);
      }
      return false;
    }
  }

  /** Version 0.1.0 makes the server with the job's user as its superuser. */
  private void takeOver() {
    try (Connection connection = connect(JOB, secrets.postgresPassword(), DATABASE)) {
      rename(connection);
    } catch (SQLException e) {
      if (NO_SUCH_DATABASE.equals(e.getSQLState())) {
        createDatabase(JOB, secrets.postgresPassword());
      } else if (WRONG_PASSWORD.equals(e.getSQLState())) {
        throw cannot("log in with the passwords in " + directory.secrets(), e);
      } else if (!isAway(e)) {
        throw cannot("make the user " + OWNER, e);
      }
    }
  }

  /**
   * All that the job's user owns stays with the superuser, under another name; the job's name goes
   * to a user without any rights but those that are granted. All of it, or nothing.
   */
  private void rename(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE ROLE " + FOR_THE_RENAMING + " SUPERUSER");
      statement.execute("SET LOCAL SESSION AUTHORIZATION " + FOR_THE_RENAMING);
      statement.execute("ALTER ROLE " + JOB + " RENAME TO " + OWNER);
      statement.execute("RESET SESSION AUTHORIZATION");
      statement.execute("DROP ROLE " + FOR_THE_RENAMING);
    }
    setPassword(connection, OWNER, secrets.ownersPassword());
    makeJob(connection);
  }

  /** All of it, or nothing; ends the transaction. */
  private void makeJob(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE ROLE " + JOB + " LOGIN");
      setPassword(connection, JOB, secrets.postgresPassword());
      for (String schema : schemas(connection, true)) {
        statement.execute("SET LOCAL search_path = " + schema);
        statement.execute(Schema.grants(TableNames.DEFAULT, JOB));
      }
    }
    connection.commit();
    connection.setAutoCommit(true);
  }

  /**
   * Makes the tables where there are none, and brings those that a session finds to this version.
   * What somebody has made of them otherwise stays as it is; a job says what it lacks.
   */
  private static void bringUpToDate(Connection connection) throws SQLException {
    try {
      SchemaPlan plan = Migrations.plan(connection, TableNames.DEFAULT);
      boolean elsewhere = plan.found().number() == 0 && !schemas(connection, false).isEmpty();
      if (!plan.isEmpty() && !elsewhere) {
        Migrations.apply(connection, TableNames.DEFAULT, JOB);
      }
    } catch (SchemaRefusedException changed) {
      return;
    }
  }

  /**
   * The schemas in which the job's tables are, in quotes where SQL needs them.
   *
   * @param all whether only those count that have every table
   */
  private static List<String> schemas(Connection connection, boolean all) throws SQLException {
    List<String> tables = TableNames.DEFAULT.all();
    String query =
        """
        SELECT quote_ident(nspname) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
        WHERE relkind IN ('r', 'p') AND relname IN ('%s')
        GROUP BY nspname HAVING count(*) >= %d ORDER BY nspname\
        """
            .formatted(String.join("', '", tables), all ? tables.size() : 1);
    List<String> schemas = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        schemas.add(rows.getString(1));
      }
    }
    return schemas;
  }

  private static boolean hasJob(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = '" + JOB + "')")) {
      row.next();
      return row.getBoolean(1);
    }
  }

  /** The driver sends what the server keeps, so that no log can have the password. */
  private static void setPassword(Connection connection, String user, String password)
      throws SQLException {
    connection
        .unwrap(PGConnection.class)
        .alterUserPassword(user, password.toCharArray(), "scram-sha-256");
  }

  private void createDatabase(String user, String password) {
    try (Connection connection = connect(user, password, "postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + DATABASE);
    } catch (SQLException e) {
      throw cannot("create the database " + DATABASE, e);
    }
  }

  /** Whether the server does not serve anybody, or not so many. */
  private static boolean isAway(SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    return state.startsWith("08") || state.startsWith("53") || state.startsWith("57P");
  }

  private StackException cannot(String what, SQLException e) {
    String message = e.getMessage() == null ? "" : e.getMessage();
    return new StackException(
        "postgres: cannot %s: %s: see %s, or %s"
            .formatted(
                what,
                message.lines().findFirst().orElse(""),
                directory.log("postgres"),
                directory.startAnew()),
        e);
  }

  private Connection connect(String user, String password, String database) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("socketTimeout", "10");
    properties.setProperty("ApplicationName", "trafficctl local");
    return DriverManager.getConnection(jdbcUrl(port, database), properties);
  }
}
