package dev.trafficctl.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.trafficctl.model.RejectedEvent;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is the fault of a row alone, so that it is rejected and the others are written. */
class RefusedRowIT extends WriterOfOddTables {
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

  @Test
  void aRowForWhoseOffsetATriggerRaisesIsRejected() throws Exception {
    trigger("BEFORE INSERT", "IF NEW.kafka_offset = 3 THEN RAISE 'no'; END IF; RETURN NEW;");
    write(0, 3);
    write(ProcessedEvents.at(3));

    assertThat(database.rejected()).extracting(RejectedEvent::offset).containsExactly(3L);
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

  @Test
  void aValueThatIsThereAlreadyInAnotherUniqueIndexIsTheRowsFaultAlone() throws Exception {
    database.execute("CREATE UNIQUE INDEX one_url ON processed_events (url)");
    write(ProcessedEvents.at(0, "/same"));
    write(ProcessedEvents.at(1, "/same"));

    assertThat(database.rejected()).extracting(RejectedEvent::offset).containsExactly(1L);
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
  void aRowThatAnExclusionConstraintRefusesIsRejectedAlone() throws Exception {
    database.execute("ALTER TABLE processed_events ADD EXCLUDE USING btree (url WITH =)");
    write(ProcessedEvents.at(0, "/same"));
    write(ProcessedEvents.at(1, "/same"));

    assertThat(database.rejected()).extracting(RejectedEvent::offset).containsExactly(1L);
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

  @Test
  void rowsThatATriggerOfAPartitionTakesAwayAmongRepeatsAreNotTakenForRepeats() throws Exception {
    partitionedBy("LIST (kafka_partition)");
    database.execute("CREATE TABLE rest PARTITION OF processed_events DEFAULT");
    reopen();
    write(0, 10);
    write(0, 10);
    database.execute(
        """
        CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN IF NEW.url = '/bad' THEN RETURN NULL; END IF; RETURN NEW; END $$;
        CREATE TRIGGER look BEFORE INSERT ON rest FOR EACH ROW EXECUTE FUNCTION look()""");
    write(ProcessedEvents.at(9), ProcessedEvents.at(10, "/bad"), ProcessedEvents.at(11));

    assertThat(database.count("processed_events")).isEqualTo(11);
    assertThat(database.rejected()).extracting(RejectedEvent::offset).containsExactly(10L);
  }
}
