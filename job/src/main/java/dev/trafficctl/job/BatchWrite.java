package dev.trafficctl.job;

import dev.trafficctl.model.StoredValues;
import dev.trafficctl.model.Tables;
import java.sql.Connection;
import java.sql.SQLException;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/**
 * Writes a batch to {@code processed_events} with one {@code COPY} straight into the table. A batch
 * that meets a key which is there already goes again through a temporary table, which leaves the
 * rows that are there as they are.
 *
 * <p>A batch in which Postgres refuses a row is written in halves, until each such row is alone. It
 * is rejected if the table is proven to take others: either it has just taken some, or it takes one
 * again that it holds. If not, {@link TableFault} is thrown, and nothing is rejected.
 */
final class BatchWrite {
  /**
   * How many rows one after the other are rejected on one proof: the table may change meanwhile,
   * and each proof costs as much as a few rejections.
   */
  private static final int REJECTIONS_FOR_A_PROOF = 16;

  private final CopyBinaryEncoder batch;
  private final Counter written;
  private final Counter repeated;
  private final Counter refused;

  /** Whether the last batch held repeats: then the next one probably does, as in a replay. */
  private boolean expectingRepeats;

  /** How many rows may still be rejected before the table must be proven to take others. */
  private int rejectionsLeft;

  /**
   * Writes from a batch.
   *
   * @param batch what is written whenever {@link #all} is called
   */
  BatchWrite(CopyBinaryEncoder batch, MetricGroup metrics) {
    this.batch = batch;
    written = metrics.counter("written");
    repeated = metrics.counter("repeated");
    refused = metrics.counter("refused");
  }

  /**
   * Writes or rejects every row of the batch.
   *
   * @throws TableFault when a table does not take rows
   * @throws SQLException when Postgres cannot be written to; part of the batch may be written
   */
  void all(Connection connection) throws SQLException {
    rejectionsLeft = 0;
    write(connection, 0, batch.rows());
  }

  private void write(Connection connection, int from, int to) throws SQLException {
    try {
      store(connection, from, to);
      rejectionsLeft = REJECTIONS_FOR_A_PROOF;
    } catch (SQLException e) {
      switch (PostgresFailure.of(e)) {
        case REFUSED -> divide(connection, from, to, e);
        case TABLE -> throw new TableFault(Tables.PROCESSED_EVENTS, e);
        default -> throw e;
      }
    }
  }

  private void divide(Connection connection, int from, int to, SQLException cause)
      throws SQLException {
    if (to - from == 1) {
      reject(connection, batch.row(from), cause);
      return;
    }
    int middle = (from + to) >>> 1;
    write(connection, from, middle);
    write(connection, middle, to);
  }

  private void store(Connection connection, int from, int to) throws SQLException {
    if (!expectingRepeats) {
      try {
        EventTable.copy(connection, batch, from, to);
        written.inc(to - from);
        return;
      } catch (SQLException e) {
        if (!PostgresFailure.isUniqueViolation(e)) {
          throw e;
        }
      }
    }
    long inserted = EventTable.merge(connection, batch, from, to);
    written.inc(inserted);
    repeated.inc(to - from - inserted);
    expectingRepeats = inserted < to - from;
  }

  private void reject(Connection connection, ProcessedEvent row, SQLException cause)
      throws SQLException {
    if (rejectionsLeft == 0) {
      if (!EventTable.takesOthers(connection, row)) {
        throw new TableFault(Tables.PROCESSED_EVENTS, cause);
      }
      rejectionsLeft = REJECTIONS_FOR_A_PROOF;
    }
    rejectionsLeft--;
    byte[] payload = StoredValues.payload(row.event());
    RejectSink.insert(
        connection,
        new RejectedEvent(
            row.source(),
            row.partition(),
            row.offset(),
            row.kafkaTimestamp(),
            Tables.REFUSED_BY_POSTGRES,
            "%s: %s".formatted(cause.getSQLState(), PostgresFailure.message(cause)),
            payload,
            payload.length));
    refused.inc();
  }
}
