package dev.trafficctl.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The Postgres server. */
final class PostgresPart extends Part {
  private final int port;
  private final Path configuration;
  private Secrets secrets;

  PostgresPart(StackDirectory directory, int port, Path configuration, Secrets secrets) {
    super(POSTGRES, directory);
    this.port = port;
    this.configuration = configuration;
    this.secrets = secrets;
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
    if (!Files.isDirectory(data())) {
      initialize(PostgresUsers.OWNER, secrets().ownersPassword());
    }
    Files.writeString(data().resolve("postgresql.conf"), settings());
    long logged = ProcessLog.length(log());
    List<String> start = new ArrayList<>(prefix());
    start.addAll(
        List.of(
            PostgresBinaries.unpackedIn(directory().postgres()).resolve("pg_ctl").toString(),
            "start",
            "--silent",
            "--wait",
            "--timeout=120",
            "--pgdata=" + data(),
            "--log=" + log()));
    Command.Result result = new Command(start, Map.of("LC_ALL", "C")).result("starting postgres");
    if (result.exit() != 0) {
      String said = ProcessLog.read(log(), logged);
      throw died(said.isBlank() ? result.output() : said);
    }
  }

  /**
   * Makes the server's data.
   *
   * @param user its superuser
   */
  void initialize(String user, String password) throws IOException {
    Path unfinished = directory().postgres().resolve("data.tmp");
    if (Files.exists(unfinished)) {
      StackDirectory.deleteTree(unfinished);
    }
    Path passwordFile = directory().postgres().resolve("password");
    StackDirectory.writeForOwner(passwordFile, password + "\n");
    try {
      List<String> command = new ArrayList<>(prefix());
      command.addAll(
          List.of(
              PostgresBinaries.unpackedIn(directory().postgres()).resolve("initdb").toString(),
              "--pgdata=" + unfinished,
              "--username=" + user,
              "--pwfile=" + passwordFile,
              "--auth=scram-sha-256",
              "--encoding=UTF8",
              "--locale=C",
              "--locale-provider=builtin",
              "--builtin-locale=C.UTF-8",
              "--no-instructions"));
      new Command(command, Map.of("LC_ALL", "C")).run("making the Postgres database");
    } finally {
      Files.deleteIfExists(passwordFile);
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

  /** As its owner sees it: there are its users, the database and the job's tables. */
  @Override
  boolean answers() {
    return new PostgresUsers(port, secrets(), directory()).ready();
  }

  /** Asked for by those alone who keep others from changing the stack. */
  private Secrets secrets() {
    secrets = secrets.withOwner(directory());
    return secrets;
  }
}
