package dev.trafficctl.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.model.PoolingProxy;
import dev.trafficctl.model.RejectedEvent;
import dev.trafficctl.model.TableCheck;
import dev.trafficctl.model.TableNames;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.testutils.MetricListener;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.runtime.operators.sink.SinkWriterOperatorFactory;
import org.apache.flink.streaming.runtime.tasks.TestProcessingTimeService;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** The job's connections behind a pooler in transaction mode, all of them in one session. */
class PoolerIT {
  private static final BatchLimits LIMITS = new BatchLimits(5_000, 4 << 20, Duration.ofMillis(200));
  private static final Uuid TOPIC_ID = new Uuid(1, 2);

  /** More than after how many executions the driver would name a statement. */
  private static final int ROUNDS = 8;

  @Test
  void writersShareASessionAndLeaveNothingInIt() throws Exception {
    try (TestDatabase database = TestDatabase.create();
        PoolingProxy pooler = new PoolingProxy(database.port(), 1)) {
      String url = database.url().replace(":" + database.port() + "/", ":" + pooler.port() + "/");
      PostgresConnectionProvider sources = database.connections(url);
      PostgresWriter one = writer(database.connections(url));
      PostgresWriter other = writer(database.connections(url));
      OneInputStreamOperatorTestHarness<RejectedEvent, CommittableMessage<Void>> reject =
          rejecting(database.connections(url));

      for (int round = 0; round < ROUNDS; round++) {
        short source =
            Sources.numberOf(sources.getOrEstablishConnection(), TOPIC_ID, "web-traffic");
        for (int row = 0; row < 3; row++) {
          // Each batch has a repeat, a bad row and a new one.
          one.write(ProcessedEvents.at(round * 2 + row), null);
          other.write(ProcessedEvents.at(1_000 + round * 2 + row), null);
          reject.processElement(
              new RejectedEvent(source, 0, round * 2 + row, -1, "NULL_VALUE", null, null, 0), 0);
        }
        one.write(ProcessedEvents.at(500 + round, "/a\0b"), null);
        one.flush(false);
        reject.prepareSnapshotPreBarrier(round);
        other.flush(false);
      }

      assertThat(database.count("sources")).isEqualTo(1);
      assertThat(database.count("processed_events")).isEqualTo(2 * (2 * ROUNDS + 1));
      assertThat(database.count("rejected_events")).isEqualTo(2 * ROUNDS + 1 + ROUNDS);
      assertThat(
              TableCheck.problems(sources.getOrEstablishConnection(), TableNames.DEFAULT, "here"))
          .isEmpty();
      assertThat(left(sources.getOrEstablishConnection()))
          .isEqualTo(List.of("0", "0", "0", "0", "0"));
      one.close();
      other.close();
      reject.close();
      sources.close();
    }
  }

  /** The settings of the session, and how many temporary tables and named statements it has. */
  private static List<String> left(Connection connection) throws Exception {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT current_setting('statement_timeout'), current_setting('lock_timeout'),
                  current_setting('idle_in_transaction_session_timeout'),
                  (SELECT count(*) FROM pg_class WHERE relnamespace = pg_my_temp_schema()),
                  (SELECT count(*) FROM pg_prepared_statements)""")) {
      row.next();
      return List.of(
          row.getString(1), row.getString(2), row.getString(3), row.getString(4), row.getString(5));
    }
  }

  private static PostgresWriter writer(PostgresConnectionProvider connections) throws Exception {
    PostgresWriter writer =
        new PostgresWriter(
            connections,
            LIMITS,
            TableNames.DEFAULT,
            new TestProcessingTimeService(),
            new MetricListener().getMetricGroup());
    writer.open();
    return writer;
  }

  private static OneInputStreamOperatorTestHarness<RejectedEvent, CommittableMessage<Void>>
      rejecting(PostgresConnectionProvider connections) throws Exception {
    OneInputStreamOperatorTestHarness<RejectedEvent, CommittableMessage<Void>> operator =
        new OneInputStreamOperatorTestHarness<>(
            new SinkWriterOperatorFactory<>(
                RejectSink.create(connections, TableNames.DEFAULT.rejected())),
            TypeInformation.of(RejectedEvent.class).createSerializer(new SerializerConfigImpl()));
    operator.open();
    return operator;
  }
}
