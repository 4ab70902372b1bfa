package dev.trafficctl.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trafficctl.model.ProcessedEvent;
import dev.trafficctl.model.TableNames;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import org.apache.flink.metrics.testutils.MetricListener;
import org.apache.flink.streaming.runtime.tasks.TestProcessingTimeService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A writer for tables with which a test does what it likes. */
abstract class WriterOfOddTables {
  private static final BatchLimits LIMITS = new BatchLimits(5_000, 4 << 20, Duration.ofMillis(200));

  protected TestDatabase database;
  protected PostgresWriter writer;

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

  protected final void reopen() throws IOException {
    if (writer != null) {
      writer.close();
    }
    writer =
        new PostgresWriter(
            database.connections(),
            LIMITS,
            TableNames.DEFAULT,
            new TestProcessingTimeService(),
            new MetricListener().getMetricGroup());
    writer.open();
  }

  protected final void write(ProcessedEvent... events) throws IOException {
    for (ProcessedEvent event : events) {
      writer.write(event, null);
    }
    writer.flush(false);
  }

  protected final void write(int from, int to) throws IOException {
    for (int offset = from; offset < to; offset++) {
      writer.write(ProcessedEvents.at(offset), null);
    }
    writer.flush(false);
  }

  protected final void trigger(String when, String body) throws SQLException {
    database.execute(
        """
        CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN %s END $$;
        CREATE TRIGGER look %s ON processed_events FOR EACH ROW EXECUTE FUNCTION look()"""
            .formatted(body, when));
  }

  /** That the batch waits as it is, and what the line says of it. */
  protected final void waits(String words) throws SQLException {
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

  protected final void partitionedBy(String key) throws SQLException {
    database.execute(
        """
        ALTER TABLE processed_events RENAME TO model;
        CREATE TABLE processed_events (LIKE model,
          PRIMARY KEY (source, kafka_partition, kafka_offset)) PARTITION BY %s"""
            .formatted(key));
  }
}
