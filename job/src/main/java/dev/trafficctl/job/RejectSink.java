package dev.trafficctl.job;

import dev.trafficctl.model.RejectedEvent;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.SupportsWriterState;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.jdbc.JdbcExecutionOptions;
import org.apache.flink.connector.jdbc.core.datastream.sink.JdbcSink;
import org.apache.flink.connector.jdbc.core.datastream.sink.committer.JdbcCommitable;
import org.apache.flink.connector.jdbc.core.datastream.sink.writer.JdbcWriterState;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * The stage <em>reject</em>: what could not be stored as an event, to the table of rejected events.
 *
 * <p>All but the closing of a writer is the connector's; why that is not, {@link RejectWriter}
 * tells.
 */
public final class RejectSink
    implements Sink<RejectedEvent>,
        SupportsWriterState<RejectedEvent, JdbcWriterState>,
        SupportsCommitter<JdbcCommitable> {
  private static final long serialVersionUID = 1L;

  /** A payload may be 1 MiB, so a batch of these takes up to 50 MiB of the TaskManager's heap. */
  private static final int BATCH_ROWS = 50;

  private static final Duration BATCH_AGE = Duration.ofSeconds(1);

  /** Bridges the loss of a connection; an outage rests on the job's restart strategy. */
  private static final int RETRIES = 2;

  private final JdbcSink<RejectedEvent> sink;
  private final PostgresConnectionProvider connections;
  private final String table;

  private RejectSink(
      JdbcSink<RejectedEvent> sink, PostgresConnectionProvider connections, String table) {
    this.sink = sink;
    this.connections = connections;
    this.table = table;
  }

  /**
   * A sink that has written every row before the checkpoint that covers it completes.
   *
   * @param table the name of the table
   */
  public static RejectSink create(PostgresConnectionProvider connections, String table) {
    return new RejectSink(
        JdbcSink.<RejectedEvent>builder()
            .withQueryStatement(new RejectedTable(table).insertStatement(), RejectSink::bindInTime)
            .withExecutionOptions(
                JdbcExecutionOptions.builder()
                    .withBatchSize(BATCH_ROWS)
                    .withBatchIntervalMs(BATCH_AGE.toMillis())
                    .withMaxRetries(RETRIES)
                    .build())
            .buildAtLeastOnce(connections),
        connections,
        table);
  }

  @Override
  public SinkWriter<RejectedEvent> createWriter(WriterInitContext context) throws IOException {
    return new RejectWriter<>(sink.createWriter(context), connections, new RejectedTable(table));
  }

  @Override
  public StatefulSinkWriter<RejectedEvent, JdbcWriterState> restoreWriter(
      WriterInitContext context, Collection<JdbcWriterState> state) throws IOException {
    return new RejectWriter<>(
        sink.restoreWriter(context, state), connections, new RejectedTable(table));
  }

  @Override
  public SimpleVersionedSerializer<JdbcWriterState> getWriterStateSerializer() {
    return sink.getWriterStateSerializer();
  }

  @Override
  public Committer<JdbcCommitable> createCommitter(CommitterInitContext context)
      throws IOException {
    return sink.createCommitter(context);
  }

  @Override
  public SimpleVersionedSerializer<JdbcCommitable> getCommittableSerializer() {
    return sink.getCommittableSerializer();
  }

  /** The connector runs its statements alone, so their time-out is the driver's. */
  private static void bindInTime(PreparedStatement statement, RejectedEvent event)
      throws SQLException {
    statement.setQueryTimeout((int) Transaction.STATEMENT_TIMEOUT.toSeconds());
    RejectedTable.bind(statement, event);
  }
}
