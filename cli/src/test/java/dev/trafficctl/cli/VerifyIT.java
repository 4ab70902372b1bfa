package dev.trafficctl.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.trafficctl.cli.context.Destination;
import dev.trafficctl.cli.kafka.KafkaConnection;
import dev.trafficctl.local.Distribution;
import dev.trafficctl.local.LocalStack;
import dev.trafficctl.local.StackStatus;
import dev.trafficctl.model.PoolingProxy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What {@code verify} says of a real job's rows, whole and damaged. */
@ExtendWith(SharedStack.class)
class VerifyIT {
  private static final String TOPIC = "verified";
  private static final String PRODUCED = "produced";
  private static final int SENT = 2_000;

  private final TestConsole console = TestConsole.real();
  private StackStatus.Addresses at;
  private Properties kafka;
  private String savepoint;

  @TempDir Path directory;

  @BeforeEach
  void connect() {
    at =
        LocalStack.in(
                Path.of(SharedStack.directory()),
                Distribution.ofCheckout(Path.of("..").toAbsolutePath().normalize()))
            .status()
            .addresses();
    kafka =
        KafkaConnection.properties(
            Destination.named(at.kafka(), at.environment()), at.kafkaClient());
    console.with("XDG_STATE_HOME", directory.toString());
  }

  private int onStack(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--directory", SharedStack.directory()));
    return console.run(all.toArray(String[]::new));
  }

  private JsonNode verify(int exitCode, String... options) throws IOException {
    List<String> all = new ArrayList<>(List.of("verify", "traffic", "-o", "json"));
    all.addAll(List.of(options));
    assertThat(onStack(all.toArray(String[]::new)))
        .as(console.err() + console.out())
        .isEqualTo(exitCode);
    return new JsonMapper().readTree(console.out());
  }

  private long sql(String statement) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                at.postgres(),
                at.asOwner().postgresUser(),
                at.asOwner().environment().get("POSTGRES_PASSWORD"));
        Statement run = connection.createStatement()) {
      String ofTopic = "source = (SELECT max(source) FROM sources WHERE topic = '" + TOPIC + "')";
      if (!run.execute(statement.replace("OF_TOPIC", ofTopic))) {
        return run.getUpdateCount();
      }
      try (ResultSet row = run.getResultSet()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  private static byte[] event(int number) {
    return """
    {"url":"/t/%d","host":"shop.example.com","ip":"203.0.113.9","event_time":"2026-01-31T12:00:00Z"}\
    """
        .formatted(number)
        .getBytes(UTF_8);
  }

  /** Sends events to partition 0 in one transaction; each key comes twice. */
  private void send(KafkaProducer<byte[], byte[]> producer, int events, boolean commit)
      throws Exception {
    producer.beginTransaction();
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      byte[] key = {(byte) (i / 2)};
      sent.add(producer.send(new ProducerRecord<>(TOPIC, 0, key, event(i))));
    }
    producer.flush();
    for (Future<RecordMetadata> one : sent) {
      one.get();
    }
    if (commit) {
      producer.commitTransaction();
    } else {
      producer.abortTransaction();
    }
  }

  private KafkaProducer<byte[], byte[]> transactional() {
    Properties transactional = new Properties();
    transactional.putAll(kafka);
    transactional.setProperty("transactional.id", TOPIC);
    return new KafkaProducer<>(transactional, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private void sendTransactions() throws Exception {
    try (KafkaProducer<byte[], byte[]> producer = transactional()) {
      producer.initTransactions();
      send(producer, 40, true);
      send(producer, 30, false);
      send(producer, 20, true);
      send(producer, 10, false);
    }
  }

  private static String place(JsonNode difference) {
    return difference.path("kind").asText()
        + " "
        + difference.path("table").asText()
        + " "
        + difference.path("partition").asInt()
        + "/"
        + difference.path("offset").asLong();
  }

  @Test
  @Timeout(300)
  void namesEveryRowThatIsNotAsItShouldBe() throws Exception {
    try (Admin admin = Admin.create(kafka)) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(TOPIC, 2, (short) 1)
                      .configs(Map.of("segment.ms", "100", "min.cleanable.dirty.ratio", "0.001"))))
          .all()
          .get();
      assertThat(onStack("demo", "--topic", TOPIC, "--count", "" + SENT, "--bad", "2"))
          .as(console.err())
          .isZero();
      sendTransactions();
      assertThat(onStack("stop", "traffic")).as(console.err()).isZero();

      JsonNode whole = verify(0);
      assertThat(whole.at("/total/read").asLong()).isEqualTo(SENT + 60);
      assertThat(whole.at("/total/rejected").asLong()).isPositive();
      assertThat(whole.at("/to").asText()).startsWith("the savepoint ");
      assertThat(whole.at("/differences")).isEmpty();
      assertThat(whole.at("/heldBack")).isEmpty();
      saysWhatWaits();
      saysThatRowLevelSecurityHidesRows();
      refusesAnotherSchema(whole);
      leavesNothingInTheSessionsOfAPooler();

      damageAndRepair();
      replay();
      compact(admin);
    }
  }

  private void saysThatRowLevelSecurityHidesRows() throws Exception {
    for (String table : List.of("sources", "processed_events", "rejected_events")) {
      sql("ALTER TABLE " + table + " ENABLE ROW LEVEL SECURITY");
      try {
        assertThat(onStack("verify", "traffic")).isEqualTo(1);
        assertThat(console.out()).isEmpty();
        assertThat(console.err())
            .contains(
                " hides rows from user '" + at.postgresUser() + "' by row-level security: ",
                " for table \"" + table + "\"; ALTER ROLE ");
      } finally {
        sql("ALTER TABLE " + table + " DISABLE ROW LEVEL SECURITY");
      }
    }
  }

  /** As Node writes it: headers are an object, each byte of them a character. */
  private static byte[] ofNode(int number, String time, String city, String more) {
    return """
    {"url":"/produced/%d","host":"shop.example.com","ip":"203.0.113.9:4711","event_time":"%s","referrer":null,\
    "user_agent":"Mozilla/5.0 (%s)","headers":{"cf-ipcity":"%s","cookie":"city=%s","content-length":12}%s}\
    """
        .formatted(number, time, asHeader(city), asHeader(city), asHeader(city), more)
        .getBytes(UTF_8);
  }

  /** As Python's json.dumps writes it: headers are a string, and ASCII alone. */
  private static byte[] ofPython(int number, String time, String city, String more) {
    String headers =
        escaped("{\"Cf-Ipcity\": \"" + asHeader(city) + "\", \"Cookie\": \"a\\u0001\"}");
    return """
    {"url": "/produced/%d", "host": "shop.example.com", "ip": "203.0.113.9, 10.0.0.1", "event_time": "%s", \
    "user_agent": {"ua_string": "Mozilla/5.0 (%s)", "is_mobile": false}, "headers": "%s"%s}\
    """
        .formatted(number, time, escaped(asHeader(city)), headers, more)
        .getBytes(UTF_8);
  }

  private static String asHeader(String text) {
    return new String(text.getBytes(UTF_8), ISO_8859_1);
  }

  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    for (char c : text.toCharArray()) {
      escaped.append(
          c == '"' || c == '\\' ? "\\" + c : c < 127 ? "" + c : String.format("\\u%04x", (int) c));
    }
    return escaped.toString();
  }

  /** What a strict job rejects, and one with the defaults puts where it belongs. */
  @Test
  @Timeout(300)
  void writesWhatRealProducersSend() throws Exception {
    List<String> cities = List.of("Москва", "Αθήνα", "東京", "Łódź");
    String time = "2026-01-31T12:00:00.123456Z";
    // Java, .NET, Go as JSON and as text, Python as ISO and as text.
    List<String> times =
        List.of(
            "2026-01-31T12:00:00.123456789Z",
            "2026-01-31T12:00:00.1234567Z",
            "2026-01-31T13:00:00.123456789+01:00",
            "2026-01-31 12:00:00.123456789 +0000 UTC",
            "2026-01-31T12:00:00.123456+00:00",
            "2026-01-31 12:00:00.123456+00:00");
    String more = ",\"user_id\":17,\"academy_id\":{\"name\":\"\\u0000\",\"of\":[1,null]}";
    List<byte[]> events = new ArrayList<>();
    for (String city : cities) {
      for (String written : times) {
        events.add(ofNode(events.size(), written, city, more));
        events.add(ofPython(events.size(), written, city, more));
      }
    }
    events.add(ofNode(events.size(), time, "Łódź", ""));
    events.add(ofPython(events.size(), time, "Łódź", ""));
    try (Admin admin = Admin.create(kafka);
        KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer())) {
      admin.createTopics(List.of(new NewTopic(PRODUCED, 1, (short) 1))).all().get();
      for (byte[] event : events) {
        producer.send(new ProducerRecord<>(PRODUCED, event)).get();
      }
    }
    startStrictJob();
    int rejected = events.size() - 2;
    awaitVerified(0);

    assertThat(onStack("restart", PRODUCED, "--set", "unknown-fields=ignore"))
        .as(console.err())
        .isZero();
    awaitVerified(3);
    assertThat(console.err())
        .contains(
            "note: "
                + rejected
                + " rows were rejected as unknown_field by a job of another version or with other"
                + " settings, and judged otherwise by this one; what puts them where they belong:"
                + " trafficctl rejected retry "
                + PRODUCED
                + " --reason unknown_field --directory ");
    assertThat(
            new JsonMapper().readTree(console.out()).at("/judgedOtherwise/unknown_field").asInt())
        .isEqualTo(rejected);
    assertThat(rejected(0, "retry", PRODUCED, "--reason", "unknown_field").path("stored").asInt())
        .isEqualTo(rejected);
    awaitVerified(0);

    String right =
        "SELECT count(*) FROM processed_events JOIN sources USING (source) WHERE topic = 'produced'"
            + " AND event_timestamp = timestamptz '2026-01-31 12:00:00.123456Z'"
            + " AND ip = inet '203.0.113.9' AND url = '/produced/' || kafka_offset"
            + " AND referrer IS NULL AND geodata = jsonb_build_object('city', '%s')"
            + " AND user_agent = 'Mozilla/5.0 (' || convert_from(convert_to('%s', 'UTF8'), 'LATIN1') || ')'";
    for (String city : cities) {
      assertThat(sql(right.formatted(city, city)))
          .as(city)
          .isEqualTo(2L * times.size() + (city.equals("Łódź") ? 2 : 0));
    }
    assertThat(onStack("cancel", PRODUCED)).as(console.err()).isZero();
  }

  private void startStrictJob() {
    List<String> submit =
        new ArrayList<>(
            List.of(
                "submit",
                "--directory",
                SharedStack.directory(),
                "--",
                "--job-name",
                PRODUCED,
                "--kafka-url",
                at.kafka(),
                "--kafka-topic",
                PRODUCED,
                "--kafka-group",
                PRODUCED,
                "--postgres-url",
                at.postgres(),
                "--postgres-user",
                at.postgresUser(),
                "--unknown-fields",
                "reject"));
    assertThat(console.run(submit.toArray(String[]::new))).as(console.err()).isZero();
  }

  private void awaitVerified(int exitCode) {
    Awaitility.await("verify of " + PRODUCED + " ends with " + exitCode)
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () -> onStack("verify", PRODUCED, "--to", "latest", "-o", "json"),
            code -> code == exitCode);
  }

  private void saysWhatWaits() throws Exception {
    try (KafkaProducer<byte[], byte[]> producer = transactional()) {
      producer.initTransactions();
      producer.beginTransaction();
      long first = producer.send(new ProducerRecord<>(TOPIC, 0, null, event(0))).get().offset();
      producer.send(new ProducerRecord<>(TOPIC, 0, null, event(1))).get();
      JsonNode held = verify(0).path("heldBack");
      assertThat(held).hasSize(1);
      assertThat(held.at("/0/partition").asInt()).isZero();
      assertThat(held.at("/0/lastStableOffset").asLong()).isEqualTo(first);
      assertThat(held.at("/0/logEndOffset").asLong()).isEqualTo(first + 2);
      assertThat(console.err())
          .contains(
              "note: partition "
                  + TOPIC
                  + "-0: nothing from offset "
                  + first
                  + " on can be read before a transaction ends that is open; up to 2 events wait"
                  + " there. They are not compared; whose transaction it is: trafficctl lag"
                  + " traffic ");
      producer.abortTransaction();
    }
  }

  /** The job that was stopped says where its tables are. */
  private void refusesAnotherSchema(JsonNode whole) throws Exception {
    JsonNode seen = whole.path("postgres");
    assertThat(seen.path("ownOfJob").asBoolean()).isTrue();
    assertThat(seen.path("database").asText()).isEqualTo("traffic");
    assertThat(seen.at("/tables/processed_events").asText()).isEqualTo("public.processed_events");
    assertThat(seen.path("system").asText()).matches("[0-9]+");

    sql("CREATE SCHEMA other");
    for (String table : List.of("sources", "processed_events", "rejected_events")) {
      sql("CREATE TABLE other." + table + " AS SELECT * FROM " + table);
    }
    sql("GRANT USAGE ON SCHEMA other TO traffic");
    sql("GRANT SELECT ON ALL TABLES IN SCHEMA other TO traffic");
    String url = at.postgres() + "?currentSchema=other";
    assertThat(onStack("verify", "traffic", "--postgres-url", url)).isEqualTo(4);
    assertThat(console.out()).isEqualTo("");
    assertThat(console.err())
        .contains(
            "other.processed_events, other.rejected_events, other.sources is not where the job"
                + " traffic writes: its tables are public.processed_events,"
                + " public.rejected_events, public.sources");
    verify(0, "--postgres-url", url, "--other-database");
    sql("DROP SCHEMA other CASCADE");
  }

  private void leavesNothingInTheSessionsOfAPooler() throws Exception {
    int sessions = 8;
    int port = URI.create(at.postgres().substring("jdbc:".length())).getPort();
    try (PoolingProxy pooler = new PoolingProxy(port, sessions)) {
      String url = at.postgres().replace(":" + port + "/", ":" + pooler.port() + "/");
      verify(0, "--postgres-url", url);
      assertThat(pooler.statements()).anyMatch(sent -> sent.startsWith("BEGIN READ ONLY"));

      List<Connection> clients = new ArrayList<>();
      try {
        for (int i = 0; i < sessions; i++) {
          Connection client =
              DriverManager.getConnection(
                  url, at.postgresUser(), at.environment().get("POSTGRES_PASSWORD"));
          clients.add(client);
          // Each keeps its session, so that the next gets another one.
          client.setAutoCommit(false);
          try (Statement statement = client.createStatement();
              ResultSet row =
                  statement.executeQuery(
                      """
                      SELECT current_setting('transaction_read_only')
                        || current_setting('default_transaction_read_only')
                        || (SELECT count(*) FROM pg_prepared_statements)\
                      """)) {
            row.next();
            assertThat(row.getString(1)).isEqualTo("offoff0");
          }
        }
      } finally {
        for (Connection client : clients) {
          client.close();
        }
      }
    }
  }

  private void damageAndRepair() throws Exception {
    long kept =
        sql(
            "SELECT min(kafka_offset) FROM processed_events WHERE OF_TOPIC AND kafka_partition ="
                + " 1");
    long other =
        sql(
            "SELECT min(kafka_offset) FROM processed_events WHERE OF_TOPIC AND kafka_partition = 1"
                + " AND kafka_offset > "
                + kept);
    long rejected =
        sql("SELECT min(kafka_offset) FROM rejected_events WHERE OF_TOPIC AND kafka_partition = 0");
    // Before the 20 events of the last transaction and a marker are events that were aborted.
    long aborted =
        sql("SELECT max(kafka_offset) FROM processed_events WHERE OF_TOPIC AND kafka_partition = 0")
            - 25;
    for (String table : List.of("processed_events", "rejected_events")) {
      sql("DROP TABLE IF EXISTS before_" + table);
      sql("CREATE TABLE before_" + table + " AS SELECT * FROM " + table + " WHERE OF_TOPIC");
    }
    String row = " WHERE OF_TOPIC AND kafka_partition = 1 AND kafka_offset = ";
    sql(
        "INSERT INTO processed_events SELECT source, 0, "
            + aborted
            + ", kafka_timestamp, ip, event_timestamp, referrer, host, url, geodata, user_agent,"
            + " late FROM processed_events"
            + row
            + kept);
    sql("DELETE FROM processed_events" + row + kept);
    sql("UPDATE processed_events SET user_agent = 'another'" + row + other);
    sql(
        "DELETE FROM rejected_events WHERE OF_TOPIC AND kafka_partition = 0 AND kafka_offset = "
            + rejected);

    JsonNode found = verify(3);
    List<String> places = new ArrayList<>();
    found.path("differences").forEach(difference -> places.add(place(difference)));
    assertThat(places)
        .containsExactly(
            "missing rejected_events 0/" + rejected,
            "unexpected processed_events 0/" + aborted,
            "missing processed_events 1/" + kept,
            "altered processed_events 1/" + other);
    assertThat(found.at("/differences/3/changes/0/column").asText()).isEqualTo("user_agent");
    assertThat(found.at("/differences/3/changes/0/stored").asText()).isEqualTo("another");
    assertThat(onStack("verify", "traffic")).isEqualTo(3);
    assertThat(console.out())
        .contains(
            "missing", TOPIC + "/1/" + kept, "Kafka has no event there", TOPIC + "/0/" + aborted)
        .contains("user_agent is 'another', should be ");

    sql(
        "INSERT INTO rejected_events (source, kafka_partition, kafka_offset, reason,"
            + " payload_bytes) SELECT source, 7, 5, 'x', 0 FROM sources WHERE OF_TOPIC");
    assertThat(place(verify(3).at("/beyond/0"))).isEqualTo("unexpected rejected_events 7/5");

    for (String table : List.of("processed_events", "rejected_events")) {
      sql("DELETE FROM " + table + " WHERE OF_TOPIC");
      sql("INSERT INTO " + table + " SELECT * FROM before_" + table);
      sql("DROP TABLE before_" + table);
    }
    verify(0);
  }

  /** Rows that are met again stay, and those that are missing come back. */
  private void replay() throws Exception {
    sql("DELETE FROM processed_events WHERE OF_TOPIC AND kafka_partition = 1");
    sql(
        "ALTER TABLE processed_events ADD CONSTRAINT odd CHECK (kafka_partition <> 1 OR kafka_offset % 10 <> 3) NOT VALID");
    assertThat(verify(3).at("/total/missing").asLong()).isPositive();
    assertThat(onStack("restart", "traffic", "--from-earliest")).as(console.err()).isZero();
    Awaitility.await("the rows are back")
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> onStack("verify", "traffic", "--to", "latest") == 0);
    assertThat(onStack("stop", "traffic")).as(console.err()).isZero();
    savepoint = console.out().lines().reduce((before, line) -> line).orElseThrow();
    JsonNode total = verify(0).path("total");
    assertThat(total.path("read").asLong()).isEqualTo(SENT + 60);
    sendsAgain(total.path("refused").asLong(), total.path("rejected").asLong());
  }

  private JsonNode rejected(int exitCode, String... words) throws IOException {
    List<String> all = new ArrayList<>(List.of("rejected"));
    all.addAll(List.of(words));
    all.addAll(List.of("-o", "json"));
    assertThat(onStack(all.toArray(String[]::new)))
        .as(console.err() + console.out())
        .isEqualTo(exitCode);
    return console.out().isEmpty() ? null : new JsonMapper().readTree(console.out());
  }

  /** Of partition 1, of which the table refused every tenth row. */
  private void sendsAgain(long refused, long all) throws Exception {
    assertThat(refused).isPositive();
    assertThat(console.err())
        .contains(
            "note: of these, Postgres has refused " + refused + " that the job would write; once",
            "trafficctl rejected retry traffic --reason refused_by_postgres --directory ");
    String[] these = {"retry", "traffic", "--reason", "refused_by_postgres"};
    JsonNode listed = rejected(0, "list", "traffic");
    assertThat(listed.path("total").asLong()).isEqualTo(all);
    JsonNode group = rejected(0, "list", "traffic", "--reason", "refused_by_postgres");
    assertThat(group.at("/groups/0/count").asLong()).isEqualTo(refused);
    assertThat(group.at("/groups/0/detail").asText()).startsWith("23514: ");
    assertThat(group.at("/groups/0/firstPartition").asInt()).isEqualTo(1);
    JsonNode row =
        rejected(
            0, "list", "traffic", "--reason", "refused_by_postgres", "--payload", "--limit", "1");
    assertThat(row.at("/rows/0/offset").asLong() % 10).isEqualTo(3);
    assertThat(row.at("/rows/0/payload").asText()).startsWith("{\"ip\":\"");

    JsonNode again = rejected(1, these);
    assertThat(again.at("/refusedAgain/0/state").asText()).isEqualTo("23514");
    assertThat(again.at("/refusedAgain/0/count").asLong()).isEqualTo(refused);
    assertThat(verify(0).at("/total/refused").asLong()).isEqualTo(refused);

    sql("ALTER TABLE processed_events DROP CONSTRAINT odd");
    losesNothingToATrigger("RETURN NULL", "02000", refused, these);
    losesNothingToATrigger("RAISE EXCEPTION 'not today'", "P0001", refused, these);
    refusesWhoMayNotDelete(these);
    JsonNode plan = rejected(0, "retry", "traffic", "--reason", "refused_by_postgres", "--plan");
    assertThat(plan.path("total").asLong()).isEqualTo(refused);
    assertThat(plan.at("/postgres/user").asText()).isEqualTo("traffic_owner");
    assertThat(listed.at("/postgres/user").asText()).isEqualTo("traffic");
    long first = row.at("/rows/0/offset").asLong();
    JsonNode one =
        rejected(0, "retry", "traffic", "--partition", "1=" + first + ".." + (first + 1));
    assertThat(one.path("stored").asLong()).isEqualTo(1);
    assertThat(rejected(0, these).path("stored").asLong()).isEqualTo(refused - 1);
    assertThat(verify(0).at("/total/refused").asLong()).isZero();

    JsonNode rest = rejected(0, "retry", "traffic");
    assertThat(rest.path("stored").asLong()).isZero();
    long still = 0;
    for (JsonNode count : rest.path("rejectedAgain")) {
      still += count.asLong();
    }
    assertThat(still).isEqualTo(all - refused);
    assertThat(rest.path("rewritten").asLong()).isZero();
    tellsWhatIsNotAsTheRowSays();
    assertThat(verify(0).at("/total/rejected").asLong()).isEqualTo(all - refused);
  }

  private void losesNothingToATrigger(String body, String state, long refused, String... these)
      throws Exception {
    sql(
        "CREATE FUNCTION hinder() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            + body
            + "; END $$");
    sql(
        "CREATE TRIGGER hinder BEFORE INSERT ON processed_events FOR EACH ROW"
            + " EXECUTE FUNCTION hinder()");
    JsonNode again = rejected(1, these);
    assertThat(again.at("/refusedAgain/0/state").asText()).isEqualTo(state);
    assertThat(again.at("/refusedAgain/0/count").asLong()).isEqualTo(refused);
    assertThat(again.path("stored").asLong()).isZero();
    sql("DROP FUNCTION hinder CASCADE");
    assertThat(verify(0).at("/total/refused").asLong()).isEqualTo(refused);
  }

  private void refusesWhoMayNotDelete(String... these) throws Exception {
    List<String> asJob = new ArrayList<>(List.of(these));
    asJob.addAll(List.of("--postgres-user", at.postgresUser()));
    assertThat(rejected(1, asJob.toArray(String[]::new))).isNull();
    assertThat(console.err())
        .contains(
            "trafficctl: the user traffic may not do that in ",
            "an owner of the tables can allow it: GRANT DELETE ON public.rejected_events TO traffic;"
                + " or give another user with --postgres-user\n");
  }

  /** Rows of events that the job keeps, or drops, or rejects for another reason. */
  private void tellsWhatIsNotAsTheRowSays() throws Exception {
    String columns = "source, kafka_partition, kafka_offset, kafka_timestamp";
    long kept =
        sql(
            "SELECT max(kafka_offset) FROM processed_events WHERE OF_TOPIC AND kafka_partition = 1");
    String row = " WHERE OF_TOPIC AND kafka_partition = 1 AND kafka_offset = " + kept;
    sql(
        "INSERT INTO rejected_events ("
            + columns
            + ", reason, payload_bytes) SELECT "
            + columns
            + ", 'null_value', 5 FROM processed_events"
            + row);
    sql("DELETE FROM processed_events" + row);
    sql(
        "UPDATE rejected_events SET detail = 'an older version said so' WHERE OF_TOPIC AND"
            + " kafka_offset = (SELECT min(kafka_offset) FROM rejected_events WHERE OF_TOPIC AND"
            + " kafka_partition = 0) AND kafka_partition = 0");
    verify(3);
    JsonNode found = rejected(0, "retry", "traffic");
    assertThat(found.path("stored").asLong()).isEqualTo(1);
    assertThat(found.path("rewritten").asLong()).isEqualTo(1);
  }

  private void compact(Admin admin) throws Exception {
    ConfigEntry policy = new ConfigEntry("cleanup.policy", "compact");
    admin
        .incrementalAlterConfigs(
            Map.of(
                new ConfigResource(ConfigResource.Type.TOPIC, TOPIC),
                List.of(new AlterConfigOp(policy, AlterConfigOp.OpType.SET))))
        .all()
        .get();
    // The last segment, which is not compacted, begins with this.
    sendTransactions();
    Awaitility.await("Kafka has compacted the topic")
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> verify(0).at("/total/unchecked").asLong() > 0);
    sql(
        "UPDATE processed_events SET url = '/x' WHERE OF_TOPIC AND kafka_partition = 1 AND"
            + " kafka_offset = (SELECT max(kafka_offset) FROM processed_events WHERE OF_TOPIC"
            + " AND kafka_partition = 1)");
    assertThat(verify(3).at("/total/altered").asLong()).isEqualTo(1);
    countsOnlyWhatIsLeft(admin);
  }

  /** The events that are left in partition 0, in which most offsets hold none. */
  private List<ConsumerRecord<byte[], byte[]>> left() {
    Properties properties = new Properties();
    properties.putAll(kafka);
    properties.setProperty("isolation.level", "read_committed");
    properties.setProperty("enable.auto.commit", "false");
    TopicPartition partition = new TopicPartition(TOPIC, 0);
    List<ConsumerRecord<byte[], byte[]>> left = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      while (consumer.position(partition) < end) {
        consumer.poll(Duration.ofMillis(200)).forEach(left::add);
      }
    }
    return left;
  }

  /** Behind the last event are events of an aborted transaction, and markers. */
  private void countsOnlyWhatIsLeft(Admin admin) throws Exception {
    List<ConsumerRecord<byte[], byte[]>> left = left();
    ConsumerRecord<byte[], byte[]> first = left.get(0);
    long last = left.get(left.size() - 1).offset();

    assertThat(onStack("offsets", "--earliest", "--topic", TOPIC, "-o", "json")).isZero();
    JsonNode earliest = new JsonMapper().readTree(console.out()).at("/partitions/0");
    long end = earliest.path("logEndOffset").asLong();
    assertThat(earliest.path("eventTime").asText())
        .isEqualTo(Instant.ofEpochMilli(first.timestamp()).toString());
    assertThat(earliest.path("toEnd").asLong())
        .isEqualTo(end - first.offset())
        .isGreaterThanOrEqualTo(left.size());
    assertThat(end).isGreaterThan(last + 1);

    committed(admin, last + 1);
    JsonNode done = lag();
    assertThat(done.path("committedLag").asLong()).isEqualTo(end - last - 1).isPositive();
    assertThat(done.path("lag").asLong()).isZero();
    assertThat(done.path("trend").asText()).isEqualTo("caught up");
    committed(admin, 0);
    JsonNode all = lag();
    assertThat(all.path("lag").asLong()).isGreaterThanOrEqualTo(left.size());
    assertThat(all.path("nextEventTime").asText())
        .isEqualTo(Instant.ofEpochMilli(first.timestamp()).toString());

    assertThat(onStack("savepoint", "inspect", savepoint, "-o", "json")).as(console.err()).isZero();
    JsonNode inspection = new JsonMapper().readTree(console.out());
    assertThat(inspection.path("restorable").isNull()).isTrue();
    assertThat(inspection.path("losses")).isEmpty();
    assertThat(inspection.path("unknowns").toString())
        .contains(
            "the topic is compacted: whether Kafka still has every event behind these offsets is"
                + " not known");
  }

  private static void committed(Admin admin, long offset) throws Exception {
    admin
        .alterConsumerGroupOffsets(
            "verify-it", Map.of(new TopicPartition(TOPIC, 0), new OffsetAndMetadata(offset)))
        .all()
        .get();
  }

  private JsonNode lag() throws IOException {
    assertThat(onStack("lag", "--group", "verify-it", "--topic", TOPIC, "-o", "json"))
        .as(console.err())
        .isZero();
    return new JsonMapper().readTree(console.out()).at("/partitions/0");
  }
}
