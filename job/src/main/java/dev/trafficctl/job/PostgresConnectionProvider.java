package dev.trafficctl.job;

import dev.trafficctl.model.Secret;
import dev.trafficctl.model.SettingsException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import org.apache.flink.connector.jdbc.datasource.connections.JdbcConnectionProvider;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.util.function.SerializableFunction;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.util.PSQLState;

/**
 * One connection to Postgres for one sink, with a time-out on everything that could wait for ever.
 *
 * <p>This object travels in the job graph, the password does not: it is read where the connection
 * is made, each time anew, from the environment variable {@code POSTGRES_PASSWORD} or from the file
 * that {@code POSTGRES_PASSWORD_FILE} names, which its owner alone may be able to read.
 *
 * <p>What the URL says takes precedence over the connection properties set here; their meaning is
 * given in <a href="https://jdbc.postgresql.org/documentation/use/">the driver's documentation</a>.
 */
public final class PostgresConnectionProvider implements JdbcConnectionProvider {
  private static final long serialVersionUID = 1L;

  /** How long the TCP connection may take. A host that is there answers in milliseconds. */
  static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /** How long connecting may take in all: name resolution, TLS and authentication included. */
  static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(10);

  /**
   * How long Postgres waits for a lock: long enough for an {@code ALTER TABLE} that only changes
   * the catalog, short enough for checkpoints not to time out.
   */
  static final Duration LOCK_TIMEOUT = Duration.ofSeconds(5);

  /** How long one statement may take: a thousand times what a batch takes on an idle server. */
  static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(20);

  /**
   * How long Postgres keeps a transaction, and its locks, in which nothing happens: a TaskManager
   * that hangs must not hold up the one that takes over.
   */
  static final Duration IDLE_IN_TRANSACTION_TIMEOUT = Duration.ofSeconds(20);

  /**
   * How long an answer may be missing before the connection counts as dead. Longer than {@link
   * #STATEMENT_TIMEOUT}, so that a slow server is told from an unreachable one.
   */
  static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(30);

  private final String url;
  private final String user;
  private final String applicationName;
  private final SerializableFunction<String, String> environment;

  private transient Connection connection;

  static {
    // The driver registers itself with the JVM's DriverManager, which would keep the class loader
    // of
    // every job that ever ran; after a dozen submissions the JobManager would be out of metaspace.
    boolean ofOneJob = Driver.class.getClassLoader() != ClassLoader.getSystemClassLoader();
    try {
      if (ofOneJob && Driver.isRegistered()) {
        Driver.deregister();
      }
    } catch (SQLException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /**
   * Connects with the password from the environment of the process that connects.
   *
   * @param url a JDBC URL that starts with {@code jdbc:postgresql:}
   * @param user the database user
   * @param applicationName what Postgres shows for the connection in {@code pg_stat_activity}
   * @throws IllegalArgumentException when the URL is none, or carries a password
   */
  public PostgresConnectionProvider(String url, String user, String applicationName) {
    this(url, user, applicationName, System::getenv);
  }

  PostgresConnectionProvider(
      String url,
      String user,
      String applicationName,
      SerializableFunction<String, String> environment) {
    Properties parsed = Driver.parseURL(url, null);
    if (parsed == null) {
      throw new IllegalArgumentException(
          "POSTGRES_URL is no JDBC URL for Postgres. Give one like"
              + " jdbc:postgresql://host:5432/database");
    }
    for (PGProperty secret : new PGProperty[] {PGProperty.PASSWORD, PGProperty.SSL_PASSWORD}) {
      if (parsed.getProperty(secret.getName()) != null) {
        throw new IllegalArgumentException(
            "POSTGRES_URL carries a password (%s), which would be stored with the job. Remove it and set POSTGRES_PASSWORD where the TaskManagers run"
                .formatted(secret.getName()));
      }
    }
    this.url = url;
    this.user = user;
    this.applicationName = applicationName;
    this.environment = environment;
  }

  @Override
  public Connection getConnection() {
    return connection;
  }

  @Override
  public boolean isConnectionValid() throws SQLException {
    return connection != null && connection.isValid((int) CONNECT_TIMEOUT.toSeconds());
  }

  /**
   * The connection that is open, or a new one.
   *
   * @throws SQLException when Postgres cannot be reached, or is not ready; worth another try
   * @throws SuppressRestartsException when Postgres refuses this user or database, or the password
   *     cannot be read: no further try can succeed until somebody changes something
   */
  @Override
  public Connection getOrEstablishConnection() throws SQLException {
    if (connection == null || connection.isClosed()) {
      connection = connect();
    }
    return connection;
  }

  @Override
  public void closeConnection() {
    if (connection == null) {
      return;
    }
    try {
      connection.close();
    } catch (SQLException ignored) {
      // It was dead already, and the server forgets what was not committed.
    } finally {
      connection = null;
    }
  }

  @Override
  public void close() {
    closeConnection();
  }

  @Override
  public Connection reestablishConnection() throws SQLException {
    closeConnection();
    return getOrEstablishConnection();
  }

  /** Who connects to where, for messages: {@code user 'u' at host:5432/database}. */
  @Override
  public String toString() {
    Properties parsed = Driver.parseURL(url, null);
    return "user '%s' at %s:%s/%s"
        .formatted(
            user,
            PGProperty.PG_HOST.getOrDefault(parsed),
            PGProperty.PG_PORT.getOrDefault(parsed),
            PGProperty.PG_DBNAME.getOrDefault(parsed));
  }

  private Connection connect() throws SQLException {
    Properties properties = new Properties();
    PGProperty.USER.set(properties, user);
    String password = password();
    if (password != null) {
      PGProperty.PASSWORD.set(properties, password);
    }
    PGProperty.APPLICATION_NAME.set(properties, applicationName);
    PGProperty.CONNECT_TIMEOUT.set(properties, (int) CONNECT_TIMEOUT.toSeconds());
    PGProperty.LOGIN_TIMEOUT.set(properties, (int) LOGIN_TIMEOUT.toSeconds());
    PGProperty.SOCKET_TIMEOUT.set(properties, (int) SOCKET_TIMEOUT.toSeconds());
    PGProperty.TCP_KEEP_ALIVE.set(properties, true);
    PGProperty.REWRITE_BATCHED_INSERTS.set(properties, true);
    // Otherwise the driver's messages quote whole rows, which end up in logs.
    PGProperty.LOG_SERVER_ERROR_DETAIL.set(properties, false);
    Connection established = null;
    try {
      established = new Driver().connect(url, properties);
      try (Statement statement = established.createStatement()) {
        statement.execute(
            "SET statement_timeout=%d; SET lock_timeout=%d; SET idle_in_transaction_session_timeout=%d"
                .formatted(
                    STATEMENT_TIMEOUT.toMillis(),
                    LOCK_TIMEOUT.toMillis(),
                    IDLE_IN_TRANSACTION_TIMEOUT.toMillis()));
      }
      return established;
    } catch (SQLException e) {
      if (established != null) {
        established.close();
      }
      throw refusal(e);
    }
  }

  private SQLException refusal(SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    if (PSQLState.CONNECTION_REJECTED.getState().equals(state) || state.startsWith("28")) {
      throw fatal(
          "Postgres refused %s: %s. Check POSTGRES_USER and POSTGRES_PASSWORD where the TaskManagers run",
          e);
    }
    if (state.startsWith("3D")) {
      throw fatal("Postgres has no such database for %s: %s. Check POSTGRES_URL", e);
    }
    return new SQLException(
        "Postgres cannot be reached as %s: %s. Check that it runs, and POSTGRES_URL"
            .formatted(this, PostgresFailure.message(e)),
        state,
        e);
  }

  private SuppressRestartsException fatal(String line, SQLException e) {
    return new SuppressRestartsException(
        new SQLException(line.formatted(this, PostgresFailure.message(e)), e.getSQLState(), e));
  }

  private String password() {
    try {
      return Secret.POSTGRES_PASSWORD.resolve(environment).orElse(null);
    } catch (SettingsException e) {
      throw new SuppressRestartsException(e);
    }
  }
}
