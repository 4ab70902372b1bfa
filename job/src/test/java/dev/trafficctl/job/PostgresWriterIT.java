package dev.trafficctl.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.trafficctl.model.ProcessedEvent;
import dev.trafficctl.model.RejectedEvent;
import dev.trafficctl.model.TableNames;
import dev.trafficctl.model.WebEvent;
import dev.trafficctl.schema.Migrations;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.metrics.testutils.MetricListener;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.runtime.operators.sink.SinkWriterOperatorFactory;
import org.apache.flink.streaming.runtime.tasks.TestProcessingTimeService;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresWriterIT {
  private static final BatchLimits LIMITS = new BatchLimits(5_000, 4 << 20, Duration.ofMillis(200));

  private final TestProcessingTimeService time = new TestProcessingTimeService();

  private TestDatabase database;
  private MetricListener metrics;
  private PostgresWriter writer;

  @BeforeEach
  void open() throws Exception {
    database = TestDatabase.create();
    writer = writer(database.connections());
  }

  @AfterEach
  void close() throws SQLException {
    writer.close();
    database.close();
  }

  @Test
  void everyColumnIsReadBackAsItWasWritten() throws Exception {
    byte[] ipv6 = HexFormat.of().parseHex("20010db8000000000000000000000001");
    List<ProcessedEvent> events =
        List.of(
            ProcessedEvents.at(-1),
            new ProcessedEvent(
                Short.MAX_VALUE,
                Integer.MAX_VALUE,
                Long.MAX_VALUE - 1,
                -1,
                true,
                // 4714-11-24 BC, the first day of Postgres.
                new WebEvent(ipv6, -210_866_803_200_000_000L, null, "", "", null, null)),
            new ProcessedEvent(
                Short.MIN_VALUE,
                Integer.MIN_VALUE,
                Long.MAX_VALUE,
                9_224_318_015_999_999L,
                false,
                new WebEvent(
                    new byte[] {0, 0, 0, 0},
                    1,
                    "'; DROP TABLE sources; --",
                    "пример.example",
                    "/😀/\u0001\u001b[31m?${jndi:ldap://x}\\N\t\n",
                    "[1, \"\\\\\"]",
                    "\uFFFF€é")));

    write(events);
    writer.flush(false);

    assertThat(database.processed())
        .usingRecursiveFieldByFieldElementComparator()
        .isEqualTo(events);
    assertCounts(3, 0, 0);
  }

  @Test
  void nothingIsVisibleBeforeALimitIsReached() throws Exception {
    write(ProcessedEvents.many(4_999));
    assertThat(database.count("processed_events")).isZero();

    write(List.of(ProcessedEvents.at(4_999)));
    assertThat(database.count("processed_events")).isEqualTo(5_000);

    writer.write(ProcessedEvents.at(5_000, "x".repeat(4 << 20)), null);
    assertThat(database.count("processed_events")).isEqualTo(5_001);
    assertThat(metrics.getHistogram("batchRows").orElseThrow().getStatistics().getMax())
        .isEqualTo(5_000);
    assertThat(metrics.getHistogram("writeLatencyMillis").orElseThrow().getCount()).isEqualTo(2);
  }

  @Test
  void aBatchIsWrittenOnceItsFirstRowIsOldEnough() throws Exception {
    time.setCurrentTime(1_000);
    write(List.of(ProcessedEvents.at(0)));
    time.setCurrentTime(1_100);
    writer.flush(false);
    write(List.of(ProcessedEvents.at(1)));

    time.setCurrentTime(1_299);
    assertThat(database.count("processed_events")).isEqualTo(1);
    time.setCurrentTime(1_300);
    assertThat(database.count("processed_events")).isEqualTo(2);

    time.setCurrentTime(2_000);
    assertThat(time.getNumActiveTimers()).isZero();
  }

  @Test
  void theCheckpointWaitsForTheRows() throws Exception {
    OneInputStreamOperatorTestHarness<ProcessedEvent, CommittableMessage<Void>> operator =
        operatorOf(
            new PostgresSink(database.connections(), LIMITS, TableNames.DEFAULT),
            ProcessedEvent.class);

    operator.processElement(ProcessedEvents.at(0), 0);
    assertThat(database.count("processed_events")).isZero();
    operator.prepareSnapshotPreBarrier(1);
    assertThat(database.count("processed_events")).isEqualTo(1);

    operator.processElement(ProcessedEvents.at(1), 0);
    operator.endInput();
    assertThat(database.count("processed_events")).isEqualTo(2);
    operator.close();
  }

  @Test
  void aRepeatedBatchChangesNothing() throws Exception {
    write(ProcessedEvents.many(1_000));
    writer.flush(false);
    List<ProcessedEvent> before = database.processed();

    for (long offset = 0; offset < 1_000; offset++) {
      writer.write(ProcessedEvents.at(offset, "/another"), null);
    }
    writer.flush(false);

    assertThat(database.processed())
        .usingRecursiveFieldByFieldElementComparator()
        .isEqualTo(before);
    assertCounts(1_000, 1_000, 0);
  }

  @Test
  void ofAHalfRepeatedBatchTheNewHalfIsWritten() throws Exception {
    write(ProcessedEvents.many(500));
    writer.flush(false);

    write(ProcessedEvents.many(1_000));
    writer.flush(false);
    assertCounts(1_000, 500, 0);

    // Whether or not repeats are expected.
    write(ProcessedEvents.many(1_500));
    writer.flush(false);
    assertCounts(1_500, 1_500, 0);
    assertThat(database.processed())
        .usingRecursiveFieldByFieldElementComparator()
        .isEqualTo(ProcessedEvents.many(1_500));
  }

  @Test
  void aRowOfAnotherRecordIsNoRepeat() throws Exception {
    write(ProcessedEvents.many(10));
    writer.flush(false);
    ProcessedEvent same = ProcessedEvents.at(5);
    ProcessedEvent another =
        new ProcessedEvent(
            same.source(),
            same.partition(),
            same.offset(),
            same.kafkaTimestamp() + 1,
            false,
            same.event());

    write(List.of(ProcessedEvents.at(4), another, ProcessedEvents.at(10)));
    assertThatThrownBy(() -> writer.flush(false))
        .isInstanceOf(SuppressRestartsException.class)
        .cause()
        .hasMessageStartingWith(
            "processed_events holds another event for partition 3, offset 5 than Kafka. Kafka has"
                + " lost events and taken others in their places")
        .hasMessageContaining("trafficctl verify JOB");
    assertThat(database.count("processed_events")).isEqualTo(10);
  }

  @Test
  void whatIsCommittedSurvivesACrashWhateverTheUserHasByDefault() throws Exception {
    try (Connection connection = database.connections().getOrEstablishConnection()) {
      assertThat(durability(connection, "off")).isEqualTo("on");
      assertThat(durability(connection, "remote_apply")).isEqualTo("remote_apply");
    }
  }

  private static String durability(Connection connection, String byDefault) throws SQLException {
    try (Statement session = connection.createStatement()) {
      session.execute("SET synchronous_commit = " + byDefault);
    }
    return Transaction.commit(
        connection,
        statement -> {
          try (ResultSet shown = statement.executeQuery("SHOW synchronous_commit")) {
            shown.next();
            return shown.getString(1);
          }
        });
  }

  @Test
  void aRowTwiceInOneBatchIsOneRow() throws Exception {
    write(List.of(ProcessedEvents.at(0), ProcessedEvents.at(1), ProcessedEvents.at(0, "/again")));
    writer.flush(false);

    assertThat(database.processed())
        .usingRecursiveFieldByFieldElementComparator()
        .isEqualTo(ProcessedEvents.many(2));
    assertCounts(2, 1, 0);
  }

  @Test
  void aRowThatPostgresRefusesIsRejectedAlone() throws Exception {
    for (long offset = 0; offset < 1_000; offset++) {
      writer.write(
          offset == 500 ? ProcessedEvents.at(500, "/a\0b") : ProcessedEvents.at(offset), null);
    }
    writer.flush(false);

    assertThat(database.count("processed_events")).isEqualTo(999);
    assertThat(database.count("processed_events WHERE kafka_offset = 500")).isZero();
    assertThat(database.rejected())
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactly(
            refused(
                500,
                "22021: invalid byte sequence for encoding \"UTF8\": 0x00",
                """
                {"ip":"192.0.2.1","event_time":"2024-01-31T23:59:59.123Z",\
                "referrer":"https://example.org/","host":"www.example.com","url":"/a\\u0000b",\
                "geodata":"{\\"city\\": \\"München\\", \\"country\\": \\"DE\\"}",\
                "user_agent":"Mozilla/5.0 (X11; Linux x86_64)"}"""));
    assertCounts(999, 0, 1);
  }

  @Test
  void refusedRowsAreFoundAmongRepeatsToo() throws Exception {
    database.execute("ALTER TABLE processed_events ADD CHECK (url <> '/forbidden')");
    write(ProcessedEvents.many(100));
    writer.flush(false);

    for (int round = 0; round < 2; round++) {
      for (long offset = 0; offset < 200; offset++) {
        writer.write(
            offset % 90 == 89
                ? ProcessedEvents.at(1_000, "/forbidden")
                : ProcessedEvents.at(offset),
            null);
      }
      writer.flush(false);
    }

    assertThat(database.count("processed_events")).isEqualTo(199);
    assertThat(database.rejected()).hasSize(1);
    assertThat(database.rejected().get(0).detail())
        .isEqualTo(
            "23514: new row for relation \"processed_events\" violates check constraint"
                + " \"processed_events_url_check\"");
    assertCounts(199, 99 + 198, 4);
  }

  @Test
  void aViolationOfAnotherUniqueIndexIsNoRepeat() throws Exception {
    database.execute("CREATE UNIQUE INDEX one_url ON processed_events (url)");

    write(List.of(ProcessedEvents.at(0, "/same"), ProcessedEvents.at(1, "/same")));
    writer.flush(false);

    assertThat(database.count("processed_events")).isEqualTo(1);
    assertThat(database.rejected())
        .extracting(RejectedEvent::offset, RejectedEvent::detail)
        .containsExactly(
            tuple(1L, "23505: duplicate key value violates unique constraint \"one_url\""));
  }

  @Test
  void whatPostgresCannotHoldIsRejectedWhateverItIs() throws Exception {
    WebEvent good = ProcessedEvents.at(0).event();
    List<WebEvent> bad =
        List.of(
            new WebEvent(new byte[5], 0, null, "", "", null, null),
            new WebEvent(good.ip(), Long.MIN_VALUE, null, "", "", null, null),
            new WebEvent(good.ip(), 0, null, "\uD83D", "", null, null),
            new WebEvent(good.ip(), 0, null, "", "", "{", null),
            new WebEvent(good.ip(), 0, null, "", "", "\"\\u0000\"", null),
            new WebEvent(good.ip(), 0, null, null, "", null, null));

    for (int index = 0; index < bad.size(); index++) {
      writer.write(
          new ProcessedEvent((short) 1, 0, index, Long.MAX_VALUE, false, bad.get(index)), null);
    }
    writer.flush(false);

    assertThat(database.rejected())
        .extracting(rejected -> rejected.detail().substring(0, 5))
        .containsExactly("22P03", "22008", "22021", "22P02", "22P05", "23502");
    assertCounts(0, 0, 6);
  }

  @Test
  void aTerminatedSessionIsReplacedInPlace() throws Exception {
    write(ProcessedEvents.many(100));
    writer.flush(false);
    database.execute(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            + " WHERE application_name = 'write'");

    write(ProcessedEvents.many(200));
    writer.flush(false);

    assertThat(database.processed())
        .usingRecursiveFieldByFieldElementComparator()
        .isEqualTo(ProcessedEvents.many(200));
    assertCounts(200, 100, 0);
  }

  @Test
  void aLostAcknowledgementDoublesNothing() throws Exception {
    try (FaultyNetwork network = new FaultyNetwork(database.port())) {
      PostgresWriter behind = writer(database.connections(through(network, "")));
      write(behind, ProcessedEvents.many(1_000));
      network.loseNextAcknowledgement();

      behind.flush(false);

      assertThat(database.processed())
          .usingRecursiveFieldByFieldElementComparator()
          .isEqualTo(ProcessedEvents.many(1_000));
      assertCounts(0, 1_000, 0);
      behind.close();
    }
  }

  @Test
  void aBlackHoleEndsInATimeOut() throws Exception {
    try (FaultyNetwork network = new FaultyNetwork(database.port())) {
      PostgresWriter behind =
          writer(database.connections(through(network, "?socketTimeout=1&loginTimeout=1")));
      write(behind, ProcessedEvents.many(10));
      network.swallowAnswers();

      assertThatThrownBy(() -> behind.flush(false))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(
              "Postgres cannot be written to as user 'traffic' at 127.0.0.1:%d/"
                  .formatted(network.port()));
    }
  }

  @Test
  void aLockThatIsReleasedOnlyDelays() throws Exception {
    ExecutorService task = Executors.newSingleThreadExecutor();
    try (Connection other = database.connect();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE processed_events IN ACCESS EXCLUSIVE MODE");
      write(ProcessedEvents.many(10));
      Future<?> flushed =
          task.submit(
              () -> {
                writer.flush(false);
                return null;
              });
      int first = await().until(this::waitingSession, pid -> pid != 0);
      // The first attempt has run into its lock_timeout once another session waits.
      await()
          .atMost(Duration.ofSeconds(20))
          .until(this::waitingSession, pid -> pid != 0 && pid != first);
      other.rollback();
      flushed.get();
    } finally {
      task.shutdown();
    }

    assertThat(database.count("processed_events")).isEqualTo(10);
    assertCounts(10, 0, 0);
  }

  @Test
  void aLockThatIsKeptIsLeftToTheRestartStrategy() throws Exception {
    try (Connection other = database.connect();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE processed_events IN ACCESS EXCLUSIVE MODE");
      write(ProcessedEvents.many(10));

      assertThatThrownBy(() -> writer.flush(false))
          .isInstanceOf(IOException.class)
          .hasMessage(
              "Postgres cannot be written to as user 'traffic' at 127.0.0.1:%d/%s: canceling"
                      .formatted(database.port(), name())
                  + " statement due to lock timeout (55P03). Nothing is lost: the job goes on from"
                  + " its last checkpoint once Postgres can be written to");
    }
  }

  @Test
  void aWrongPasswordIsOneClearLineWithoutThePassword() {
    PostgresConnectionProvider connections =
        new PostgresConnectionProvider(
            database.url(),
            "traffic",
            "write",
            variable -> variable.equals("POSTGRES_PASSWORD") ? "canary-93ab" : null);

    assertThatThrownBy(() -> writer(connections))
        .isInstanceOf(SuppressRestartsException.class)
        .satisfies(
            thrown ->
                assertThat(ExceptionUtils.stringifyException(thrown)).doesNotContain("canary-93ab"))
        .cause()
        .hasMessage(
            "Postgres at %s cannot be connected to as user 'traffic': password authentication failed"
                    .formatted(database.url())
                + " for user \"traffic\"; check POSTGRES_USER and POSTGRES_PASSWORD, for the job in"
                + " the environment of the JobManager and of every TaskManager");
  }

  @Test
  void noPasswordAtAllIsOneClearLine() {
    PostgresConnectionProvider connections =
        new PostgresConnectionProvider(database.url(), "traffic", "write", variable -> null);

    assertThatThrownBy(() -> writer(connections))
        .isInstanceOf(SuppressRestartsException.class)
        .cause()
        .hasMessageStartingWith("Postgres at " + database.url() + " cannot be connected to as user")
        .hasMessageEndingWith(
            "; set POSTGRES_PASSWORD, for the job in the environment of the JobManager and of every"
                + " TaskManager");
  }

  @Test
  void aMissingTableIsOneClearLineAtTheStart() throws Exception {
    database.execute("DROP TABLE processed_events");

    assertThatThrownBy(() -> writer(database.connections()))
        .isInstanceOf(IOException.class)
        .hasMessage(
            """
            Postgres, user 'traffic' at 127.0.0.1:%d/%s, has no table 'processed_events'; run: \
            trafficctl schema apply
            Until then nothing is rejected and nothing is lost, and the job goes on by itself"""
                .formatted(database.port(), name()));
  }

  @Test
  void everyTransactionHasItsTimeOutsAndLeavesNoneBehind() throws Exception {
    Connection connection = database.connections().getOrEstablishConnection();

    assertThat(Transaction.commit(connection, PostgresWriterIT::timeOuts))
        .isEqualTo("20s 5s 20s write");
    assertThat(Transaction.rollBack(connection, PostgresWriterIT::timeOuts))
        .isEqualTo("20s 5s 20s write");
    try (Statement statement = connection.createStatement()) {
      assertThat(timeOuts(statement)).isEqualTo("0 0 0 write");
    }
  }

  private static String timeOuts(Statement statement) throws SQLException {
    try (ResultSet row =
        statement.executeQuery(
            """
            SELECT concat_ws(' ', current_setting('statement_timeout'),
                current_setting('lock_timeout'),
                current_setting('idle_in_transaction_session_timeout'),
                current_setting('application_name'))""")) {
      row.next();
      return row.getString(1);
    }
  }

  @Test
  void aSinkThatHasConnectedStillTravelsWithoutThePassword() throws Exception {
    PostgresConnectionProvider connections = database.connections();
    connections.getOrEstablishConnection();

    Serializable sink = new PostgresSink(connections, LIMITS, TableNames.DEFAULT);
    String serialized =
        new String(InstantiationUtil.serializeObject(sink), StandardCharsets.ISO_8859_1);

    assertThat(serialized).doesNotContain(TestDatabase.environment("POSTGRES_PASSWORD"));
    connections.close();
  }

  @Test
  void rejectedEventsAreWrittenOnce() throws Exception {
    RejectedEvent tombstone = new RejectedEvent((short) 1, 2, 3, -1, "NULL_VALUE", null, null, 0);
    RejectedEvent broken =
        new RejectedEvent(
            (short) 1, 2, 4, 1_706_745_599_500L, "BROKEN", "a\0b", new byte[] {0, -1, 1}, 3);
    RejectedEvent endless =
        new RejectedEvent((short) 1, 2, 5, Long.MAX_VALUE, "BROKEN", "", new byte[0], 0);
    for (int round = 0; round < 2; round++) {
      OneInputStreamOperatorTestHarness<RejectedEvent, CommittableMessage<Void>> operator =
          operatorOf(
              RejectSink.create(database.connections(), TableNames.DEFAULT.rejected()),
              RejectedEvent.class);
      operator.processElement(tombstone, 0);
      operator.processElement(broken, 0);
      operator.processElement(endless, 0);
      operator.prepareSnapshotPreBarrier(1);
      assertThat(database.count("rejected_events")).isEqualTo(3);
      operator.close();
    }

    assertThat(database.rejected())
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactly(
            tombstone,
            new RejectedEvent(
                (short) 1, 2, 4, 1_706_745_599_500L, "BROKEN", "a\uFFFDb", broken.payload(), 3),
            new RejectedEvent((short) 1, 2, 5, -1, "BROKEN", "", new byte[0], 0));
  }

  @Test
  void rejectedEventsThatATriggerTakesAwayFailTheCheckpoint() throws Exception {
    database.execute(
        """
        CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN IF NEW.kafka_offset <> 2 THEN RETURN NULL; END IF; RETURN NEW; END $$;
        CREATE TRIGGER look BEFORE INSERT ON rejected_events
        FOR EACH ROW EXECUTE FUNCTION look()""");
    OneInputStreamOperatorTestHarness<RejectedEvent, CommittableMessage<Void>> operator =
        operatorOf(
            RejectSink.create(database.connections(), TableNames.DEFAULT.rejected()),
            RejectedEvent.class);
    for (int offset = 1; offset <= 3; offset++) {
      operator.processElement(refused(offset, "detail", "payload"), 0);
    }

    assertThatThrownBy(() -> operator.prepareSnapshotPreBarrier(1))
        .hasMessage(
            "Postgres takes no row for rejected_events from user 'traffic' at 127.0.0.1:%d/%s: a trigger on rejected_events took 2 of 3 rows away (02000). Mend or drop the trigger; until then nothing is rejected and nothing is lost, and the job goes on by itself"
                .formatted(database.port(), name()));
    operator.close();

    assertThat(database.rejected()).extracting(RejectedEvent::offset).containsExactly(2L);
  }

  @Test
  void rejectedEventsThatCannotBeWrittenFailTheCheckpointButNotTheClosing() throws Exception {
    PostgresConnectionProvider connections;
    OneInputStreamOperatorTestHarness<RejectedEvent, CommittableMessage<Void>> operator;
    try (FaultyNetwork network = new FaultyNetwork(database.port())) {
      connections = database.connections(through(network, ""));
      operator =
          operatorOf(
              RejectSink.create(connections, TableNames.DEFAULT.rejected()), RejectedEvent.class);
    }
    operator.processElement(refused(1, "detail", "payload"), 0);

    assertThatThrownBy(() -> operator.prepareSnapshotPreBarrier(1))
        .hasStackTraceContaining("cannot be connected to as user 'traffic'");
    assertThatCode(operator::close).doesNotThrowAnyException();
    assertThat(connections.getConnection()).isNull();
  }

  /** Names that are not what they seem to be, wherever SQL is made of them. */
  @ValueSource(
      strings = {
        "Processed_Events",
        "Say \"hi\", it's %s ?{d '1'}; \\ $1 :x --",
        "Обработанные события",
        "processed_events_merge",
        "жжжжжжжжжжжжжжжжжжжжжжжжжжж",
        "rejected_events of 2026"
      })
  @ParameterizedTest
  void aTableOfAnotherNameIsWrittenBesideTheDefaultOne(String name) throws Exception {
    TableNames names = TableNames.parse(name);
    Migrations.apply(database.connection(), names, null);
    Migrations.apply(database.connection(), names, null);
    String events = TableNames.quoted(names.events());
    String rejected = TableNames.quoted(names.rejected());
    database.execute("ALTER TABLE " + events + " ADD CHECK (url <> '/forbidden')");
    database.execute(
        """
        CREATE FUNCTION pass() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
        CREATE TRIGGER pass BEFORE INSERT ON %s FOR EACH ROW EXECUTE FUNCTION pass()"""
            .formatted(events));
    metrics = new MetricListener();
    try (PostgresWriter other = writer(database.connections(), names)) {
      write(other, ProcessedEvents.many(10));
      other.flush(false);
      write(other, ProcessedEvents.many(20));
      write(other, List.of(ProcessedEvents.at(20, "/forbidden")));
      other.flush(false);
    }
    assertCounts(20, 10, 1);
    assertThat(database.count(events)).isEqualTo(20);
    assertThat(database.count(rejected)).isEqualTo(1);

    OneInputStreamOperatorTestHarness<RejectedEvent, CommittableMessage<Void>> operator =
        operatorOf(
            RejectSink.create(database.connections(), names.rejected()), RejectedEvent.class);
    operator.processElement(refused(21, "detail", "payload"), 0);
    operator.prepareSnapshotPreBarrier(1);
    operator.close();
    assertThat(database.count(rejected)).isEqualTo(2);

    assertThat(database.count("processed_events")).isZero();
    assertThat(database.count("rejected_events")).isZero();
  }

  @Test
  void theSchemaCanBeAppliedTwice() throws Exception {
    write(ProcessedEvents.many(1));
    writer.flush(false);

    Migrations.apply(database.connection(), TableNames.DEFAULT, null);

    assertThat(database.count("processed_events")).isEqualTo(1);
  }

  /** The process id of the writer's session if it waits for a lock, or 0. */
  private int waitingSession() throws SQLException {
    try (Statement statement = database.connection().createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT coalesce(max(pid), 0) FROM pg_stat_activity"
                    + " WHERE datname = current_database()"
                    + " AND application_name = 'write' AND wait_event_type = 'Lock'")) {
      result.next();
      return result.getInt(1);
    }
  }

  private String name() {
    return database.url().replaceFirst(".*/", "");
  }

  private String through(FaultyNetwork network, String parameters) {
    return database.url().replace(":" + database.port() + "/", ":" + network.port() + "/")
        + parameters;
  }

  /** A writer whose metrics are looked at from now on. */
  private PostgresWriter writer(PostgresConnectionProvider connections) throws IOException {
    metrics = new MetricListener();
    return writer(connections, TableNames.DEFAULT);
  }

  private PostgresWriter writer(PostgresConnectionProvider connections, TableNames names)
      throws IOException {
    PostgresWriter opened =
        new PostgresWriter(connections, LIMITS, names, time, metrics.getMetricGroup());
    opened.open();
    return opened;
  }

  /** The operator in which Flink runs a sink's writer. */
  private static <T> OneInputStreamOperatorTestHarness<T, CommittableMessage<Void>> operatorOf(
      Sink<T> sink, Class<T> type) throws Exception {
    OneInputStreamOperatorTestHarness<T, CommittableMessage<Void>> operator =
        new OneInputStreamOperatorTestHarness<>(
            new SinkWriterOperatorFactory<>(sink),
            TypeInformation.of(type).createSerializer(new SerializerConfigImpl()));
    operator.open();
    return operator;
  }

  private void write(List<ProcessedEvent> events) throws IOException {
    write(writer, events);
  }

  private static void write(PostgresWriter writer, List<ProcessedEvent> events) throws IOException {
    for (ProcessedEvent event : events) {
      writer.write(event, null);
    }
  }

  private static RejectedEvent refused(long offset, String detail, String payload) {
    byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
    return new RejectedEvent(
        ProcessedEvents.SOURCE,
        ProcessedEvents.PARTITION,
        offset,
        ProcessedEvents.KAFKA_TIMESTAMP,
        "refused_by_postgres",
        detail,
        bytes,
        bytes.length);
  }

  private void assertCounts(long written, long repeated, long refused) {
    assertThat(counter("written")).as("written").isEqualTo(written);
    assertThat(counter("repeated")).as("repeated").isEqualTo(repeated);
    assertThat(counter("refused")).as("refused").isEqualTo(refused);
  }

  private long counter(String name) {
    return metrics.getCounter(name).orElseThrow().getCount();
  }
}
