package dev.trafficctl.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.apache.flink.metrics.testutils.MetricListener;
import org.apache.flink.streaming.runtime.tasks.TestProcessingTimeService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose fault it is when Postgres refuses rows: a row's, or the table's. */
class TableFaultIT {
  private static final BatchLimits LIMITS = new BatchLimits(5_000, 4 << 20, Duration.ofMillis(200));

  private TestDatabase database;
  private PostgresWriter writer;

  @BeforeEach
  void open() throws Exception {
    database = TestDatabase.create();
    reopen();
  }

  @AfterEach
  void close() throws SQLException {
    writer.close();
    database.close();
  }

  private void reopen() throws IOException {
    if (writer != null) {
      writer.close();
    }
    writer =
        new PostgresWriter(
            database.connections(),
            LIMITS,
            new TestProcessingTimeService(),
            new MetricListener().getMetricGroup());
    writer.open();
  }

  private void write(ProcessedEvent... events) throws IOException {
    for (ProcessedEvent event : events) {
      writer.write(event, null);
    }
    writer.flush(false);
  }

  private void write(int from, int to) throws IOException {
    for (int offset = from; offset < to; offset++) {
      writer.write(ProcessedEvents.at(offset), null);
    }
    writer.flush(false);
  }

  private void trigger(String when, String body) throws SQLException {
    database.execute(
        """
        CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN %s END $$;
        CREATE TRIGGER look %s ON processed_events FOR EACH ROW EXECUTE FUNCTION look()"""
            .formatted(body, when));
  }

  /** That the batch waits as it is, and what the line says of it. */
  private void waits(String words) throws SQLException {
    long before = database.count("processed_events");
    assertThatThrownBy(() -> write(1_000, 1_500))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Postgres takes no row for processed_events from user 'traffic' at 127.0.0.1:%d/%s: %s;"
                    .formatted(database.port(), database.url().replaceFirst(".*/", ""), words)
                + " until then nothing is rejected and nothing is lost, and the job goes on by"
                + " itself");
    assertThat(database.count("processed_events")).isEqualTo(before);
    assertThat(database.count("rejected_events")).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"P0001", "45000", "23514", "42501", "XX000"})
  void aRowForWhichATriggerRaisesIsRejectedEvenWhenItIsAloneInItsBatch(String state)
      throws Exception {
    trigger(
        "BEFORE INSERT",
        "IF NEW.url = '/bad' THEN RAISE 'no' USING ERRCODE = '%s'; END IF; RETURN NEW;"
            .formatted(state));

    write(ProcessedEvents.at(0, "/bad"));
    write(ProcessedEvents.at(1), ProcessedEvents.at(2, "/bad"), ProcessedEvents.at(3));
    write(ProcessedEvents.at(4, "/bad"));

    assertThat(database.count("processed_events")).isEqualTo(2);
    assertThat(database.rejected())
        .extracting(RejectedEvent::offset, RejectedEvent::detail)
        .containsExactly(
            tuple(0L, state + ": no"), tuple(2L, state + ": no"), tuple(4L, state + ": no"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"BEFORE INSERT", "AFTER INSERT"})
  void aTriggerThatRaisesForEveryRowIsTheTablesFault(String when) throws Exception {
    write(0, 10);
    trigger(when, "RAISE 'closed' USING ERRCODE = 'ABC01';");
    waits("closed (ABC01). Mend the table");

    database.execute("DROP TRIGGER look ON processed_events");
    reopen();
    write(0, 20);
    assertThat(database.count("processed_events")).isEqualTo(20);
  }

  @Test
  void aDeferredTriggerThatRaisesForEveryRowIsTheTablesFault() throws Exception {
    database.execute(
        """
        CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'closed'; END $$;
        CREATE CONSTRAINT TRIGGER look AFTER INSERT ON processed_events DEFERRABLE
        INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION look()""");
    waits("closed (P0001). Mend the table");
  }

  @Test
  void aRowForWhoseOffsetATriggerRaisesIsRejected() throws Exception {
    trigger("BEFORE INSERT", "IF NEW.kafka_offset = 3 THEN RAISE 'no'; END IF; RETURN NEW;");
    write(0, 3);
    write(ProcessedEvents.at(3));

    assertThat(database.rejected()).extracting(RejectedEvent::offset).containsExactly(3L);
  }

  @Test
  void aNewColumnThatMayNotBeNullIsTheTablesFault() throws Exception {
    database.execute("ALTER TABLE processed_events ADD tenant int NOT NULL");
    waits(
        "null value in column \"tenant\" of relation \"processed_events\" violates not-null"
            + " constraint (23502). Give the column a default, or drop its NOT NULL");

    assertThatThrownBy(this::reopen)
        .hasMessageContaining(
            "column 'tenant' of table 'processed_events' is NOT NULL and has no default, and the"
                + " job does not write it; give it a default, or drop NOT NULL");
  }

  @Test
  void aMissingPartitionIsTheTablesFaultThoughOthersTakeTheirRows() throws Exception {
    partitionedBy("LIST (kafka_partition)");
    database.execute("CREATE TABLE other PARTITION OF processed_events FOR VALUES IN (0, 1, 2)");
    reopen();
    ProcessedEvent good = ProcessedEvents.at(0);
    write(new ProcessedEvent(good.source(), 0, 0, good.kafkaTimestamp(), false, good.event()));

    waits(
        "no partition of relation \"processed_events\" found for row (23514). Add the partition"
            + " that is missing");
    assertThat(database.count("processed_events")).isEqualTo(1);
  }

  @Test
  void aBadRowOfAPartitionedTableIsRejectedAlone() throws Exception {
    partitionedBy("RANGE (kafka_offset)");
    database.execute(
        "CREATE TABLE first PARTITION OF processed_events FOR VALUES FROM (0) TO (1000)");
    reopen();
    write(0, 10);
    write(ProcessedEvents.at(10, "/a\0b"));

    assertThat(database.rejected()).extracting(RejectedEvent::offset).containsExactly(10L);
  }

  private void partitionedBy(String key) throws SQLException {
    database.execute(
        """
        ALTER TABLE processed_events RENAME TO model;
        CREATE TABLE processed_events (LIKE model,
          PRIMARY KEY (source, kafka_partition, kafka_offset)) PARTITION BY %s"""
            .formatted(key));
  }

  @Test
  void aValueThatIsThereAlreadyInAnotherUniqueIndexIsTheRowsFaultAlone() throws Exception {
    database.execute("CREATE UNIQUE INDEX one_url ON processed_events (url)");
    write(ProcessedEvents.at(0, "/same"));
    write(ProcessedEvents.at(1, "/same"));

    assertThat(database.rejected()).extracting(RejectedEvent::offset).containsExactly(1L);
  }

  @Test
  void rowsThatATriggerTakesAwayAreNotTakenForWritten() throws Exception {
    write(0, 10);
    trigger("BEFORE INSERT", "RETURN NULL;");
    waits("a trigger on processed_events took 1 of 1 rows away (02000). Mend or drop the trigger");
  }

  @Test
  void aRowThatATriggerTakesAwayAloneIsRejectedAmongRepeatsToo() throws Exception {
    trigger("BEFORE INSERT", "IF NEW.url = '/bad' THEN RETURN NULL; END IF; RETURN NEW;");
    write(0, 10);
    for (int round = 0; round < 2; round++) {
      write(ProcessedEvents.at(9), ProcessedEvents.at(10, "/bad"), ProcessedEvents.at(11));
    }

    assertThat(database.count("processed_events")).isEqualTo(11);
    assertThat(database.rejected())
        .extracting(RejectedEvent::offset, RejectedEvent::detail)
        .containsExactly(tuple(10L, "02000: a trigger on processed_events took 1 of 1 rows away"));
  }

  @Test
  void hundredsOfBadRowsAreRejectedAndTheOthersWritten() throws Exception {
    database.execute("ALTER TABLE processed_events ADD CHECK (url <> '/bad')");
    for (int offset = 0; offset < 1_000; offset++) {
      writer.write(
          offset < 300 ? ProcessedEvents.at(offset, "/bad") : ProcessedEvents.at(offset), null);
    }
    writer.flush(false);

    assertThat(database.count("processed_events")).isEqualTo(700);
    assertThat(database.count("rejected_events")).isEqualTo(300);
  }

  @Test
  void aTableThatFillsAColumnOfItsOwnTakesRepeatsToo() throws Exception {
    database.execute("ALTER TABLE processed_events ADD stored timestamptz NOT NULL DEFAULT now()");
    write(0, 10);
    write(0, 20);

    assertThat(database.count("processed_events WHERE stored IS NOT NULL")).isEqualTo(20);
  }

  @Test
  void aTableThatTakesNoRejectedEventIsAtFaultItself() throws Exception {
    database.execute("ALTER TABLE rejected_events ADD CHECK (reason <> 'refused_by_postgres')");

    assertThatThrownBy(() -> write(ProcessedEvents.at(0), ProcessedEvents.at(1, "/a\0b")))
        .hasMessageStartingWith("Postgres takes no row for rejected_events from user 'traffic'")
        .hasMessageContaining(
            "(23514). Mend or drop the constraint; until then nothing is rejected");
  }

  @Test
  void whateverStateATriggerChoosesForARowItIsTheRowsFaultAlone() throws Exception {
    trigger(
        "BEFORE INSERT",
        "IF NEW.url LIKE '/bad%' THEN RAISE 'no' USING ERRCODE = right(NEW.url, 5); END IF;"
            + " RETURN NEW;");
    List<String> states = List.of("08006", "40001", "53400", "57014", "58000", "F0000");
    for (int offset = 0; offset < states.size(); offset++) {
      write(ProcessedEvents.at(offset, "/bad/" + states.get(offset)));
    }

    assertThat(database.rejected())
        .extracting(RejectedEvent::detail)
        .isEqualTo(states.stream().map(state -> state + ": no").toList());
  }

  @Test
  void aRowForWhichATriggerNamesATableIsNoMissingPartition() throws Exception {
    trigger(
        "BEFORE INSERT",
        "IF NEW.url = '/bad' THEN RAISE 'no' USING ERRCODE = '23514', TABLE = 'audit'; END IF;"
            + " RETURN NEW;");
    write(ProcessedEvents.at(0), ProcessedEvents.at(1, "/bad"));

    assertThat(database.rejected()).extracting(RejectedEvent::offset).containsExactly(1L);
  }

  /** What a row that takes longer than statement_timeout meets, without the time. */
  @Test
  void aRowForWhichPostgresTakesTooLongIsRejectedAlone() throws Exception {
    trigger(
        "BEFORE INSERT",
        "IF NEW.url = '/slow' THEN PERFORM pg_cancel_backend(pg_backend_pid()), pg_sleep(9);"
            + " END IF; RETURN NEW;");
    write(ProcessedEvents.at(0), ProcessedEvents.at(1, "/slow"), ProcessedEvents.at(2));
    write(ProcessedEvents.at(3, "/slow"));

    assertThat(database.count("processed_events")).isEqualTo(2);
    assertThat(database.rejected())
        .extracting(RejectedEvent::offset, RejectedEvent::detail)
        .containsExactly(
            tuple(1L, "57014: canceling statement due to user request"),
            tuple(3L, "57014: canceling statement due to user request"));
  }

  @Test
  void rowsForAllOfWhichPostgresTakesTooLongWait() throws Exception {
    trigger(
        "BEFORE INSERT", "PERFORM pg_cancel_backend(pg_backend_pid()), pg_sleep(9); RETURN NEW;");

    assertThatThrownBy(() -> write(0, 500))
        .hasMessageStartingWith("Postgres cannot be written to as user 'traffic'")
        .hasMessageContaining("canceling statement due to user request (57014). Nothing is lost");
    assertThat(database.count("rejected_events")).isZero();
  }

  @Test
  void aRowThatAnExclusionConstraintRefusesIsRejectedAlone() throws Exception {
    database.execute("ALTER TABLE processed_events ADD EXCLUDE USING btree (url WITH =)");
    write(ProcessedEvents.at(0, "/same"));
    write(ProcessedEvents.at(1, "/same"));

    assertThat(database.rejected()).extracting(RejectedEvent::offset).containsExactly(1L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kafka_partition TYPE bigint | insufficient data left in message (08P01). Nothing is lost",
        "kafka_offset TYPE int | incorrect binary data format (22P03). Mend the table",
        "ip TYPE text | invalid byte sequence for encoding \"UTF8\": 0x00 (22021). Mend the table",
        "geodata TYPE json | invalid input syntax for type json (22P02). Mend the table",
        "late TYPE text | invalid byte sequence for encoding \"UTF8\": 0x00 (22021). Mend the table"
      })
  void aColumnOfAnotherTypeIsTheTablesFault(String change, String words) throws Exception {
    write(0, 10);
    database.execute("ALTER TABLE processed_events ALTER " + change);

    assertThatThrownBy(() -> write(ProcessedEvents.at(10))).hasMessageContaining(words);
    assertThat(database.count("rejected_events")).isZero();
    assertThatThrownBy(this::reopen).hasMessageContaining("of table 'processed_events' is of type");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE processed_events RENAME TO away",
        "ALTER TABLE processed_events RENAME late TO later",
        "ALTER TABLE processed_events DROP COLUMN late"
      })
  void whatIsMissingIsTheTablesFault(String change) throws Exception {
    write(0, 10);
    database.execute(change);

    assertThatThrownBy(() -> write(ProcessedEvents.at(10)))
        .hasMessageStartingWith("Postgres takes no row for processed_events from user 'traffic'");
    assertThat(database.count("rejected_events")).isZero();
    assertThatThrownBy(this::reopen).hasMessageContaining("schema.sql");
  }

  @Test
  void rowsThatAreThereAlreadyDoNotProveThatTheTableTakesOthers() throws Exception {
    write(0, 10);
    trigger("AFTER INSERT", "RAISE 'closed';");

    assertThatThrownBy(() -> write(0, 20)).hasMessageContaining(": closed (P0001). Mend the table");
    assertThat(database.count("rejected_events")).isZero();
  }

  @Test
  void aTableThatTakesOnlyWhatItHasIsAtFaultItself() throws Exception {
    write(0, 10);
    database.execute("ALTER TABLE processed_events ADD CONSTRAINT old CHECK (kafka_offset < 10)");
    waits(
        "new row for relation \"processed_events\" violates check constraint \"old\" (23514)."
            + " Mend or drop the constraint");

    // Among what is there, as after a restart.
    assertThatThrownBy(() -> write(0, 500)).hasMessageContaining("(23514). Mend or drop");
    assertThat(database.count("rejected_events")).isZero();
  }

  @Test
  void whatWasRejectedOnceIsNoFaultOfTheTableWhenItIsReadAgain() throws Exception {
    database.execute("ALTER TABLE processed_events ADD CHECK (kafka_offset % 3 = 0)");
    for (int round = 0; round < 2; round++) {
      write(0, 600);
      assertThat(database.count("processed_events")).isEqualTo(200);
      assertThat(database.count("rejected_events")).isEqualTo(400);
    }
  }

  @Test
  void aRowIsRejectedThoughTheTableHoldsOnlyOthersThatItWouldRefuseToo() throws Exception {
    write(0, 10);
    database.execute("ALTER TABLE processed_events ADD CHECK (url = '/good') NOT VALID");
    write(ProcessedEvents.at(10), ProcessedEvents.at(11), ProcessedEvents.at(12, "/good"));

    assertThat(database.count("processed_events")).isEqualTo(11);
    assertThat(database.rejected()).extracting(RejectedEvent::offset).containsExactly(10L, 11L);
  }

  @Test
  void aRowIsStoredAsATriggerHasChangedIt() throws Exception {
    trigger("BEFORE INSERT", "NEW.url = '/changed'; RETURN NEW;");
    for (int round = 0; round < 2; round++) {
      write(0, 10);
    }

    assertThat(database.count("processed_events WHERE url = '/changed'")).isEqualTo(10);
    assertThat(database.count("rejected_events")).isZero();
  }
}
