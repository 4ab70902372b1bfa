package dev.trafficctl.job;

import dev.trafficctl.model.StoredValues;
import dev.trafficctl.model.Tables;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
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
 * The stage <em>reject</em>: what could not be stored as an event, to {@code rejected_events}.
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

  private static final int DETAIL_LENGTH = 1_000;

  /** Writes one rejected event; one that is there already stays as it is. */
  private static final String INSERT =
      "INSERT INTO %s (%s) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (%s) DO NOTHING"
          .formatted(
              Tables.REJECTED_EVENTS,
              String.join(", ", Tables.REJECTED_EVENTS_COLUMNS),
              String.join(", ", Tables.KEY));

  private final JdbcSink<RejectedEvent> sink;
  private final PostgresConnectionProvider connections;

  private RejectSink(JdbcSink<RejectedEvent> sink, PostgresConnectionProvider connections) {
    this.sink = sink;
    this.connections = connections;
  }

  /** A sink that has written every row before the checkpoint that covers it completes. */
  public static RejectSink create(PostgresConnectionProvider connections) {
    return new RejectSink(
        JdbcSink.<RejectedEvent>builder()
            .withQueryStatement(INSERT, RejectSink::bindInTime)
            .withExecutionOptions(
                JdbcExecutionOptions.builder()
                    .withBatchSize(BATCH_ROWS)
                    .withBatchIntervalMs(BATCH_AGE.toMillis())
                    .withMaxRetries(RETRIES)
                    .build())
            .buildAtLeastOnce(connections),
        connections);
  }

  @Override
  public SinkWriter<RejectedEvent> createWriter(WriterInitContext context) throws IOException {
    return new RejectWriter<>(sink.createWriter(context), connections);
  }

  @Override
  public StatefulSinkWriter<RejectedEvent, JdbcWriterState> restoreWriter(
      WriterInitContext context, Collection<JdbcWriterState> state) throws IOException {
    return new RejectWriter<>(sink.restoreWriter(context, state), connections);
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

  /**
   * Writes one rejected event.
   *
   * @throws TableFault when the table does not take it
   */
  static void insert(Connection connection, RejectedEvent event) throws SQLException {
    try {
      int stored =
          Transaction.commit(
              connection,
              transaction -> {
                try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
                  bind(statement, event);
                  return statement.executeUpdate();
                }
              });
      // None is stored of one that is there already either.
      if (stored == 0) {
        UncheckedRejections unchecked = new UncheckedRejections(1);
        unchecked.add(event);
        unchecked.check(connection);
      }
    } catch (SQLException e) {
      throw fault(e);
    }
  }

  /** No rejected event is refused for its own sake: all of it is made to fit. */
  static SQLException fault(SQLException e) {
    return switch (PostgresFailure.of(e)) {
      case REFUSED, TABLE -> new TableFault(Tables.REJECTED_EVENTS, e);
      default -> e;
    };
  }

  /** The connector runs its statements alone, so their time-out is the driver's. */
  private static void bindInTime(PreparedStatement statement, RejectedEvent event)
      throws SQLException {
    statement.setQueryTimeout((int) Transaction.STATEMENT_TIMEOUT.toSeconds());
    bind(statement, event);
  }

  /** Sets the parameters of {@link #INSERT} such that Postgres can store each of them. */
  private static void bind(PreparedStatement statement, RejectedEvent event) throws SQLException {
    statement.setShort(1, event.source());
    statement.setInt(2, event.partition());
    statement.setLong(3, event.offset());
    statement.setObject(
        4,
        StoredValues.hasTimestamp(event.kafkaTimestamp())
            ? OffsetDateTime.ofInstant(Instant.ofEpochMilli(event.kafkaTimestamp()), ZoneOffset.UTC)
            : null);
    statement.setString(5, PostgresText.storable(event.reason(), DETAIL_LENGTH));
    statement.setString(6, PostgresText.storable(event.detail(), DETAIL_LENGTH));
    statement.setBytes(7, event.payload());
    statement.setInt(8, event.payloadBytes());
  }
}
