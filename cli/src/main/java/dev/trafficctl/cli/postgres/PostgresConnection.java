package dev.trafficctl.cli.postgres;

import dev.trafficctl.cli.context.Destination;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.model.PostgresTls;
import dev.trafficctl.model.Secret;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.StringJoiner;
import org.postgresql.Driver;

/** Connects to Postgres from this machine. */
final class PostgresConnection {
  /** What of a URL that nobody here has named says no more than which tables are meant. */
  private static final Set<String> HARMLESS = Set.of("currentSchema", "sslmode");

  private PostgresConnection() {}

  /**
   * Connects.
   *
   * @throws CommandException when that fails
   */
  static Connection open(Destination server, String user) {
    String url = server.isNamed() ? server.address() : withoutFiles(server.address());
    Properties properties = new Properties();
    properties.setProperty("user", user);
    Optional<String> password = server.secret(Secret.POSTGRES_PASSWORD);
    password.ifPresent(secret -> properties.setProperty("password", secret));
    if (!server.isNamed()) {
      // Without any the driver would look for one in ~/.pgpass.
      properties.setProperty("password", "");
    }
    properties.putAll(PostgresTls.of(parsed(url)).guard());
    properties.setProperty("connectTimeout", "10");
    properties.setProperty("socketTimeout", "60");
    properties.setProperty("ApplicationName", "trafficctl");
    // Behind a pooler in transaction mode a session is that of others too: no statement is named in
    // it, and the application's name is told when connecting, not by a SET.
    properties.setProperty("prepareThreshold", "0");
    properties.setProperty("assumeMinServerVersion", "10");
    try {
      return DriverManager.getConnection(url, properties);
    } catch (SQLException e) {
      throw PostgresFailure.ofConnection(e, url, user, password.isPresent());
    }
  }

  /** What the driver makes of a JDBC URL; nothing where it makes nothing of it. */
  static Properties parsed(String url) {
    Properties parsed = Driver.parseURL(url, null);
    return parsed == null ? new Properties() : parsed;
  }

  /** Parameters of a URL name files, services and classes of the machine that connects. */
  private static String withoutFiles(String url) {
    int query = url.indexOf('?');
    if (query < 0) {
      return url;
    }
    StringJoiner kept = new StringJoiner("&", "?", "").setEmptyValue("");
    for (String parameter : url.substring(query + 1).split("&", -1)) {
      if (HARMLESS.contains(parameter.substring(0, Math.max(0, parameter.indexOf('='))))) {
        kept.add(parameter);
      }
    }
    return url.substring(0, query) + kept;
  }
}
