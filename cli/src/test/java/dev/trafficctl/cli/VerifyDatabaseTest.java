package dev.trafficctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With which database {@code verify} compares, and when it refuses one. */
class VerifyDatabaseTest {
  private static final String SYSTEM = "7612345678901234567";

  private final FakeFlink flink = new FakeFlink().withTraffic();
  private final TestConsole console = TestConsole.frozen();
  private final FakePostgres postgres = FakePostgres.empty();
  private FakeKafka kafka;

  @TempDir Path directory;

  @BeforeEach
  void connect() throws IOException {
    console.with("XDG_STATE_HOME", directory.toString());
    flink.answer("/jobmanager/config", "[]");
    kafka = new FakeKafka(answer -> {});
  }

  @AfterEach
  void close() throws IOException {
    flink.close();
    postgres.close();
    kafka.close();
  }

  /** The job writes to this URL, and was told this of its tables; null if it tells nothing. */
  private void job(String postgresUrl, String tables, String... more) {
    ArrayNode arguments = JsonNodeFactory.instance.arrayNode();
    List.of("--kafka-url", kafka.address(), "--postgres-url", postgresUrl, "--postgres-user", "job")
        .forEach(arguments::add);
    List.of(more).forEach(arguments::add);
    ObjectNode parameters =
        JsonNodeFactory.instance
            .objectNode()
            .put("trafficctl.arguments", arguments.toString())
            .put("trafficctl.postgres-tables", tables);
    ObjectNode config = JsonNodeFactory.instance.objectNode();
    config.putObject("execution-config").put("job-parallelism", 1).set("user-config", parameters);
    flink.answer("/jobs/" + FakeFlink.JOB + "/config", config.toString());
  }

  private static String tables(String system, String database, String schema) {
    return """
    {"system":"%s","database":"%s","tables":{"processed_events":"%3$s.processed_events",
     "rejected_events":"%3$s.rejected_events","sources":"%3$s.sources"}}\
    """
        .formatted(system, database, schema);
  }

  private int verify(String... more) {
    List<String> all = new ArrayList<>(List.of("verify", "--flink", flink.url(), "--to", "0=0"));
    if (!List.of(more).contains("--postgres-url")) {
      all.addAll(List.of("--postgres-url", postgres.url()));
    }
    all.addAll(List.of(more));
    return console.run(all.toArray(String[]::new));
  }

  private String seen() {
    return "job@%s/traffic (at 127.0.0.1:5432): public.processed_events, public.rejected_events, public.sources"
        .formatted(postgres.address());
  }

  private String with() {
    return "comparing web-traffic at " + kafka.address() + " with " + seen() + "\n";
  }

  private void refuses(String difference) {
    refuses(
        difference,
        "the job's own --postgres-url, %s, leads elsewhere from here: give the one that is right from this machine"
            .formatted(postgres.url()));
  }

  private void refuses(String difference, String remedy) {
    assertThat(verify()).isEqualTo(4);
    assertThat(console.out()).isEqualTo("");
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: "
                + seen()
                + " is not where the job traffic writes: "
                + difference
                + "; "
                + remedy
                + ", or give --other-database if it is meant\n");
    assertThat(verify("--other-database")).as(console.err()).isZero();
    assertThat(console.err())
        .startsWith(
            with()
                + "note: "
                + seen()
                + " is not where the job traffic writes: "
                + difference
                + "\n");
  }

  @Test
  void namesWhatItComparesWith() throws IOException {
    job(postgres.url(), null);
    assertThat(verify()).as(console.err()).isZero();
    assertThat(console.err()).startsWith(with()).doesNotContain("address alone");
    assertThat(verify("-o", "json")).isZero();
    JsonNode postgresNode = new JsonMapper().readTree(console.out()).path("postgres");
    assertThat(postgresNode.toString())
        .isEqualTo(
            """
            {"address":"%s","server":"127.0.0.1:5432","system":"%s","database":"traffic",\
            "user":"job","tables":{"processed_events":"public.processed_events",\
            "rejected_events":"public.rejected_events","sources":"public.sources"},"ownOfJob":true}\
            """
                .formatted(postgres.address(), SYSTEM));
  }

  @Test
  void itsTablesAreThoseThatTheJobWasStartedWithAndNotWhatIsSetHere() throws IOException {
    console.with("POSTGRES_TABLE", "elsewhere");
    job(postgres.url(), null);
    assertThat(verify("-o", "json")).as(console.err()).isZero();
    assertThat(names()).containsExactly("processed_events", "rejected_events", "sources");
    job(postgres.url(), null, "--table", "Mine");
    assertThat(verify("-o", "json")).as(console.err()).isZero();
    assertThat(names()).containsExactly("Mine", "Mine_rejected", "sources");
  }

  private List<String> names() throws IOException {
    List<String> names = new ArrayList<>();
    new JsonMapper()
        .readTree(console.out())
        .at("/postgres/tables")
        .fieldNames()
        .forEachRemaining(names::add);
    return names;
  }

  @Test
  void anotherAddressOfTheSameServerIsTheSame() {
    job("jdbc:postgresql://postgres:5432/traffic", tables(SYSTEM, "traffic", "public"));
    assertThat(verify()).as(console.err()).isZero();
    assertThat(console.err()).startsWith(with()).doesNotContain("is not known");
  }

  @Test
  void anotherServerIsRefusedThoughAllNamesAreTheSame() {
    job(postgres.url(), tables("7699999999999999999", "traffic", "public"));
    refuses("its database cluster has the identifier 7699999999999999999, and this one " + SYSTEM);
  }

  @Test
  void anotherSchemaIsRefused() {
    job(postgres.url(), tables(SYSTEM, "traffic", "blue"));
    refuses("its tables are blue.processed_events, blue.rejected_events, blue.sources");
  }

  @Test
  void anotherDatabaseIsRefused() {
    job(postgres.url(), tables(SYSTEM, "clicks", "public"));
    refuses("its database is clicks");
    String own = "jdbc:postgresql://" + postgres.address() + "/clicks?ssl=false&loginTimeout=9";
    job(own, null);
    refuses(
        "its database is clicks",
        "this is --postgres-url %s, and the job's own is '%s': trafficctl verify traffic --flink %s --postgres-url '%2$s'"
            .formatted(postgres.url(), own, flink.url()));
  }

  @Test
  void anAddressThatDiffersIsToldWhereNothingElseIsKnown() throws IOException {
    job("jdbc:postgresql://postgres:5432/traffic", null);
    assertThat(verify()).as(console.err()).isZero();
    assertThat(console.err())
        .startsWith(
            with()
                + "note: the job traffic writes to job@postgres:5432/traffic; that it is the same"
                + " server as "
                + postgres.address()
                + " is not known, its address alone differs\n");
    assertThat(verify("-o", "json")).isZero();
    assertThat(new JsonMapper().readTree(console.out()).at("/postgres/ownOfJob").isNull()).isTrue();
  }

  @Test
  void warnsOfAWayToPostgresThatIsNotKeptFromOthers() {
    job("jdbc:postgresql://db.example.com/traffic", null);
    String elsewhere = postgres.url().replace("127.0.0.1", "0.0.0.0");
    assertThat(verify("--postgres-url", elsewhere)).as(console.err()).isZero();
    assertThat(console.err())
        .contains(
            "\nwarning: Postgres at "
                + postgres.address().replace("127.0.0.1", "0.0.0.0")
                + " is not asked who it is (no sslmode): ");
  }
}
