package dev.trafficctl.job;

import dev.trafficctl.local.Distribution;
import dev.trafficctl.local.LocalStack;
import dev.trafficctl.local.StackOptions;
import dev.trafficctl.local.StackStatus;
import dev.trafficctl.model.ProcessedEvent;
import dev.trafficctl.model.RejectedEvent;
import dev.trafficctl.model.TableNames;
import dev.trafficctl.model.WebEvent;
import dev.trafficctl.schema.Migrations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A database with the tables, on a real Postgres server that all tests of this JVM share; it is
 * wiped when the JVM ends.
 */
final class TestDatabase implements AutoCloseable {
  private final String name = "test_" + UUID.randomUUID().toString().replace('-', '_');
  private final Connection connection;

  private TestDatabase() throws SQLException {
    try (Connection server = connectTo(Server.ADDRESSES.postgres());
        Statement statement = server.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    }
    connection = connectTo(url());
    String job = Server.ADDRESSES.postgresUser();
    Migrations.apply(connection, TableNames.DEFAULT, job);
    // So that the job may write what a test makes in place of its tables.
    execute("ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT ON TABLES TO " + job);
    execute("ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO " + job);
  }

  static TestDatabase create() throws SQLException {
    return new TestDatabase();
  }

  String url() {
    return Server.ADDRESSES.postgres().replaceFirst("[^/]+$", name);
  }

  int port() {
    return Integer.parseInt(url().replaceFirst(".*:(\\d+)/.*", "$1"));
  }

  /** A provider for the job's user, who may do what {@code grants.sql} says. */
  PostgresConnectionProvider connections(String url) {
    return new PostgresConnectionProvider(
        url, Server.ADDRESSES.postgresUser(), "write", TestDatabase::environment);
  }

  PostgresConnectionProvider connections() {
    return connections(url());
  }

  /** A session of the user who owns the tables. */
  Connection connection() {
    return connection;
  }

  /** Another session of the same user. */
  Connection connect() throws SQLException {
    return connectTo(url());
  }

  /** Another one, by the URL with more parameters. */
  Connection connect(String parameters) throws SQLException {
    return connectTo(url() + parameters);
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  long count(String fromWhere) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT count(*) FROM " + fromWhere)) {
      result.next();
      return result.getLong(1);
    }
  }

  /** All of {@code processed_events} in the order of offsets. */
  List<ProcessedEvent> processed() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                """
                SELECT source, kafka_partition, kafka_offset,
                       extract(epoch FROM kafka_timestamp) * 1000, late, host(ip),
                       extract(epoch FROM event_timestamp) * 1000000,
                       referrer, host, url, geodata, user_agent
                FROM processed_events ORDER BY kafka_offset
                """)) {
      List<ProcessedEvent> rows = new ArrayList<>();
      while (result.next()) {
        rows.add(
            new ProcessedEvent(
                result.getShort(1),
                result.getInt(2),
                result.getLong(3),
                result.getBigDecimal(4) == null ? -1 : result.getBigDecimal(4).longValueExact(),
                result.getBoolean(5),
                new WebEvent(
                    address(result.getString(6)),
                    result.getBigDecimal(7).longValueExact(),
                    result.getString(8),
                    result.getString(9),
                    result.getString(10),
                    result.getString(11),
                    result.getString(12))));
      }
      return rows;
    }
  }

  /** All of {@code rejected_events} in the order of offsets. */
  List<RejectedEvent> rejected() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                """
                SELECT source, kafka_partition, kafka_offset,
                       extract(epoch FROM kafka_timestamp) * 1000, reason, detail, payload,
                       payload_bytes
                FROM rejected_events ORDER BY kafka_offset
                """)) {
      List<RejectedEvent> rows = new ArrayList<>();
      while (result.next()) {
        rows.add(
            new RejectedEvent(
                result.getShort(1),
                result.getInt(2),
                result.getLong(3),
                result.getBigDecimal(4) == null ? -1 : result.getBigDecimal(4).longValueExact(),
                result.getString(5),
                result.getString(6),
                result.getBytes(7),
                result.getInt(8)));
      }
      return rows;
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
    try (Connection server = connectTo(Server.ADDRESSES.postgres());
        Statement statement = server.createStatement()) {
      statement.execute("DROP DATABASE " + name + " WITH (FORCE)");
    }
  }

  private static byte[] address(String text) {
    try {
      return InetAddress.getByName(text).getAddress();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Connection connectTo(String url) throws SQLException {
    StackStatus.Addresses owner = owner();
    return DriverManager.getConnection(
        url, owner.postgresUser(), owner.environment().get("POSTGRES_PASSWORD"));
  }

  /** The server, for the one who may do everything. */
  static StackStatus.Addresses owner() {
    return Server.ADDRESSES.asOwner();
  }

  /** What the job's environment holds. */
  static String environment(String variable) {
    return Server.ADDRESSES.environment().get(variable);
  }

  /** Started by whoever asks first. */
  private static final class Server {
    static final StackStatus.Addresses ADDRESSES = start();

    private static StackStatus.Addresses start() {
      try {
        Path directory = Files.createTempDirectory(Path.of("target"), "postgres");
        LocalStack stack = LocalStack.in(directory, Distribution.ofCheckout(Path.of("..")));
        StackStatus prepared = stack.prepare(StackOptions.onFreePorts());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stack.down(true, line -> {})));
        stack.start("postgres");
        return prepared.addresses();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
