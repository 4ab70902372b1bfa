package dev.trafficctl.model;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.sql.SQLException;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * Why Postgres cannot be connected to, in words that job and CLI share: one line that says what,
 * where, and what to do.
 *
 * <p>Told apart by the SQLSTATE and by the exceptions of Java, not by what the driver says, which
 * it says in the language of its JVM.
 *
 * @param words the line, without its end; it never holds a password
 * @param lasting whether no further try can succeed until somebody changes something
 * @see <a href="https://www.postgresql.org/docs/18/errcodes-appendix.html">The states of
 *     Postgres</a>
 */
public record ConnectionFailure(String words, boolean lasting) {
  /** What the driver itself reports when it gives up during the handshake. */
  private static final String REJECTED_BY_DRIVER = "08004";

  /** The class that pgjdbc has for it is part of its message in every language. */
  private static final String HOST_NAME_CHECK = "HostnameVerifier";

  /** How the driver begins where it cannot read what the URL names. */
  private static final String ROOT_FILE = "SSL root certificate file";

  private static final String KEY_FILE = "private key file";

  private static final String CREDENTIALS =
      "check POSTGRES_USER and POSTGRES_PASSWORD, for the job in the environment of the JobManager"
          + " and of every TaskManager";

  /**
   * Puts a failure into words.
   *
   * @param thrown what the driver threw from {@code connect}
   * @param message what is quoted of it, in one line without its full stop
   * @param url the JDBC URL; what it says behind a question mark is left out
   * @param withPassword whether a password was given
   */
  public static ConnectionFailure of(
      SQLException thrown, String message, String url, String user, boolean withPassword) {
    String state = thrown.getSQLState() == null ? "" : thrown.getSQLState();
    String remedy = remedy(thrown, state, message, withPassword);
    boolean lasting =
        state.startsWith("28")
            || state.startsWith("3D")
            || state.equals("42501")
            || state.equals(REJECTED_BY_DRIVER);
    String quoted =
        inner(thrown, UnknownHostException.class).isPresent() ? "no such host" : message;
    return new ConnectionFailure(
        "Postgres at %s cannot be connected to as user '%s': %s; %s"
            .formatted(url.replaceFirst("\\?.*", ""), user, quoted, remedy),
        lasting);
  }

  private static String remedy(
      SQLException thrown, String state, String message, boolean withPassword) {
    if (state.equals(REJECTED_BY_DRIVER)) {
      return ofHandshake(message, withPassword);
    }
    return switch (state) {
      case "28000" -> ofAccess(message);
      case "28P01" -> CREDENTIALS;
      case "3D000" -> "check the name of the database at the end of POSTGRES_URL, or create it";
      case "42501" -> "grant the user CONNECT on the database";
      case "53300" ->
          "end connections that nobody needs, or raise max_connections of Postgres or the"
              + " CONNECTION LIMIT of user and database";
      case "57P03" -> "it is not ready yet: wait until it has started, and try again";
      case "57P01", "57P02" -> "it is being stopped: start it, and try again";
      default -> ofConnection(thrown, message);
    };
  }

  private static String ofAccess(String message) {
    if (message.contains("pg_hba")) {
      return "add a line for this host, user and database to pg_hba.conf; where its line is"
          + " hostssl, add sslmode=require to POSTGRES_URL";
    }
    return message.contains("client certificate")
        ? "give one that its ssl_ca_file has signed by sslcert and sslkey in POSTGRES_URL, files on"
            + " every machine that connects"
        : "check POSTGRES_USER, and that it may log in";
  }

  /** The driver has one state for everything that it cannot agree on with the server. */
  private static String ofHandshake(String message, boolean withPassword) {
    if (message.contains("SSL")) {
      return "turn ssl on in postgresql.conf, or connect without TLS by sslmode=disable in"
          + " POSTGRES_URL";
    }
    if (message.contains(PostgresTls.METHOD)) {
      return "give this user scram-sha-256 in pg_hba.conf; the password itself is sent only where TLS"
          + " is sure (sslmode in POSTGRES_URL is one of %s), or where requireAuth=password in it"
              .formatted(String.join(", ", PostgresTls.NEVER_PLAIN))
          + " allows that";
    }
    return withPassword
        ? "check the method for this user in pg_hba.conf: scram-sha-256, md5 and password can be"
            + " used"
        : "set POSTGRES_PASSWORD, for the job in the environment of the JobManager and of every"
            + " TaskManager";
  }

  private static String ofConnection(SQLException thrown, String message) {
    if (message.contains("startup parameter")) {
      return "remove it from POSTGRES_URL, or add it to ignore_startup_parameters of the pooler";
    }
    if (message.contains(HOST_NAME_CHECK)) {
      return "put the host name that is in the server's certificate into POSTGRES_URL, or give the"
          + " server a certificate for this one";
    }
    if (inner(thrown, CertificateExpiredException.class).isPresent()) {
      return "renew the certificate of Postgres: it has expired";
    }
    if (inner(thrown, CertificateException.class).isPresent()) {
      return "name the certificate of the authority that signed the server's by sslrootcert in"
          + " POSTGRES_URL, a file on every machine that connects";
    }
    if (message.contains(ROOT_FILE) || message.contains(KEY_FILE)) {
      return "check the files that sslrootcert, sslcert and sslkey in POSTGRES_URL name, on every"
          + " machine that connects";
    }
    if (inner(thrown, SSLException.class).isPresent()) {
      return "check sslmode, sslrootcert, sslcert and sslkey in POSTGRES_URL, and ssl in"
          + " postgresql.conf";
    }
    if (inner(thrown, UnknownHostException.class).isPresent()) {
      return "check the host in POSTGRES_URL, and that this machine can resolve its name";
    }
    if (inner(thrown, SocketTimeoutException.class).isPresent()
        || inner(thrown, NoRouteToHostException.class).isPresent()) {
      return "check host and port in POSTGRES_URL, and that no firewall is between";
    }
    if (inner(thrown, ConnectException.class).isPresent()) {
      return "check host and port in POSTGRES_URL, and that Postgres runs";
    }
    if (inner(thrown, EOFException.class).isPresent()) {
      return "check that Postgres is what listens there";
    }
    return "check POSTGRES_URL, and that Postgres runs";
  }

  private static <T extends Throwable> Optional<T> inner(Throwable thrown, Class<T> type) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return Optional.of(type.cast(cause));
      }
    }
    return Optional.empty();
  }
}
