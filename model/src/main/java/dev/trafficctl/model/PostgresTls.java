package dev.trafficctl.model;

import inet.ipaddr.HostName;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;

/**
 * How well the way to Postgres is kept from those who are on it, by what a JDBC URL says; one rule
 * for job and CLI.
 *
 * <p>Without {@code sslmode} the driver asks for TLS and goes on without where the server has none;
 * only {@code verify-full} looks who answers (<a
 * href="https://www.postgresql.org/docs/18/libpq-ssl.html#LIBPQ-SSL-PROTECTION">the modes</a>).
 *
 * @param hosts the hosts of the URL
 * @param mode the mode that holds, such as {@code prefer}
 * @param said whether the URL itself names the mode
 * @param methodSaid whether the URL names the methods that the server may use ({@code requireAuth})
 */
public record PostgresTls(List<String> hosts, String mode, boolean said, boolean methodSaid) {
  /** The property that says how a server may ask who the user is, of pgjdbc and libpq alike. */
  public static final String METHOD = "requireAuth";

  private static final String NO_CLEAR_TEXT = "!password";

  /** The modes in which the way is never plain. */
  static final List<String> NEVER_PLAIN = List.of("require", "verify-ca", "verify-full");

  /**
   * By a URL that was taken apart.
   *
   * @param parsed what pgjdbc's {@code Driver.parseURL} made of it
   */
  public static PostgresTls of(Properties parsed) {
    String mode = parsed.getProperty("sslmode");
    String ssl = parsed.getProperty("ssl");
    boolean byOldName = ssl != null && (ssl.isEmpty() || ssl.equalsIgnoreCase("true"));
    return new PostgresTls(
        Arrays.asList(parsed.getProperty("PGHOST", "localhost").split(",", -1)),
        mode != null ? mode.toLowerCase(Locale.ROOT) : byOldName ? "verify-full" : "prefer",
        mode != null,
        parsed.getProperty(METHOD) != null);
  }

  /**
   * What makes the driver refuse to send the password in clear text where the way may be plain and
   * leaves this machine; nothing where the URL says how the user may be asked. A server that asks
   * by {@code scram-sha-256} or {@code md5} never gets to see it.
   */
  public Properties guard() {
    Properties guard = new Properties();
    if (!isLocal() && !NEVER_PLAIN.contains(mode) && !methodSaid) {
      guard.setProperty(METHOD, NO_CLEAR_TEXT);
    }
    return guard;
  }

  /**
   * What is to be said of a way that leaves this machine and on which somebody between could read
   * or change what is sent: one line. Nothing where the URL says {@code sslmode=disable}, which is
   * meant.
   *
   * @param where the server, such as {@code db.example.com:5432}
   */
  public Optional<String> warning(String where) {
    if (isLocal() || mode.equals("verify-full") || (mode.equals("disable") && said)) {
      return Optional.empty();
    }
    return Optional.of(
        "Postgres at %s is not asked who it is (%s): whoever is on the way could read and change what is sent; add sslmode=verify-full to POSTGRES_URL, or sslmode=disable where the network is trusted"
            .formatted(where, said ? "sslmode=" + mode : "no sslmode"));
  }

  private boolean isLocal() {
    return hosts.stream().allMatch(host -> new HostName(host.strip()).isSelf());
  }
}
