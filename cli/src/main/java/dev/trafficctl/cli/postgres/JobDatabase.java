package dev.trafficctl.cli.postgres;

import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.model.Settings;
import java.util.Map;
import java.util.Properties;
import java.util.StringJoiner;
import org.postgresql.Driver;

/**
 * The database that is looked at for a job, and how it is reached from this machine.
 *
 * @param url the JDBC URL
 * @param user the user
 * @param environment where the password is looked for
 */
public record JobDatabase(String url, String user, Map<String, String> environment) {
  /**
   * For a job with these settings. The address and the user that are right from this machine win
   * over those that the job uses.
   */
  public static JobDatabase of(Settings settings, Cluster on) {
    return new JobDatabase(
        on.postgresUrl() == null ? settings.postgresUrl() : on.postgresUrl(),
        on.postgresUser() == null ? settings.postgresUser() : on.postgresUser(),
        on.environment());
  }

  /** The one that a job with these settings uses itself. */
  public static JobDatabase own(Settings settings) {
    return new JobDatabase(settings.postgresUrl(), settings.postgresUser(), Map.of());
  }

  /** Connects to it. */
  public EventTables connect() {
    return EventTables.connect(url, user, environment);
  }

  /** Connects to it, to stream rows out of it. */
  public CopiedRows stream() {
    return EventTables.stream(url, user, environment);
  }

  /** Connects to it, to look at rejected events and settle them. */
  public RejectedEvents rejectedEvents() {
    return new RejectedEvents(EventTables.open(url, user, environment), url);
  }

  /** Where the server is by the URL: {@code host:port}, separated by commas if there are more. */
  public String address() {
    Properties parsed = parsed();
    String[] hosts = parsed.getProperty("PGHOST", "localhost").split(",", -1);
    String[] ports = parsed.getProperty("PGPORT", "5432").split(",", -1);
    StringJoiner address = new StringJoiner(",");
    for (int i = 0; i < hosts.length; i++) {
      address.add(hosts[i] + ":" + ports[Math.min(i, ports.length - 1)]);
    }
    return address.toString();
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
    Properties parsed = Driver.parseURL(url, null);
    return parsed == null ? new Properties() : parsed;
  }

  /** Without the environment, which holds secrets. */
  @Override
  public String toString() {
    return user + "@" + address() + "/" + database();
  }
}
