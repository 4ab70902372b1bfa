package dev.trafficctl.job;

import dev.trafficctl.model.ConnectionFailure;
import dev.trafficctl.model.PostgresTls;
import dev.trafficctl.model.Secret;
import dev.trafficctl.model.SettingsException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import org.apache.flink.connector.jdbc.datasource.connections.JdbcConnectionProvider;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.util.function.SerializableFunction;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * One connection to Postgres for one sink, with a time-out on everything that could wait for ever.
 * Nothing is left in its session, so that it may be one of a pooler in transaction mode; what has
 * to hold is said in each {@link Transaction}.
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
   * How long an answer may be missing before the connection counts as dead. Longer than {@link
   * Transaction#STATEMENT_TIMEOUT}, so that a slow server is told from an unreachable one.
   */
  static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(30);

  private static final String MIN_SERVER_VERSION = "10";

  private final String url;
  private final String user;
  private final String applicationName;
  private final Properties guard;
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
    this.guard = PostgresTls.of(parsed).guard();
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

  /** The user who connects. */
  String user() {
    return user;
  }

  /** What a failure to use the connection means for the job, in one line. */
  IOException failure(SQLException e) {
    return new IOException(
        e instanceof TableFaultException fault
            ? fault.line(this)
            : "Postgres cannot be written to as %s: %s (%s). Nothing is lost: the job goes on from its last checkpoint once Postgres can be written to"
                .formatted(this, BatchFailure.message(e), e.getSQLState()),
        e);
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
    properties.putAll(guard);
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
    // Behind a pooler the next transaction may run in another session, where a statement that was
    // named in this one is unknown, or is somebody else's.
    PGProperty.PREPARE_THRESHOLD.set(properties, 0);
    // Otherwise the driver sets the application's name by a statement, in a session of others.
    PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, MIN_SERVER_VERSION);
    PGProperty.REWRITE_BATCHED_INSERTS.set(properties, true);
    // Otherwise the driver's messages quote whole rows, which end up in logs.
    PGProperty.LOG_SERVER_ERROR_DETAIL.set(properties, false);
    try {
      return new Driver().connect(url, properties);
    } catch (SQLException e) {
      throw refusal(e, password != null);
    }
  }

  private SQLException refusal(SQLException e, boolean withPassword) {
    ConnectionFailure failure =
        ConnectionFailure.of(e, BatchFailure.message(e), url, user, withPassword);
    SQLException refusal = new SQLException(failure.words(), e.getSQLState(), e);
    if (failure.lasting()) {
      throw new SuppressRestartsException(refusal);
    }
    return refusal;
  }

  private String password() {
    try {
      return Secret.POSTGRES_PASSWORD.resolve(environment).orElse(null);
    } catch (SettingsException e) {
      throw new SuppressRestartsException(e);
    }
  }
}
