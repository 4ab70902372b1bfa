package dev.trafficctl.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trafficctl.cli.context.Destination;
import dev.trafficctl.cli.kafka.KafkaConnection;
import dev.trafficctl.local.Distribution;
import dev.trafficctl.local.LocalStack;
import dev.trafficctl.local.StackStatus;
import dev.trafficctl.model.StoredValues;
import dev.trafficctl.model.TableNames;
import dev.trafficctl.schema.Migrations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Sending rejected events again, with a real Kafka and Postgres, for a job that runs. */
@ExtendWith(SharedStack.class)
@Timeout(120)
class RejectedIT {
  private static final Instant TIME = Instant.parse("2026-01-31T12:00:00Z");
  private static final int CUT = 1 << 20;

  private final TestConsole console = TestConsole.real();
  private final FakeFlink flink = new FakeFlink().withTraffic();
  private final String topic = "rejected-" + UUID.randomUUID();
  private StackStatus.Addresses at;
  private Properties kafka;
  private Admin admin;
  private Connection postgres;
  private long source;

  @TempDir Path directory;

  @BeforeEach
  void makeTopic() throws Exception {
    at =
        LocalStack.in(
                Path.of(SharedStack.directory()),
                Distribution.ofCheckout(Path.of("..").toAbsolutePath().normalize()))
            .status()
            .addresses();
    kafka =
        KafkaConnection.properties(
            Destination.named(at.kafka(), at.environment()), at.kafkaClient());
    admin = Admin.create(kafka);
    admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1))).all().get();
    Uuid id = admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).topicId();
    postgres =
        DriverManager.getConnection(
            at.postgres(),
            at.asOwner().postgresUser(),
            at.asOwner().environment().get("POSTGRES_PASSWORD"));
    Migrations.apply(postgres, TableNames.DEFAULT, null);
    source =
        sql(
            "INSERT INTO sources (topic_id, topic) VALUES ('%s', '%s') RETURNING source"
                .formatted(
                    new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits()), topic));
    prepare(console);
    job();
  }

  @AfterEach
  void close() throws Exception {
    for (String table : List.of("processed_events", "rejected_events")) {
      sql("DELETE FROM " + table + " WHERE source = " + source);
    }
    postgres.close();
    admin.deleteTopics(List.of(topic)).all().get();
    admin.close();
    flink.close();
  }

  private void prepare(TestConsole console) {
    at.asOwner().environment().forEach(console::with);
    console.with("XDG_STATE_HOME", directory.toString());
  }

  private void job(String... more) {
    ArrayNode arguments = JsonNodeFactory.instance.arrayNode();
    List.of(
            "--kafka-url",
            at.kafka(),
            "--kafka-topic",
            topic,
            "--postgres-url",
            at.postgres(),
            "--postgres-user",
            at.postgresUser())
        .forEach(arguments::add);
    List.of(more).forEach(arguments::add);
    ObjectNode config = JsonNodeFactory.instance.objectNode();
    config
        .putObject("execution-config")
        .put("job-parallelism", 1)
        .putObject("user-config")
        .put("trafficctl.arguments", arguments.toString());
    flink.answer("/jobs/" + FakeFlink.JOB + "/config", config.toString());
    flink.answer("/jobmanager/config", "[]");
  }

  private long sql(String statement) throws SQLException {
    try (Statement run = postgres.createStatement()) {
      if (!run.execute(statement)) {
        return run.getUpdateCount();
      }
      try (ResultSet row = run.getResultSet()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  private long count(String table, String condition) throws SQLException {
    return sql(
        "SELECT count(*) FROM %s WHERE source = %d AND %s".formatted(table, source, condition));
  }

  private static byte[] event(String padding) {
    return """
    {"url":"/cart","host":"shop.example.com","ip":"203.0.113.9","event_time":"2026-01-31T12:00:00Z"}\
    """
        .concat(padding)
        .getBytes(UTF_8);
  }

  private void reject(int partition, long offset, String reason, byte[] value) throws SQLException {
    try (PreparedStatement row =
        postgres.prepareStatement(
            "INSERT INTO rejected_events (source, kafka_partition, kafka_offset, kafka_timestamp,"
                + " reason, detail, payload, payload_bytes) VALUES (?, ?, ?, ?, ?, 'so', ?, ?)")) {
      row.setLong(1, source);
      row.setInt(2, partition);
      row.setLong(3, offset);
      row.setObject(4, TIME.plus(Duration.ofMinutes(offset)).atOffset(ZoneOffset.UTC));
      row.setString(5, reason);
      row.setBytes(6, StoredValues.payload(value));
      row.setInt(7, value.length);
      row.executeUpdate();
    }
  }

  /** So many good events in partition 0 that Postgres has refused. */
  private void refused(int events) throws SQLException {
    for (int offset = 0; offset < events; offset++) {
      reject(0, offset, "refused_by_postgres", event(""));
    }
  }

  private static int run(TestConsole console, List<String> words, String... options) {
    List<String> all = new ArrayList<>(words);
    all.addAll(List.of(options));
    return console.run(all.toArray(String[]::new));
  }

  private JsonNode retry(int exitCode, String... options) throws IOException {
    int code =
        run(
            console,
            List.of("rejected", "retry", "traffic", "--flink", flink.url(), "-o", "json"),
            options);
    assertThat(code).as(console.err() + console.out()).isEqualTo(exitCode);
    return new JsonMapper().readTree(console.out());
  }

  @Test
  void sendsWhatIsMeantOnceAndKeepsWhatIsStillBad() throws Exception {
    refused(10);
    reject(1, 3, "unknown_field", "not JSON".getBytes(UTF_8));

    JsonNode byTime =
        retry(
            0,
            "--reason",
            "refused_by_postgres",
            "--from",
            "2026-01-31T12:02:00Z",
            "--to",
            "2026-01-31T12:05:00Z");
    assertThat(byTime.path("stored").asLong()).isEqualTo(3);
    assertThat(count("processed_events", "kafka_offset IN (2, 3, 4)")).isEqualTo(3);
    assertThat(retry(0, "--partition", "0=5..7").path("stored").asLong()).isEqualTo(2);
    JsonNode nothing = retry(0, "--partition", "0=2..7");
    assertThat(nothing.path("planOnly").asBoolean()).isTrue();
    assertThat(nothing.path("total").asLong()).isZero();

    JsonNode all = retry(0);
    assertThat(all.path("stored").asLong()).isEqualTo(5);
    assertThat(all.path("rejectedAgain").toString()).isEqualTo("{\"malformed_json\":1}");
    assertThat(all.path("rewritten").asLong()).isEqualTo(1);
    JsonNode again = retry(0);
    assertThat(again.path("stored").asLong()).isZero();
    assertThat(again.path("rejectedAgain").toString()).isEqualTo("{\"malformed_json\":1}");
    assertThat(again.path("rewritten").asLong()).isZero();
    assertThat(count("processed_events", "NOT late AND url = '/cart'")).isEqualTo(10);
    assertThat(count("rejected_events", "reason = 'malformed_json' AND kafka_partition = 1"))
        .isEqualTo(1);
    assertThat(count("rejected_events", "true")).isEqualTo(1);
  }

  @Test
  void sendsToTheTablesOfTheJob() throws Exception {
    TableNames names = TableNames.parse("It's \"mine\" (?)");
    String events = TableNames.quoted(names.events());
    String rejected = TableNames.quoted(names.rejected());
    job("--table", names.events());
    Migrations.apply(postgres, names, null);
    try {
      refused(2);
      sql(
          "INSERT INTO %s SELECT * FROM rejected_events WHERE source = %d"
              .formatted(rejected, source));
      sql("DELETE FROM rejected_events WHERE source = %d AND kafka_offset = 1".formatted(source));

      assertThat(run(console, List.of("rejected", "list", "traffic", "--flink", flink.url())))
          .as(console.err())
          .isZero();
      assertThat(console.err()).contains(": public.\"It's \"\"mine\"\" (?)\", ");
      assertThat(console.out()).containsPattern("refused_by_postgres +2 ");
      assertThat(retry(0).path("stored").asLong()).isEqualTo(2);

      assertThat(count(events, "true")).isEqualTo(2);
      assertThat(count(rejected, "true")).isZero();
      assertThat(count("processed_events", "true")).isZero();
      assertThat(count("rejected_events", "true")).isEqualTo(1);
    } finally {
      sql("DROP TABLE %s, %s".formatted(events, rejected));
    }
  }

  @Test
  void saysThatRowLevelSecurityHidesRows() throws Exception {
    refused(3);
    at.environment().forEach(console::with);
    List<String> list = List.of("rejected", "list", "traffic", "--flink", flink.url());
    sql("ALTER TABLE rejected_events ENABLE ROW LEVEL SECURITY");
    try {
      for (List<String> words :
          List.of(list, List.of("rejected", "retry", "traffic", "--flink", flink.url()))) {
        assertThat(run(console, words)).as(console.out()).isEqualTo(1);
        assertThat(console.out()).isEmpty();
        assertThat(console.err())
            .contains(
                "%s hides rows from user '%s' by row-level security: ERROR: query would be affected by row-level security policy for table \"rejected_events\"; ALTER ROLE %2$s BYPASSRLS, or disable row-level security of the table, or give another user with --postgres-user\n"
                    .formatted(at.postgres(), at.postgresUser()));
      }
    } finally {
      sql("ALTER TABLE rejected_events DISABLE ROW LEVEL SECURITY");
    }
    assertThat(run(console, list)).as(console.err()).isZero();
  }

  @Test
  void isPartlyDoneWherePostgresRefusesOneAgain() throws Exception {
    refused(10);
    sql(
        "ALTER TABLE processed_events ADD CONSTRAINT odd CHECK (source <> %d OR kafka_offset <> 7)"
            .formatted(source));
    try {
      JsonNode partly = retry(7);
      assertThat(partly.path("outcome").asText()).isEqualTo("partly_done");
      assertThat(partly.path("stored").asLong()).isEqualTo(9);
      assertThat(partly.at("/refusedAgain/0/state").asText()).isEqualTo("23514");
      assertThat(partly.at("/refusedAgain/0/place").asText()).isEqualTo("0/7");
      JsonNode unchanged = retry(1);
      assertThat(unchanged.path("stored").asLong()).isZero();
      assertThat(unchanged.at("/refusedAgain/0/count").asLong()).isEqualTo(1);
    } finally {
      sql("ALTER TABLE processed_events DROP CONSTRAINT odd");
    }
    assertThat(retry(0).path("stored").asLong()).isEqualTo(1);
    assertThat(count("processed_events", "true")).isEqualTo(10);
    assertThat(count("rejected_events", "true")).isZero();
  }

  @Test
  void doesNotTakeWhatIsCutForTheWholeEvent() throws Exception {
    byte[] padded = event(" ".repeat(CUT));
    Properties compressing = new Properties();
    compressing.putAll(kafka);
    compressing.setProperty("compression.type", "gzip");
    compressing.setProperty("max.request.size", "8388608");
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(compressing, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int offset = 0; offset < 2; offset++) {
        producer.send(new ProducerRecord<>(topic, 0, null, padded)).get();
      }
    }
    admin
        .deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(1)))
        .all()
        .get();
    // Its first 1 MiB is good by itself.
    reject(0, 0, "event_time_ahead", padded);
    reject(0, 1, "event_time_ahead", padded);

    JsonNode partly = retry(7);
    assertThat(partly.path("stored").asLong()).isEqualTo(1);
    assertThat(partly.path("notFound").asLong()).isEqualTo(1);
    assertThat(partly.path("notFoundAt").toString()).isEqualTo("[\"0/0\"]");
    assertThat(console.err())
        .contains(
            "1 stay: their rows do not have all of them, and Kafka no longer has them: 0/0\n",
            "go on with: trafficctl rejected retry traffic --flink ");
    assertThat(count("processed_events", "kafka_offset = 1")).isEqualTo(1);
    assertThat(count("processed_events", "true")).isEqualTo(1);

    assertThat(retry(1).path("notFoundAt").toString()).isEqualTo("[\"0/0\"]");
    assertThat(
            count("rejected_events", "octet_length(payload) = %d AND detail = 'so'".formatted(CUT)))
        .isEqualTo(1);
  }

  @Test
  void isConfirmedWhereTheClusterIsProtected() throws Exception {
    refused(3);
    console.with("XDG_CONFIG_HOME", directory.resolve("config").toString());
    assertThat(console.run("context", "set", "prod", "--flink", flink.url(), "--protected"))
        .as(console.err())
        .isZero();
    List<String> these = List.of("rejected", "retry", "traffic", "--context", "prod");

    assertThat(run(console, these)).isEqualTo(4);
    assertThat(console.err())
        .contains(
            " is protected, and this will send 3 rejected events of the job traffic again; confirm"
                + " it with --yes=traffic; nothing was changed\n");
    assertThat(run(console, these, "--yes", "other")).isEqualTo(4);
    assertThat(run(console.typing("other\n"), these)).isEqualTo(4);
    assertThat(run(console, these, "--plan")).isZero();
    assertThat(count("rejected_events", "true")).isEqualTo(3);

    assertThat(run(console.typing("traffic\n"), these, "--partition", "0=0..1")).isZero();
    assertThat(count("rejected_events", "true")).isEqualTo(2);
    assertThat(run(console, these, "--yes", "traffic")).isZero();
    assertThat(count("processed_events", "true")).isEqualTo(3);
  }

  @Test
  void twoAtOnceFromTwoMachinesSendEachEventOnce() throws Exception {
    refused(300);
    List<CompletableFuture<TestConsole>> both = new ArrayList<>();
    for (String machine : List.of("one", "other")) {
      TestConsole own = TestConsole.real();
      prepare(own);
      own.with("XDG_STATE_HOME", directory.resolve(machine).toString());
      both.add(
          CompletableFuture.supplyAsync(
              () -> {
                int code =
                    own.run("rejected", "retry", "traffic", "--flink", flink.url(), "-o", "json");
                assertThat(code).as(own.err()).isZero();
                return own;
              }));
    }
    long stored = 0;
    for (CompletableFuture<TestConsole> one : both) {
      stored += new JsonMapper().readTree(one.get().out()).path("stored").asLong();
    }
    assertThat(stored).isEqualTo(300);
    assertThat(count("processed_events", "true")).isEqualTo(300);
    assertThat(count("rejected_events", "true")).isZero();
  }

  /** A row of the second of three batches is locked, so that Ctrl-C comes in the middle of it. */
  @Test
  void goesOnWhereCtrlCHasEndedIt() throws Exception {
    refused(120);
    postgres.setAutoCommit(false);
    sql(
        "SELECT kafka_offset FROM rejected_events WHERE source = %d AND kafka_offset = 60 FOR UPDATE"
            .formatted(source));
    try (CommandProcess process =
        CommandProcess.start(
            directory,
            at.asOwner().environment(),
            "rejected",
            "retry",
            "traffic",
            "--flink",
            flink.url(),
            "-o",
            "json")) {
      Awaitility.await("it waits for the row")
          .atMost(Duration.ofSeconds(60))
          .until(() -> sql("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0);
      List<String> these = List.of("rejected", "retry", "traffic", "--flink", flink.url());
      assertThat(run(console, these)).isEqualTo(4);
      assertThat(run(console, these, "--partition", "1=0..9")).as(console.err()).isZero();
      assertThat(console.err()).endsWith("there is nothing to send again\n");
      process.interrupt();
      postgres.rollback();
      postgres.setAutoCommit(true);
      assertThat(process.exitCode()).isEqualTo(7);
    }
    JsonNode told = new JsonMapper().readTree(directory.resolve("out").toFile());
    assertThat(told.path("outcome").asText()).isEqualTo("partly_done");
    assertThat(told.path("stored").asLong()).isEqualTo(100);
    assertThat(Files.readString(directory.resolve("err")))
        .contains(
            "of 100 rejected events 100 are stored",
            "not finished: interrupted",
            "go on with: trafficctl rejected retry traffic --flink ");
    assertThat(count("processed_events", "true")).isEqualTo(100);
    assertThat(count("rejected_events", "true")).isEqualTo(20);

    assertThat(retry(0).path("stored").asLong()).isEqualTo(20);
    assertThat(count("processed_events", "true")).isEqualTo(120);
    assertThat(count("rejected_events", "true")).isZero();
  }
}
