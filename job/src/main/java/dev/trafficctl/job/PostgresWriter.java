package dev.trafficctl.job;

import dev.trafficctl.model.StoredValues;
import dev.trafficctl.model.Tables;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ScheduledFuture;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes events to {@code processed_events} in batches, each with one {@code COPY} straight into
 * the table. A batch that meets a key which is there already goes again through a temporary table,
 * which leaves the rows that are there as they are. Of a batch in which Postgres refuses a row,
 * that row alone goes to {@code rejected_events}.
 *
 * <p>All methods run in the task's mailbox thread; writing blocks it.
 */
final class PostgresWriter implements SinkWriter<ProcessedEvent> {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresWriter.class);

  private static final int RETAINED_BYTES = 1 << 20;
  private static final int HISTOGRAM_BATCHES = 1_000;

  private static final String COLUMNS = String.join(", ", Tables.PROCESSED_EVENTS_COLUMNS);
  private static final String BATCH_TABLE = Tables.PROCESSED_EVENTS + "_batch";

  private static final String CREATE_BATCH_TABLE =
      "CREATE TEMP TABLE IF NOT EXISTS %s (LIKE %s) ON COMMIT DELETE ROWS"
          .formatted(BATCH_TABLE, Tables.PROCESSED_EVENTS);
  // The key is named, so that a violation of another unique index is not taken for a repeat.
  private static final String INSERT_NEW =
      "INSERT INTO %s (%s) SELECT %s FROM %s ON CONFLICT (%s) DO NOTHING"
          .formatted(
              Tables.PROCESSED_EVENTS,
              COLUMNS,
              COLUMNS,
              BATCH_TABLE,
              String.join(", ", Tables.KEY));

  private final PostgresConnectionProvider connections;
  private final BatchLimits limits;
  private final ProcessingTimeService time;
  private final CopyBinaryEncoder batch = new CopyBinaryEncoder(RETAINED_BYTES);

  private final Counter written;
  private final Counter repeated;
  private final Counter refused;
  private final Histogram writeLatencyMillis;
  private final Histogram batchRows;

  private long oldestRowAt;

  /** What writes a batch that has grown old, or null if there is none. */
  private ScheduledFuture<?> timer;

  /** Whether the last batch held repeats: then the next one probably does, as in a replay. */
  private boolean expectingRepeats;

  PostgresWriter(
      PostgresConnectionProvider connections,
      BatchLimits limits,
      ProcessingTimeService time,
      MetricGroup metrics) {
    this.connections = connections;
    this.limits = limits;
    this.time = time;
    written = metrics.counter("written");
    repeated = metrics.counter("repeated");
    refused = metrics.counter("refused");
    writeLatencyMillis =
        metrics.histogram(
            "writeLatencyMillis", new DescriptiveStatisticsHistogram(HISTOGRAM_BATCHES));
    batchRows =
        metrics.histogram("batchRows", new DescriptiveStatisticsHistogram(HISTOGRAM_BATCHES));
  }

  /** Connects, and checks that the tables are there and have the columns. */
  void open() throws IOException {
    try (Statement statement = connections.getOrEstablishConnection().createStatement()) {
      check(statement, Tables.PROCESSED_EVENTS, COLUMNS);
      check(statement, Tables.REJECTED_EVENTS, String.join(", ", Tables.REJECTED_EVENTS_COLUMNS));
    } catch (SQLException e) {
      connections.closeConnection();
      throw failure(e);
    } catch (SuppressRestartsException e) {
      connections.closeConnection();
      throw e;
    }
  }

  private static void check(Statement statement, String table, String columns) throws SQLException {
    statement.execute("SELECT %s FROM %s LIMIT 0".formatted(columns, table));
  }

  @Override
  public void write(ProcessedEvent event, Context context) throws IOException {
    batch.append(event);
    if (batch.rows() >= limits.rows() || batch.bytes() >= limits.bytes()) {
      writeBatch();
    } else if (batch.rows() == 1) {
      oldestRowAt = time.getCurrentProcessingTime();
      registerTimer();
    }
  }

  @Override
  public void flush(boolean endOfInput) throws IOException {
    writeBatch();
  }

  /** Closes the connection. What was not flushed will be delivered again. */
  @Override
  public void close() {
    if (timer != null) {
      timer.cancel(false);
    }
    connections.closeConnection();
  }

  /** One timer at a time: it outlives the batch that it was registered for. */
  private void registerTimer() {
    if (timer == null) {
      timer = time.registerTimer(oldestRowAt + limits.age().toMillis(), this::onTimer);
    }
  }

  private void onTimer(long now) throws IOException {
    timer = null;
    if (batch.rows() == 0) {
      return;
    }
    if (now >= oldestRowAt + limits.age().toMillis()) {
      writeBatch();
    } else {
      registerTimer();
    }
  }

  private void writeBatch() throws IOException {
    int rows = batch.rows();
    if (rows == 0) {
      return;
    }
    long start = System.nanoTime();
    try {
      writeOrReconnect(rows);
    } catch (SQLException e) {
      throw failure(e);
    }
    writeLatencyMillis.update((System.nanoTime() - start) / 1_000_000);
    batchRows.update(rows);
    batch.clear();
  }

  /**
   * Whatever part of the batch was committed before the connection was lost is found by its key the
   * second time, be it acknowledged or not.
   */
  private void writeOrReconnect(int rows) throws SQLException {
    try {
      write(connections.getOrEstablishConnection(), 0, rows);
    } catch (SQLException e) {
      if (PostgresFailure.of(e) != PostgresFailure.TRANSIENT) {
        throw e;
      }
      LOG.warn(
          "Writing {} rows to Postgres failed ({}: {}); trying once more on a new connection",
          rows,
          e.getSQLState(),
          PostgresFailure.message(e));
      write(connections.reestablishConnection(), 0, rows);
    }
  }

  private void write(Connection connection, int from, int to) throws SQLException {
    try {
      if (expectingRepeats) {
        merge(connection, from, to);
      } else {
        copyOrMerge(connection, from, to);
      }
    } catch (SQLException e) {
      if (PostgresFailure.of(e) != PostgresFailure.BAD_ROW) {
        throw e;
      }
      if (to - from == 1) {
        reject(connection, from, e);
      } else {
        int middle = (from + to) >>> 1;
        write(connection, from, middle);
        write(connection, middle, to);
      }
    }
  }

  private void copyOrMerge(Connection connection, int from, int to) throws SQLException {
    try {
      written.inc(copy(connection, Tables.PROCESSED_EVENTS, from, to));
    } catch (SQLException e) {
      if (!PostgresFailure.isUniqueViolation(e)) {
        throw e;
      }
      merge(connection, from, to);
    }
  }

  private void merge(Connection connection, int from, int to) throws SQLException {
    long inserted;
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute(CREATE_BATCH_TABLE);
      copy(connection, BATCH_TABLE, from, to);
      inserted = statement.executeLargeUpdate(INSERT_NEW);
      connection.commit();
    } catch (SQLException e) {
      rollBack(connection, e);
      throw e;
    }
    connection.setAutoCommit(true);
    written.inc(inserted);
    repeated.inc(to - from - inserted);
    expectingRepeats = inserted < to - from;
  }

  private static void rollBack(Connection connection, SQLException cause) {
    try {
      connection.rollback();
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  private long copy(Connection connection, String table, int from, int to) throws SQLException {
    CopyIn copy =
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyIn("COPY %s (%s) FROM STDIN (FORMAT binary)".formatted(table, COLUMNS));
    try {
      batch.writeTo(copy::writeToCopy, from, to);
      return copy.endCopy();
    } catch (SQLException e) {
      cancel(copy, e);
      throw e;
    }
  }

  private static void cancel(CopyIn copy, SQLException cause) {
    try {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  private void reject(Connection connection, int index, SQLException cause) throws SQLException {
    ProcessedEvent row = batch.row(index);
    byte[] payload = StoredValues.payload(row.event());
    String detail = "%s: %s".formatted(cause.getSQLState(), PostgresFailure.message(cause));
    try (PreparedStatement statement = connection.prepareStatement(RejectSink.INSERT)) {
      RejectSink.bind(
          statement,
          new RejectedEvent(
              row.source(),
              row.partition(),
              row.offset(),
              row.kafkaTimestamp(),
              Tables.REFUSED_BY_POSTGRES,
              detail,
              payload,
              payload.length));
      statement.executeUpdate();
    }
    refused.inc();
  }

  private IOException failure(SQLException e) {
    if (PostgresFailure.of(e) == PostgresFailure.MISCONFIGURED) {
      throw new SuppressRestartsException(
          new IOException(
              "Postgres does not let %s write to %s or %s: %s (%s). Apply schema.sql, and grant the user SELECT and INSERT on the tables and TEMPORARY on the database"
                  .formatted(
                      connections,
                      Tables.PROCESSED_EVENTS,
                      Tables.REJECTED_EVENTS,
                      PostgresFailure.message(e),
                      e.getSQLState()),
              e));
    }
    return new IOException(
        "Writing to %s as %s failed: %s (%s). Nothing is lost: the job goes on from its last checkpoint once Postgres can be written to"
            .formatted(
                Tables.PROCESSED_EVENTS, connections, PostgresFailure.message(e), e.getSQLState()),
        e);
  }
}
