package dev.trafficctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.trafficctl.cli.context.Destination;
import dev.trafficctl.cli.kafka.KafkaConnection;
import dev.trafficctl.local.Distribution;
import dev.trafficctl.local.LocalStack;
import dev.trafficctl.local.StackStatus;
import java.io.IOException;
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
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What {@code lag} says of a real job that is held up, and of logs with gaps. */
@ExtendWith(SharedStack.class)
@Timeout(300)
class LagIT {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int EVENTS = 110_000;
  // So many rows at once, each time after a while, make a drain that takes some 20 s.
  private static final int BATCH_ROWS = 500;
  private static final double BATCH_SECONDS = 0.3;

  private final TestConsole console = TestConsole.real();
  private StackStatus.Addresses at;

  @TempDir Path directory;

  @BeforeEach
  void connect() {
    at =
        LocalStack.in(
                Path.of(SharedStack.directory()),
                Distribution.ofCheckout(Path.of("..").toAbsolutePath().normalize()))
            .status()
            .addresses();
    console.with("XDG_STATE_HOME", directory.toString());
  }

  private static int run(TestConsole with, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--directory", SharedStack.directory()));
    return with.run(all.toArray(String[]::new));
  }

  private void onStack(String... arguments) {
    assertThat(run(console, arguments)).as(console.err()).isZero();
  }

  private Properties kafka() {
    return KafkaConnection.properties(
        Destination.named(at.kafka(), at.environment()), at.kafkaClient());
  }

  private Connection postgres() throws SQLException {
    return DriverManager.getConnection(
        at.postgres(),
        at.asOwner().postgresUser(),
        at.asOwner().environment().get("POSTGRES_PASSWORD"));
  }

  /** A {@code lag --watch} beside the test. */
  private static final class Watch implements AutoCloseable {
    private final TestConsole console = TestConsole.real();
    private final Thread thread =
        new Thread(() -> run(console, "lag", "--watch", "--interval", "1s", "-o", "json"));

    Watch() {
      thread.start();
    }

    /** What it has said so far. */
    List<JsonNode> rounds() {
      String text = console.out();
      // A document may be half written.
      int end = text.lastIndexOf("\n}\n");
      String whole = end < 0 ? "" : text.substring(0, end + 3);
      try {
        return JSON.readerFor(JsonNode.class).<JsonNode>readValues(whole).readAll();
      } catch (IOException e) {
        throw new AssertionError(text, e);
      }
    }

    JsonNode await(String what, Instant after, Predicate<JsonNode> fits) {
      return Awaitility.await(what)
          .atMost(Duration.ofSeconds(90))
          .pollInterval(Duration.ofMillis(200))
          .until(
              () ->
                  rounds().stream()
                      .filter(round -> time(round).isAfter(after))
                      .filter(fits)
                      .findFirst()
                      .orElse(null),
              found -> found != null);
    }

    @Override
    public void close() {
      thread.interrupt();
    }
  }

  private static Instant time(JsonNode round) {
    return Instant.parse(round.path("at").asText());
  }

  private static String trend(JsonNode round) {
    return round.at("/total/trend").asText();
  }

  private static long lag(JsonNode round) {
    return round.at("/total/lag").asLong();
  }

  @Test
  void aJobThatIsHeldUpFallsBehindAndCatchesUpWhenItWasSaid()
      throws SQLException, IOException, InterruptedException {
    onStack("demo", "--count", "1000", "--topic", "lag-it");
    onStack("restart", "traffic", "--set", "batch-rows=" + BATCH_ROWS);
    SharedStack.awaitHealthyJob(console);
    try (Connection holder = postgres();
        Watch watch = new Watch()) {
      watch.await("it has caught up", Instant.EPOCH, round -> trend(round).equals("caught up"));
      holder.setAutoCommit(false);
      try (Statement statement = holder.createStatement()) {
        statement.execute("LOCK TABLE processed_events IN ACCESS EXCLUSIVE MODE");
        statement.execute(
            "CREATE FUNCTION slow_down() RETURNS trigger LANGUAGE plpgsql AS"
                + " 'BEGIN PERFORM pg_sleep("
                + BATCH_SECONDS
                + "); RETURN NULL; END'");
        statement.execute(
            "CREATE TRIGGER slow_down BEFORE INSERT ON processed_events"
                + " FOR EACH STATEMENT EXECUTE FUNCTION slow_down()");
      }
      Instant held = Instant.now();
      send();
      // How much is read before everything is full decides how long it is called growing.
      watch.await(
          "it falls behind", held, round -> List.of("growing", "stalled").contains(trend(round)));
      JsonNode stalled =
          watch.await(
              "nothing is read",
              held,
              round -> trend(round).equals("stalled") && lag(round) > EVENTS * 9L / 10);
      assertThat(stalled.at("/total/timeLagMillis").asLong()).isBetween(3_000L, 90_000L);
      assertThat(stalled.at("/total/etaMillis").isNull()).isTrue();
      assertThat(run(console, "lag", "--max-lag", "1000", "--max-time-lag", "1s")).isEqualTo(3);
      assertThat(console.err()).contains("the lag is ", "the time lag is ");

      holder.commit();
      Instant released = Instant.now();
      watch.await("it recovers", released, round -> trend(round).equals("recovering"));
      JsonNode some =
          watch.await("it has recovered a part", released, round -> lag(round) < EVENTS * 0.6);
      agreesWithPostgres(watch, some);
      JsonNode done =
          watch.await("it has caught up", released, round -> trend(round).equals("caught up"));
      etaCameTrue(watch.rounds(), released, time(done));
    } finally {
      try (Connection owner = postgres();
          Statement statement = owner.createStatement()) {
        statement.execute("DROP FUNCTION IF EXISTS slow_down() CASCADE");
      }
    }
    assertThat(run(console, "lag", "--max-time-lag", "5s")).as(console.err()).isZero();
  }

  private void send() {
    onStack(
        "local",
        "traffic",
        "--topic",
        "lag-it",
        "--rate",
        "30000",
        "--count",
        Integer.toString(EVENTS));
  }

  /** The log end less the newest row, each partition for itself: what was sent is all sent. */
  private void agreesWithPostgres(Watch watch, JsonNode round) throws SQLException {
    long before = counted(round);
    Instant between = Instant.now();
    JsonNode next = watch.await("another round", between, each -> true);
    long after = counted(next);
    // One refresh of the metrics, and what is on its way into a table meanwhile.
    double slack = round.at("/total/rateOut").asDouble() * 2;
    assertThat((double) lag(next)).isBetween(after - slack, before + slack);
  }

  private long counted(JsonNode round) throws SQLException {
    long lag = 0;
    try (Connection connection = postgres();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT kafka_partition, max(kafka_offset) FROM processed_events WHERE source ="
                    + " (SELECT max(source) FROM processed_events) GROUP BY kafka_partition")) {
      while (rows.next()) {
        JsonNode partition = round.path("partitions").get(rows.getInt(1));
        assertThat(partition.path("partition").asInt()).isEqualTo(rows.getInt(1));
        lag += partition.path("logEndOffset").asLong() - rows.getLong(2) - 1;
      }
    }
    return lag;
  }

  /** Of the times that were told once the rates were those of the drain, the middle one. */
  private static void etaCameTrue(List<JsonNode> rounds, Instant released, Instant done) {
    List<Double> told = new ArrayList<>();
    for (JsonNode round : rounds) {
      double left = Duration.between(time(round), done).toMillis();
      boolean ofDrain = time(round).isAfter(released.plusSeconds(11)) && left > 3_000;
      if (ofDrain) {
        assertThat(trend(round)).isEqualTo("recovering");
        told.add(round.at("/total/etaMillis").asDouble() / left);
      }
    }
    assertThat(told).hasSizeGreaterThan(3);
    told.sort(null);
    assertThat(told.get(told.size() / 2)).as(told.toString()).isBetween(0.75, 1.25);
  }

  @Test
  void logsWithGapsAreReadToTheirEnds() throws ExecutionException, InterruptedException {
    TopicPartition compacted = new TopicPartition("lag-compacted", 0);
    TopicPartition transactions = new TopicPartition("lag-transactions", 0);
    TopicPartition empty = new TopicPartition("lag-empty", 0);
    try (Admin admin = Admin.create(kafka())) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(transactions.topic(), 1, (short) 1),
                  new NewTopic(empty.topic(), 1, (short) 1),
                  new NewTopic(compacted.topic(), 1, (short) 1)
                      .configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, "compact"))))
          .all()
          .get();
      Properties properties = kafka();
      properties.setProperty("transactional.id", "lag-it");
      try (KafkaProducer<byte[], byte[]> producer =
          new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
        producer.initTransactions();
        for (boolean commits : new boolean[] {true, false}) {
          producer.beginTransaction();
          for (TopicPartition each : List.of(transactions, compacted)) {
            for (byte i = 0; i < 10; i++) {
              producer
                  .send(new ProducerRecord<>(each.topic(), new byte[] {1}, new byte[] {i}))
                  .get();
            }
          }
          if (commits) {
            producer.commitTransaction();
          } else {
            producer.flush();
            producer.abortTransaction();
          }
        }
      }
      // 10 events, a marker, 10 that no reader of committed events sees, a marker.
      admin
          .alterConsumerGroupOffsets(
              "lag-it-done",
              Map.of(
                  transactions, new OffsetAndMetadata(10),
                  compacted, new OffsetAndMetadata(4),
                  empty, new OffsetAndMetadata(0)))
          .all()
          .get();
    }
    onStack("lag", "--group", "lag-it-done", "-o", "json");
    JsonNode total = read(console.out());
    JsonNode ofCompacted = total.path("partitions").get(0);
    assertThat(ofCompacted.path("topic").asText()).isEqualTo("lag-compacted");
    assertThat(ofCompacted.path("lag").asLong()).isEqualTo(18);
    assertThat(ofCompacted.path("timeLagMillis").asLong()).isBetween(1L, 120_000L);
    assertThat(ofCompacted.path("retentionLeftMillis").isNull()).isTrue();
    assertThat(total.path("partitions").get(1).path("logEndOffset").asLong()).isZero();
    assertThat(total.path("partitions").get(1).path("lag").asLong()).isZero();
    JsonNode ofTransactions = total.path("partitions").get(2);
    assertThat(ofTransactions.path("logEndOffset").asLong()).isEqualTo(22);
    assertThat(ofTransactions.path("committedLag").asLong()).isEqualTo(12);
    assertThat(ofTransactions.path("lag").asLong()).isZero();
    assertThat(ofTransactions.path("trend").asText()).isEqualTo("caught up");

    assertThat(
            run(
                console,
                "lag",
                "--group",
                "lag-it-done",
                "--topic",
                "lag-transactions",
                "--max-lag",
                "0"))
        .isZero();
    assertThat(run(console, "lag", "--group", "nobody")).isEqualTo(1);
    assertThat(console.err()).contains("has no group 'nobody'");
    assertThat(run(console, "lag", "--group", "lag-it-done", "--topic", "nothing")).isEqualTo(1);
    assertThat(console.err()).contains("has no topic nothing");
  }

  @Test
  void anOpenTransactionWhoseProducerIsGoneIsNamedAndNothingIsCaughtUp()
      throws ExecutionException, InterruptedException {
    TopicPartition held = new TopicPartition("lag-held", 0);
    try (Admin admin = Admin.create(kafka())) {
      admin.createTopics(List.of(new NewTopic(held.topic(), 1, (short) 1))).all().get();
      try (KafkaProducer<byte[], byte[]> others =
          new KafkaProducer<>(kafka(), new ByteArraySerializer(), new ByteArraySerializer())) {
        others.send(new ProducerRecord<>(held.topic(), new byte[] {1})).get();
        leaveOpen("lag-it-dead", held);
        leaveOpen("lag-it-younger", held);
        for (int i = 0; i < 8_000; i++) {
          var unused = others.send(new ProducerRecord<>(held.topic(), new byte[] {3}));
        }
      }
      admin
          .alterConsumerGroupOffsets("lag-it-held", Map.of(held, new OffsetAndMetadata(1)))
          .all()
          .get();
    }
    onStack("lag", "--group", "lag-it-held", "-o", "json");
    JsonNode only = read(console.out()).path("partitions").get(0);
    assertThat(only.path("logEndOffset").asLong()).isEqualTo(8_003);
    assertThat(only.path("lastStableOffset").asLong()).isEqualTo(1);
    assertThat(only.path("committedLag").asLong()).isEqualTo(8_002);
    assertThat(only.path("lag").asLong()).isEqualTo(8_002);
    assertThat(only.path("trend").asText()).isNotEqualTo("caught up");
    JsonNode open = only.path("openTransaction");
    assertThat(open.path("transactionalId").asText()).isEqualTo("lag-it-dead");
    assertThat(open.path("producerId").isIntegralNumber()).isTrue();
    assertThat(open.path("ageMillis").asLong()).isBetween(0L, 60_000L);
    assertThat(only.path("timeLagMillis").asLong()).isEqualTo(open.path("ageMillis").asLong());

    assertThat(run(console, "lag", "--group", "lag-it-held", "--max-lag", "8000")).isEqualTo(3);
    assertThat(console.out()).contains("LAST-STABLE-OFFSET").doesNotContain("caught up");
    assertThat(console.err())
        .contains(
            "trafficctl: partition lag-held-0: nothing from offset 1 on can be read before a"
                + " transaction ends that is open for ",
            "transactional id lag-it-dead",
            "; up to 8,002 events wait there. If its producer is gone: kafka-transactions.sh",
            "trafficctl: the lag is 8,002, which is 2 more than 8,000\n");
    onStack("offsets", "--latest", "--topic", held.topic(), "-o", "json");
    assertThat(read(console.out()).at("/notes/0").asText())
        .isEqualTo(
            "partition lag-held-0: nothing from offset 1 on can be read before a transaction ends"
                + " that is open; up to 8,002 events wait there. What is shown ends there;"
                + " trafficctl lag names who has the transaction");
    assertThat(run(console, "lag", "--group", "lag-it-held", "--max-open-transaction", "0s"))
        .isEqualTo(3);
    assertThat(console.err()).contains("trafficctl: a transaction is open for ");
  }

  private void leaveOpen(String transactionalId, TopicPartition partition)
      throws ExecutionException, InterruptedException {
    Properties properties = kafka();
    properties.setProperty("transactional.id", transactionalId);
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    producer.initTransactions();
    producer.beginTransaction();
    producer.send(new ProducerRecord<>(partition.topic(), new byte[] {2})).get();
    // Without time it neither commits nor aborts.
    producer.close(Duration.ZERO);
  }

  private static JsonNode read(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new AssertionError(text, e);
    }
  }
}
