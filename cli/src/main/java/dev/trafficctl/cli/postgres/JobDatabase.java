package dev.trafficctl.cli.postgres;

import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.context.Destination;
import dev.trafficctl.cli.process.NextCommands;
import dev.trafficctl.model.PostgresTls;
import dev.trafficctl.model.Settings;
import dev.trafficctl.model.TableNames;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.StringJoiner;

/**
 * The database that is looked at for a job, and how it is reached from this machine.
 *
 * @param server the JDBC URL, and the password that may be sent there
 * @param user the user
 * @param tables the job's tables
 * @param next what is recommended where one of them is missing
 */
public record JobDatabase(Destination server, String user, TableNames tables, NextCommands next) {
  /**
   * For a job with these settings. The address and the user that are right from this machine win
   * over those that the job uses.
   */
  public static JobDatabase of(Settings settings, Cluster on) {
    return new JobDatabase(
        on.postgres(settings),
        on.postgresUser() == null ? settings.postgresUser() : on.postgresUser(),
        settings.tables(),
        on.next());
  }

  /** The one that a job with these settings uses itself. */
  public static JobDatabase own(Settings settings, NextCommands next) {
    return new JobDatabase(
        Destination.postgresTold(settings.postgresUrl(), Map.of()),
        settings.postgresUser(),
        settings.tables(),
        next);
  }

  /** The JDBC URL. */
  public String url() {
    return server.address();
  }

  /** Connects to it. */
  public EventTables connect() {
    return EventTables.connect(server, user, tables, next);
  }

  /** Connects to it, to stream rows out of it. */
  public CopiedRows stream() {
    return new CopiedRows(DatabaseSession.open(server, user, next), tables);
  }

  /** Connects to it, to look at the schema of its tables and to change it. */
  public SchemaTables schema() {
    return new SchemaTables(DatabaseSession.open(server, user, next), this);
  }

  /** Connects to it, to look at rejected events and settle them. */
  public RejectedEvents rejectedEvents() {
    return new RejectedEvents(DatabaseSession.open(server, user, next), tables);
  }

  /** Where the server is by the URL: {@code host:port}, separated by commas if there are more. */
  public String address() {
    return address(parsed());
  }

  private static String address(Properties parsed) {
    String[] hosts = parsed.getProperty("PGHOST", "localhost").split(",", -1);
    String[] ports = parsed.getProperty("PGPORT", "5432").split(",", -1);
    StringJoiner address = new StringJoiner(",");
    for (int i = 0; i < hosts.length; i++) {
      address.add(hosts[i] + ":" + ports[Math.min(i, ports.length - 1)]);
    }
    return address.toString();
  }

  /** What is to be said of the way to the server of a JDBC URL, on which others could be. */
  public static Optional<String> warning(String url) {
    Properties parsed = PostgresConnection.parsed(url);
    return PostgresTls.of(parsed).warning(address(parsed));
  }

  /** The name of the database by the URL. */
  public String database() {
    return parsed().getProperty("PGDBNAME", user);
  }

  /**
   * Where a session of this user and URL looks for tables, as far as they tell: a value of
   * search_path.
   */
  public String searchPath() {
    String own = '"' + user.replace("\"", "\"\"") + '"';
    return parsed().getProperty("currentSchema", "\"$user\", public").replace("\"$user\"", own);
  }

  private Properties parsed() {
    return PostgresConnection.parsed(url());
  }

  /** User, address and database. */
  @Override
  public String toString() {
    return user + "@" + address() + "/" + database();
  }
}
