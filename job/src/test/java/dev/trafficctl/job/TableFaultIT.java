package dev.trafficctl.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trafficctl.model.ProcessedEvent;
import dev.trafficctl.model.RejectedEvent;
import dev.trafficctl.model.TableNames;
import dev.trafficctl.schema.Migrations;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.apache.flink.metrics.testutils.MetricListener;
import org.apache.flink.streaming.runtime.tasks.TestProcessingTimeService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is the fault of a table, so that no row is rejected for it. */
class TableFaultIT extends WriterOfOddTables {
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
  void rowsThatATriggerTakesAwayAreNotTakenForWritten() throws Exception {
    write(0, 10);
    trigger("BEFORE INSERT", "RETURN NULL;");
    waits("a trigger on processed_events took 1 of 1 rows away (02000). Mend or drop the trigger");
  }

  @Test
  void aTableThatFillsAColumnOfItsOwnTakesRepeatsToo() throws Exception {
    database.execute("ALTER TABLE processed_events ADD stored timestamptz NOT NULL DEFAULT now()");
    write(0, 10);
    write(0, 20);

    assertThat(database.count("processed_events WHERE stored IS NOT NULL")).isEqualTo(20);
  }

  @ParameterizedTest
  @ValueSource(strings = {"processed_events", "rejected_events"})
  void rowLevelSecuritySaysWhatToDo(String table) throws Exception {
    String user = "user_" + UUID.randomUUID().toString().replace('-', '_');
    database.execute("CREATE ROLE " + user + " LOGIN PASSWORD 'x'");
    Migrations.apply(database.connection(), TableNames.DEFAULT, user);
    try {
      writer.close();
      writer =
          new PostgresWriter(
              new PostgresConnectionProvider(
                  database.url(), user, "test", Map.of("POSTGRES_PASSWORD", "x")::get),
              new BatchLimits(5_000, 4 << 20, Duration.ofMillis(200)),
              TableNames.DEFAULT,
              new TestProcessingTimeService(),
              new MetricListener().getMetricGroup());
      writer.open();
      database.execute("ALTER TABLE " + table + " ENABLE ROW LEVEL SECURITY");

      assertThatThrownBy(() -> write(ProcessedEvents.at(0), ProcessedEvents.at(1, "/a\0b")))
          .hasMessageStartingWith("Postgres takes no row for " + table + " from user '" + user)
          .hasMessageContaining(
              "). Row-level security of the table applies to this user; ALTER ROLE %s BYPASSRLS, or disable row-level security of the table; until then nothing is rejected"
                  .formatted(user));
    } finally {
      writer.close();
      database.execute("DROP OWNED BY " + user);
      database.execute("DROP ROLE " + user);
    }
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
  void aRefusedRowWhoseRejectionATriggerTakesAwayWaits() throws Exception {
    database.execute("ALTER TABLE processed_events ADD CHECK (url <> '/bad')");
    database.execute(
        """
        CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
        CREATE TRIGGER look BEFORE INSERT ON rejected_events
        FOR EACH ROW EXECUTE FUNCTION look()""");

    assertThatThrownBy(() -> write(ProcessedEvents.at(0), ProcessedEvents.at(1, "/bad")))
        .hasMessage(
            "Postgres takes no row for rejected_events from user 'traffic' at 127.0.0.1:%d/%s: a trigger on rejected_events took 1 of 1 rows away (02000). Mend or drop the trigger; until then nothing is rejected and nothing is lost, and the job goes on by itself"
                .formatted(database.port(), database.url().replaceFirst(".*/", "")));

    database.execute("DROP TRIGGER look ON rejected_events");
    reopen();
    for (int round = 0; round < 2; round++) {
      write(ProcessedEvents.at(0), ProcessedEvents.at(1, "/bad"));
      assertThat(database.rejected()).extracting(RejectedEvent::offset).containsExactly(1L);
    }
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
  @CsvSource(
      delimiter = '|',
      value = {
        "RENAME TO away | has no table 'processed_events'; run: trafficctl schema apply",
        "RENAME late TO later | ALTER TABLE public.processed_events ADD late boolean",
        "DROP COLUMN late | ALTER TABLE public.processed_events ADD late boolean"
      })
  void whatIsMissingIsTheTablesFault(String change, String remedy) throws Exception {
    write(0, 10);
    database.execute("ALTER TABLE processed_events " + change);

    assertThatThrownBy(() -> write(ProcessedEvents.at(10)))
        .hasMessageStartingWith("Postgres takes no row for processed_events from user 'traffic'");
    assertThat(database.count("rejected_events")).isZero();
    assertThatThrownBy(this::reopen).hasMessageContaining(remedy);
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
}
