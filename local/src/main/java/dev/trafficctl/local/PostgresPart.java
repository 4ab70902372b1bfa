package dev.trafficctl.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** The Postgres server. */
final class PostgresPart extends Part {
  static final String USER = "traffic";
  static final String DATABASE = "traffic";

  private final int port;
  private final Path configuration;
  private final Secrets secrets;

  PostgresPart(StackDirectory directory, int port, Path configuration, Secrets secrets) {
    super(POSTGRES, directory);
    this.port = port;
    this.configuration = configuration;
    this.secrets = secrets;
  }

  static String jdbcUrl(int port, String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  @Override
  String address() {
    return "127.0.0.1:" + port;
  }

  @Override
  List<Port> ports() {
    return List.of(Port.chosenBy("--postgres-port", port));
  }

  private Path data() {
    return directory().postgres().resolve("data");
  }

  @Override
  void launch() throws IOException {
    List<String> prefix = prefix();
    Path programs = PostgresBinaries.unpackedIn(directory().postgres());
    if (!Files.isDirectory(data())) {
      initialize(prefix, programs);
    }
    Files.writeString(data().resolve("postgresql.conf"), settings());
    long logged = LogTail.length(log());
    List<String> start = new ArrayList<>(prefix);
    start.addAll(
        List.of(
            programs.resolve("pg_ctl").toString(),
            "start",
            "--silent",
            "--wait",
            "--timeout=120",
            "--pgdata=" + data(),
            "--log=" + log()));
    Command.Result result = new Command(start, Map.of("LC_ALL", "C")).result("starting postgres");
    if (result.exit() != 0) {
      String said = LogTail.read(log(), logged);
      throw died(said.isBlank() ? result.output() : said);
    }
  }

  private void initialize(List<String> prefix, Path programs) throws IOException {
    Path unfinished = directory().postgres().resolve("data.tmp");
    if (Files.exists(unfinished)) {
      StackDirectory.deleteTree(unfinished);
    }
    Path password = directory().postgres().resolve("password");
    StackDirectory.writeForOwner(password, secrets.postgresPassword() + "\n");
    try {
      List<String> command = new ArrayList<>(prefix);
      command.addAll(
          List.of(
              programs.resolve("initdb").toString(),
              "--pgdata=" + unfinished,
              "--username=" + USER,
              "--pwfile=" + password,
              "--auth=scram-sha-256",
              "--encoding=UTF8",
              "--locale=C",
              "--locale-provider=builtin",
              "--builtin-locale=C.UTF-8",
              "--no-instructions"));
      new Command(command, Map.of("LC_ALL", "C")).run("making the Postgres database");
    } finally {
      Files.deleteIfExists(password);
    }
    Files.move(unfinished, data());
  }

  private String settings() {
    return """
        include %s
        listen_addresses = '127.0.0.1'
        port = %d
        unix_socket_directories = ''
        """
        .formatted(quoted(configuration.toAbsolutePath().toString()), port);
  }

  private static String quoted(String value) {
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'";
  }

  /**
   * Postgres refuses to run as root. In a user namespace of its own it sees another user, while its
   * files still belong to root outside.
   */
  private static List<String> prefix() {
    if (!"root".equals(System.getProperty("user.name"))) {
      return List.of();
    }
    if (Command.of("unshare", "--user", "true").result("making a user namespace").exit() != 0) {
      throw new StackException(
          "postgres does not run as root, and this machine allows no user namespaces: run the"
              + " command as an ordinary user, or allow them (sysctl"
              + " kernel.unprivileged_userns_clone=1, docker run --security-opt"
              + " seccomp=unconfined)");
    }
    return List.of("unshare", "--user");
  }

  @Override
  boolean answers() {
    try (Connection connection = connect(DATABASE)) {
      return connection.isValid(1);
    } catch (SQLException e) {
      if (isMissingDatabase(e)) {
        createDatabase();
      }
      return false;
    }
  }

  private static boolean isMissingDatabase(SQLException e) {
    return "3D000".equals(e.getSQLState());
  }

  private void createDatabase() {
    try (Connection connection = connect("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + DATABASE);
    } catch (SQLException e) {
      throw new StackException(
          "cannot create the database " + DATABASE + ": " + e.getMessage() + ": see " + log(), e);
    }
  }

  private Connection connect(String database) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", USER);
    properties.setProperty("password", secrets.postgresPassword());
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("socketTimeout", "10");
    properties.setProperty("ApplicationName", "trafficctl local");
    return DriverManager.getConnection(jdbcUrl(port, database), properties);
  }
}
