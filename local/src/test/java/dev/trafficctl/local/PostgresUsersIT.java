package dev.trafficctl.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trafficctl.model.TableNames;
import dev.trafficctl.schema.Migrations;
import dev.trafficctl.schema.Schema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

/** Who may do what in a real Postgres. */
class PostgresUsersIT {
  private static final Path ROOT = Path.of("..");
  private static final Distribution CHECKOUT = Distribution.ofCheckout(ROOT);
  private static final Pattern INITIAL =
      Pattern.compile("- \\./(\\S+):/docker-entrypoint-initdb\\.d/(\\S+):ro");
  private static final Pattern GETENV = Pattern.compile("(?m)^\\\\getenv (\\w+) (\\w+)$");

  private static final Path SCHEMA =
      ROOT.resolve("schema/src/main/resources/dev/trafficctl/schema");

  /** A line that begins psql or schema apply as the owner, and what it says. */
  private static final Pattern OWNERS =
      Pattern.compile(
          "(?m)^ *(?:psql 'postgresql://owner@db.example.com/traffic'(.*)"
              + "|\\./trafficctl schema apply(?: --table (\\w+))? --postgres-url"
              + " 'jdbc:postgresql://db.example.com/traffic\\?sslmode=verify-full"
              + "(?:&currentSchema=(\\w+))?' --postgres-user owner --grant (\\w+))$");

  private static final Pattern ARGUMENT = Pattern.compile(" -c '([^']*)'");

  /** What none but an owner may do, and with which state of SQL it is refused to others. */
  private static final List<String> REFUSED =
      List.of(
          "UPDATE sources SET topic = 'x'",
          "UPDATE processed_events SET url = 'x'",
          "UPDATE rejected_events SET detail = 'x'",
          "DELETE FROM sources",
          "DELETE FROM processed_events",
          "DELETE FROM rejected_events",
          "TRUNCATE processed_events",
          "DROP TABLE rejected_events",
          "ALTER TABLE processed_events ADD more int",
          "CREATE TRIGGER t BEFORE INSERT ON sources FOR EACH ROW EXECUTE FUNCTION"
              + " suppress_redundant_updates_trigger()",
          "CREATE INDEX ON processed_events (host)",
          "CREATE TABLE mine (a int)",
          "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
          "CREATE SCHEMA mine",
          "CREATE DATABASE mine",
          "CREATE ROLE mine",
          "ALTER ROLE traffic SUPERUSER",
          "SET ROLE traffic_owner",
          "ALTER SYSTEM SET work_mem = '1MB'",
          "SELECT setval('sources_source_seq', 1)",
          "COPY (SELECT 1) TO PROGRAM 'cat'",
          "SELECT pg_read_file('postgresql.conf')");

  @TempDir Path temporary;
  private StackDirectory directory;
  private LocalStack stack;
  private StackStatus.Addresses at;

  @BeforeEach
  void prepare() {
    directory = new StackDirectory(temporary.resolve("stack"));
    stack = LocalStack.in(directory.root(), CHECKOUT);
    at = stack.prepare(StackOptions.onFreePorts()).addresses();
  }

  @AfterEach
  void takeDown() {
    stack.down(true, line -> {});
  }

  @Test
  void theJobReadsAndAppendsAndMayDoNoMore() throws Exception {
    stack.start("postgres");

    mayAppendAlone();
    assertThat(
            query(
                at.asOwner(),
                "SELECT current_user || (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)"))
        .isEqualTo("traffic_ownertrue");

    stack.stop("postgres");
    stack.start("postgres");
    mayAppendAlone();
  }

  private void mayAppendAlone() throws SQLException {
    SoftAssertions each = new SoftAssertions();
    try (Connection job = connect(at);
        Statement statement = job.createStatement()) {
      statement.execute("INSERT INTO sources (topic_id, topic) VALUES (gen_random_uuid(), 't')");
      statement.execute("INSERT INTO processed_events SELECT * FROM processed_events");
      statement.execute("INSERT INTO rejected_events SELECT * FROM rejected_events");
      statement.execute("CREATE TEMP TABLE batch AS SELECT * FROM processed_events");
      for (String refused : REFUSED) {
        each.assertThatThrownBy(() -> statement.execute(refused))
            .as(refused)
            .isInstanceOfSatisfying(
                SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
      }
    }
    each.assertAll();
    assertThat(
            query(
                at,
                """
                SELECT count(*) FROM pg_roles WHERE rolname = 'traffic'
                AND NOT (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls)
                AND NOT EXISTS (SELECT FROM pg_auth_members WHERE member = pg_roles.oid)\
                """))
        .isEqualTo("1");
  }

  /** As version 0.1.0 makes it: the job's user is the superuser, and there is no other. */
  private PostgresPart former() throws IOException {
    Files.writeString(
        directory.secrets(),
        Files.readString(directory.secrets())
            .replaceFirst("(?m)^POSTGRES_OWNER_PASSWORD=.*\n", ""));
    at = stack.addresses().orElseThrow();
    assertThat(at.asOwner().postgresUser()).isEqualTo("traffic");
    PostgresPart part =
        new PostgresPart(
            directory,
            stack.madeWith().orElseThrow().postgresPort(),
            CHECKOUT.configuration().resolve("postgres/postgresql.conf"),
            Secrets.in(directory, Security.PLAINTEXT));
    part.initialize("traffic", at.environment().get("POSTGRES_PASSWORD"));
    return part;
  }

  @Test
  void aStackOfAFormerVersionIsTakenOverWithAllThatIsInIt() throws Exception {
    former().launch();
    try (Connection server = connect(at, "postgres");
        Statement statement = server.createStatement()) {
      statement.execute("CREATE DATABASE traffic");
    }
    try (Connection former = connect(at);
        Statement statement = former.createStatement()) {
      statement.execute(Schema.sql(TableNames.DEFAULT, 0));
      statement.execute("CREATE SCHEMA \"Other Tables\"");
      statement.execute("SET search_path = \"Other Tables\"");
      statement.execute(Schema.sql(TableNames.DEFAULT, 0));
      statement.execute("RESET search_path");
      statement.execute("CREATE TABLE kept AS SELECT 42 AS value");
      statement.execute("INSERT INTO sources (topic_id, topic) VALUES (gen_random_uuid(), 'kept')");

      // It runs, and so does a job.
      stack.start("postgres");

      statement.execute("INSERT INTO sources (topic_id, topic) VALUES (gen_random_uuid(), 'kept')");
    }
    isTakenOver();
    String secrets = Files.readString(directory.secrets());

    stack.start("postgres");
    stack.stop("postgres");
    stack.start("postgres");
    isTakenOver();
    assertThat(Files.readString(directory.secrets())).isEqualTo(secrets);
    assertThat(Files.readString(stack.log("postgres")))
        .doesNotContain(at.environment().get("POSTGRES_PASSWORD"), at.ownersPassword());
  }

  private void isTakenOver() throws Exception {
    assertThat(stack.addresses().orElseThrow().environment()).isEqualTo(at.environment());
    at = stack.addresses().orElseThrow();
    mayAppendAlone();
    assertThat(query(at, "SELECT count(*) FROM sources WHERE topic = 'kept'")).isEqualTo("2");
    assertThat(query(at, "SELECT count(*) FROM \"Other Tables\".processed_events")).isEqualTo("0");
    assertThatThrownBy(() -> query(at, "SELECT value FROM kept"))
        .hasMessageContaining("permission denied for table kept");
    StackStatus.Addresses owner = at.asOwner();
    assertThat(owner.postgresUser()).isEqualTo("traffic_owner");
    assertThat(query(owner, "SELECT value FROM kept")).isEqualTo("42");
    assertThat(
            query(
                owner,
                "SELECT string_agg(rolname, ' ' ORDER BY rolname) FROM pg_roles WHERE rolname LIKE 'traffic%'"))
        .isEqualTo("traffic traffic_owner");
    assertThat(query(owner, "SELECT string_agg(DISTINCT tableowner, ' ') FROM pg_tables"))
        .isEqualTo("traffic_owner");
  }

  @Test
  void aFormerVersionThatWasCutOffBeforeItHadADatabase() throws Exception {
    former();

    stack.start("postgres");

    at = stack.addresses().orElseThrow();
    mayAppendAlone();
  }

  @Test
  void changedTablesAreLeftAsTheyAre() throws Exception {
    stack.start("postgres");
    try (Connection owner = connect(at.asOwner());
        Statement statement = owner.createStatement()) {
      statement.execute("ALTER TABLE processed_events DROP late");
      statement.execute("DROP TABLE rejected_events");
      statement.execute("REVOKE INSERT ON sources FROM traffic");
    }

    stack.stop("postgres");
    stack.start("postgres");

    assertThat(query(at, "SELECT count(*) FROM processed_events")).isEqualTo("0");
    assertThat(query(at, "SELECT to_regclass('rejected_events') IS NULL")).isEqualTo("t");
    assertThat(query(at, "SELECT has_table_privilege('sources', 'INSERT')")).isEqualTo("f");
  }

  @Test
  void otherPasswordsThanThoseOfTheFileAreSaid() throws Exception {
    stack.start("postgres");
    Files.writeString(
        directory.secrets(), "POSTGRES_PASSWORD=other\nPOSTGRES_OWNER_PASSWORD=another\n");

    assertThatThrownBy(() -> stack.start("postgres"))
        .isInstanceOf(StackException.class)
        .hasMessageStartingWith(
            "postgres: cannot log in with the passwords in " + directory.secrets() + ": ")
        .hasMessageEndingWith("` and start anew")
        .hasMessageNotContaining("\n");
  }

  /** In the order and with the variables of docker-compose.yml, as the image's psql runs them. */
  @Test
  void theFilesThatContainersBeginWithMakeSuchAUser() throws Exception {
    stack.start("postgres");
    StackStatus.Addresses owner = at.asOwner();
    Map<String, String> environment =
        Map.of("JOB_USER", "odd \"user", "JOB_PASSWORD", "it's \\ odd");
    try (Connection server = connect(owner);
        Statement statement = server.createStatement()) {
      statement.execute("CREATE DATABASE composed");
    }
    try (Connection composed = connect(owner, "composed");
        Statement statement = composed.createStatement()) {
      statement.execute("SET trafficctl.job_user = 'odd \"user'");
      for (Map.Entry<String, String> file : initialFiles().entrySet()) {
        if (file.getKey().endsWith(".sh")) {
          statement.execute(versions(ROOT.resolve(file.getValue())));
        } else {
          statement.execute(asPsql(Files.readString(ROOT.resolve(file.getValue())), environment));
        }
      }
    }

    String url = PostgresUsers.jdbcUrl(stack.madeWith().orElseThrow().postgresPort(), "composed");
    try (Connection job = DriverManager.getConnection(url, "odd \"user", "it's \\ odd");
        Statement statement = job.createStatement()) {
      statement.execute("INSERT INTO sources (topic_id, topic) VALUES (gen_random_uuid(), 't')");
      statement.execute("CREATE TEMP TABLE batch AS SELECT * FROM processed_events");
      assertThatThrownBy(() -> statement.execute("DELETE FROM sources"))
          .hasMessageContaining("permission denied for table sources");
    }
  }

  /** What the script has psql run, of which bash says which files those are, in which order. */
  private static String versions(Path script) throws Exception {
    String text =
        "docker_process_sql() { cat \"${@: -1}\"; }\n"
            + Files.readString(script).replace("/schema/", SCHEMA + "/");
    Process bash = new ProcessBuilder("bash", "-euc", text).start();
    String sql = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).isZero();
    assertThat(sql).contains("CREATE TABLE processed_events (");
    return sql;
  }

  private static Map<String, String> initialFiles() throws IOException {
    Map<String, String> files = new TreeMap<>();
    for (MatchResult mount :
        INITIAL.matcher(Files.readString(ROOT.resolve("docker-compose.yml"))).results().toList()) {
      files.put(mount.group(2), mount.group(1));
    }
    assertThat(files).containsOnlyKeys("1-schema.sh", "2-role.sql", "3-grants.sql");
    return files;
  }

  /**
   * What psql sends of a file.
   *
   * @see <a href="https://www.postgresql.org/docs/18/app-psql.html#APP-PSQL-INTERPOLATION">psql</a>
   */
  private static String asPsql(String file, Map<String, String> environment) {
    Map<String, String> variables = new LinkedHashMap<>();
    GETENV
        .matcher(file)
        .results()
        .forEach(line -> variables.put(line.group(1), environment.get(line.group(2))));
    String sent = GETENV.matcher(file).replaceAll("");
    for (Map.Entry<String, String> variable : variables.entrySet()) {
      String value = variable.getValue();
      sent =
          sent.replace(":\"" + variable.getKey() + "\"", '"' + value.replace("\"", "\"\"") + '"')
              .replace(":'" + variable.getKey() + "'", "'" + value.replace("'", "''") + "'");
    }
    return sent;
  }

  @Test
  void theDocumentedCommandsMakeSuchAUser() throws Exception {
    stack.start("postgres");
    try (Connection owner = connect(at.asOwner());
        Statement statement = owner.createStatement()) {
      statement.execute("DROP OWNED BY traffic");
      statement.execute("DROP ROLE traffic");
      statement.execute(
          "DROP TABLE sources, processed_events, rejected_events, processed_events_flyway");
    }

    assertThat(commands("On a cluster of your own")).isEqualTo(2);
    mayAppendAlone();

    // The job's own schema, beside tables of the same names.
    assertThat(commands("Tables")).isEqualTo(3);
    assertThat(query(at, "SELECT count(*) FROM trafficctl.processed_events")).isEqualTo("0");
    assertThat(query(at, "SELECT has_table_privilege('trafficctl.rejected_events', 'INSERT')"))
        .isEqualTo("t");
    assertThat(query(at, "SELECT has_table_privilege('trafficctl.rejected_events', 'DELETE')"))
        .isEqualTo("f");
  }

  /** Runs what psql and schema apply do in a section of the page; how many lines there are. */
  private int commands(String section) throws Exception {
    String text = Files.readString(ROOT.resolve("docs/production.md"));
    int begin = text.indexOf("\n## " + section + "\n");
    String page = text.substring(begin, text.indexOf("\n## ", begin + 1));
    List<MatchResult> lines = OWNERS.matcher(page).results().toList();
    for (MatchResult line : lines) {
      String schema = line.group(3) == null ? "" : "-c search_path=" + line.group(3);
      try (Connection owner = connect(at.asOwner(), "traffic", schema)) {
        if (line.group(1) == null) {
          TableNames names =
              line.group(2) == null ? TableNames.DEFAULT : TableNames.parse(line.group(2));
          Migrations.apply(owner, names, line.group(4));
          continue;
        }
        assertThat(ARGUMENT.matcher(line.group(1)).replaceAll("")).isEmpty();
        for (MatchResult argument : ARGUMENT.matcher(line.group(1)).results().toList()) {
          run(owner, argument.group(1));
        }
      }
    }
    return lines.size();
  }

  private void run(Connection owner, String command) throws Exception {
    if (command.startsWith("\\password ")) {
      owner
          .unwrap(PGConnection.class)
          .alterUserPassword(
              command.substring("\\password ".length()),
              at.environment().get("POSTGRES_PASSWORD").toCharArray(),
              null);
    } else {
      try (Statement statement = owner.createStatement()) {
        statement.execute(command);
      }
    }
  }

  private Connection connect(StackStatus.Addresses as) throws SQLException {
    return connect(as, "traffic");
  }

  private Connection connect(StackStatus.Addresses as, String database) throws SQLException {
    return connect(as, database, "");
  }

  private Connection connect(StackStatus.Addresses as, String database, String options)
      throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", as.postgresUser());
    properties.setProperty("password", as.environment().get("POSTGRES_PASSWORD"));
    properties.setProperty("options", options);
    return DriverManager.getConnection(as.postgres().replaceFirst("[^/]+$", database), properties);
  }

  private String query(StackStatus.Addresses as, String sql) throws SQLException {
    try (Connection connection = connect(as);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }
}
