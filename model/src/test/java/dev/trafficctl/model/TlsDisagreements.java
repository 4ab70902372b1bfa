package dev.trafficctl.model;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A real Postgres that is made to disagree with its clients on TLS, in one way after the other, and
 * what is to be said of each. Its settings are those of before once it is closed.
 */
public final class TlsDisagreements implements AutoCloseable {
  private static final String STORE_PASSWORD = "changeit";
  private static final long LONGEST_NANOS = 30_000_000_000L;
  private static final String PKIX =
      "SSL error: PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target";
  private static final String FILES =
      "check the files that sslrootcert, sslcert and sslkey in POSTGRES_URL name, on every machine"
          + " that connects";
  private static final String AUTHORITY =
      "name the certificate of the authority that signed the server's by sslrootcert in"
          + " POSTGRES_URL, a file on every machine that connects";
  private static final String CHECK =
      "check sslmode, sslrootcert, sslcert and sslkey in POSTGRES_URL, and ssl in postgresql.conf";

  private final String url;
  private final String user;
  private final String password;
  private final Path directory;
  private final Path access;
  private final String accessBefore;

  /**
   * A server and a client that do not agree.
   *
   * @param server its settings
   * @param url with what the client wants
   * @param user who connects
   * @param line what is said of it
   * @param lasting whether no further try can succeed
   */
  public record Disagreement(
      Map<String, String> server, String url, String user, String line, boolean lasting) {}

  /**
   * Of this server, which must run on this machine.
   *
   * @param url the JDBC URL, without parameters
   * @param user a superuser
   * @param directory where certificates are put, which must stay as long
   */
  public TlsDisagreements(String url, String user, String password, Path directory)
      throws IOException, InterruptedException, GeneralSecurityException, SQLException {
    this.url = url;
    this.user = user;
    this.password = password;
    this.directory = directory.toAbsolutePath();
    certificate("here", "IP:127.0.0.1");
    certificate("elsewhere", "DNS:db.example.com");
    access = Path.of(setting("hba_file"));
    accessBefore = Files.readString(access);
    Files.writeString(
        access,
        """
        hostssl all certified 127.0.0.1/32 scram-sha-256 clientcert=verify-ca
        hostnossl all encrypted 127.0.0.1/32 reject
        host all plain 127.0.0.1/32 password
        """
            + accessBefore);
  }

  /** All of them. */
  public List<Disagreement> all() {
    return List.of(
        of(
            Map.of("ssl", "off"),
            "sslmode=require",
            "job",
            "The server does not support SSL",
            "turn ssl on in postgresql.conf, or connect without TLS by sslmode=disable in"
                + " POSTGRES_URL",
            true),
        of(with("here"), trusting("elsewhere"), "job", PKIX, AUTHORITY, false),
        of(
            with("here"),
            trusting("none"),
            "job",
            "Could not open SSL root certificate file " + file("none.crt"),
            FILES,
            false),
        of(
            with("elsewhere"),
            trusting("elsewhere"),
            "job",
            "The hostname 127.0.0.1 could not be verified by hostnameverifier"
                + " PgjdbcHostnameVerifier",
            "put the host name that is in the server's certificate into POSTGRES_URL, or give the"
                + " server a certificate for this one",
            false),
        of(
            with("here"),
            "sslmode=require",
            "certified",
            "connection requires a valid client certificate",
            "give one that its ssl_ca_file has signed by sslcert and sslkey in POSTGRES_URL, files"
                + " on every machine that connects",
            true),
        of(
            with("here"),
            "sslmode=require&sslcert=%s&sslkey=%s"
                .formatted(file("elsewhere.crt"), file("elsewhere.pk8")),
            "certified",
            "private key file \"%s\" has group or world access; file must have permissions u=rw (0600) or less if owned by the current user, or permissions u=rw,g=r (0640) or less if owned by root. Current permissions: rw-r--r--"
                .formatted(file("elsewhere.pk8")),
            FILES,
            false),
        of(
            with("here"),
            "sslmode=disable",
            "encrypted",
            "pg_hba.conf rejects connection for host \"127.0.0.1\", user \"encrypted\", database \"%s\", no encryption"
                .formatted(url.replaceFirst(".*/", "")),
            "add a line for this host, user and database to pg_hba.conf; where its line is hostssl,"
                + " add sslmode=require to POSTGRES_URL",
            true),
        of(
            with("here", "ssl_min_protocol_version", "TLSv1", "ssl_max_protocol_version", "TLSv1"),
            "sslmode=require",
            "job",
            "SSL error: Received fatal alert: protocol_version",
            CHECK,
            false),
        elsewhere(
            of(
                Map.of("ssl", "off"),
                "sslmode=disable",
                "plain",
                "Authentication method is not allowed by requireAuth",
                "give this user scram-sha-256 in pg_hba.conf; the password itself is sent only where"
                    + " TLS is sure (sslmode in POSTGRES_URL is one of require, verify-ca,"
                    + " verify-full), or where requireAuth=password in it allows that",
                true)));
  }

  /** The same by an address that is not known to be this machine's, though it leads here. */
  private static Disagreement elsewhere(Disagreement here) {
    return new Disagreement(
        here.server(),
        here.url().replace("127.0.0.1", "0.0.0.0"),
        here.user(),
        here.line().replaceFirst("127\\.0\\.0\\.1", "0.0.0.0"),
        here.lasting());
  }

  private Disagreement of(
      Map<String, String> server,
      String client,
      String connecting,
      String said,
      String remedy,
      boolean lasting) {
    return new Disagreement(
        server,
        url + "?" + client,
        connecting,
        "Postgres at %s cannot be connected to as user '%s': %s; %s"
            .formatted(url, connecting, said, remedy),
        lasting);
  }

  private String trusting(String name) {
    return "sslmode=verify-full&sslrootcert=" + file(name + ".crt");
  }

  private Map<String, String> with(String certificate, String... more) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("ssl", "on");
    settings.put("ssl_cert_file", file(certificate + ".crt"));
    settings.put("ssl_key_file", file(certificate + ".key"));
    settings.put("ssl_ca_file", file("here.crt"));
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return settings;
  }

  private String file(String name) {
    return directory.resolve(name).toString();
  }

  /** Puts these settings, and no others, over those of the server, and waits until they hold. */
  public void configure(Map<String, String> settings) throws SQLException {
    try (Connection connection = open();
        Statement statement = connection.createStatement()) {
      statement.execute("ALTER SYSTEM RESET ALL");
      for (Map.Entry<String, String> each : settings.entrySet()) {
        statement.execute("ALTER SYSTEM SET %s = '%s'".formatted(each.getKey(), each.getValue()));
      }
      statement.execute("SELECT pg_reload_conf()");
    }
    long began = System.nanoTime();
    for (Map.Entry<String, String> each : settings.entrySet()) {
      // Whoever connects later than the server has read them sees them.
      while (!setting(each.getKey()).equals(each.getValue())) {
        if (System.nanoTime() - began > LONGEST_NANOS) {
          throw new AssertionError("Postgres does not take " + each);
        }
      }
    }
  }

  private String setting(String name) throws SQLException {
    try (Connection connection = open();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW " + name)) {
      row.next();
      return row.getString(1);
    }
  }

  private Connection open() throws SQLException {
    return DriverManager.getConnection(url + "?sslmode=disable", user, password);
  }

  /** A certificate that signs itself, and its key. */
  private void certificate(String name, String subject)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path store = directory.resolve(name + ".p12");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            name,
            "-keyalg",
            "EC",
            "-dname",
            "CN=" + name,
            "-ext",
            "SAN=" + subject,
            "-storetype",
            "PKCS12",
            "-keystore",
            store.toString(),
            "-storepass",
            STORE_PASSWORD);
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(keytool.getInputStream().readAllBytes(), US_ASCII);
    if (keytool.waitFor() != 0) {
      throw new AssertionError(said);
    }
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, STORE_PASSWORD.toCharArray());
    }
    byte[] key = keys.getKey(name, STORE_PASSWORD.toCharArray()).getEncoded();
    Files.writeString(
        directory.resolve(name + ".crt"),
        pem("CERTIFICATE", keys.getCertificate(name).getEncoded()));
    Path file = directory.resolve(name + ".key");
    Files.writeString(file, pem("PRIVATE KEY", key));
    // Postgres takes no key that others may read.
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    // The driver neither.
    Path open = Files.write(directory.resolve(name + ".pk8"), key);
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
  }

  private static String pem(String type, byte[] encoded) {
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
        .formatted(type, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded));
  }

  @Override
  public void close() throws IOException, SQLException {
    Files.writeString(access, accessBefore);
    configure(Map.of("ssl", "off"));
    configure(Map.of());
  }
}
