package dev.trafficctl.job;

import dev.trafficctl.model.EventJson;
import dev.trafficctl.model.RejectedEvent;
import dev.trafficctl.model.TableNames;
import dev.trafficctl.model.Tables;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MeterView;
import org.apache.flink.metrics.MetricGroup;

/**
 * Writes a batch to the table of events with one {@code COPY} straight into the table. A batch that
 * meets a key which is there already goes again through a temporary table, which leaves the rows
 * that are there as they are.
 *
 * <p>A batch in which Postgres refuses a row is written in halves, until each such row is alone. It
 * is rejected if the table is proven to take others: either it has just taken some, or it takes one
 * again that it holds, or another of the batch. If not, or if it has taken none of a batch of which
 * it refuses many, {@link TableFaultException} is thrown, and nothing is rejected.
 */
final class BatchWrite {
  /**
   * How many rows one after the other are rejected on one proof: the table may change meanwhile,
   * and each proof costs as much as a few rejections.
   */
  private static final int REJECTIONS_FOR_A_PROOF = 16;

  /**
   * How many rows of a batch of which none was stored make a fault of the table. So many bad ones
   * in a row are rare, and then the job waits only until a good one is behind them.
   */
  private static final int REFUSALS_OF_A_FAULT = 100;

  /** How many rows of the batch are tried, where the table does not take what it holds either. */
  private static final int OTHERS_TRIED = 16;

  private final CopyBinaryEncoder batch;
  private final EventTable events;
  private final RejectedTable rejections;
  private final Counter written;
  private final Counter repeated;
  private final Counter refused;

  /** Whether the last batch held repeats: then the next one probably does, as in a replay. */
  private boolean expectingRepeats;

  /** How many rows may still be rejected before the table must be proven to take others. */
  private int rejectionsLeft;

  /** Whether a row of the batch was stored that was not there. */
  private boolean stored;

  /** What is to be rejected once a row of the batch was stored, or at its end. */
  private final List<Refusal> refusals = new ArrayList<>();

  private record Refusal(int row, SQLException cause) {}

  /**
   * Writes from a batch.
   *
   * @param batch what is written whenever {@link #all} is called
   * @param names where it is written
   */
  BatchWrite(CopyBinaryEncoder batch, TableNames names, MetricGroup metrics) {
    this.batch = batch;
    events = new EventTable(names.events());
    rejections = new RejectedTable(names.rejected());
    written = metrics.counter("written");
    repeated = metrics.counter("repeated");
    refused = metrics.counter("refused");
    metrics.meter(
        "writtenPerSecond", new MeterView(() -> written.getCount() + repeated.getCount()));
    metrics.meter("refusedPerSecond", new MeterView(refused, FilterMetrics.LAST_MINUTE));
  }

  /**
   * Writes or rejects every row of the batch.
   *
   * @throws TableFaultException when a table does not take rows
   * @throws SQLException when Postgres cannot be written to; part of the batch may be written
   */
  void all(Connection connection) throws SQLException {
    rejectionsLeft = 0;
    stored = false;
    refusals.clear();
    write(connection, 0, batch.rows());
    if (refusals.size() >= REFUSALS_OF_A_FAULT
        && notRejected(connection, refusals) >= REFUSALS_OF_A_FAULT) {
      throw new TableFaultException(events.name(), refusals.get(refusals.size() - 1).cause());
    }
    rejectAll(connection);
  }

  /** How many are not rejected already, as they are when they are read again. */
  private long notRejected(Connection connection, List<Refusal> refusals) throws SQLException {
    UncheckedRejections sought = new UncheckedRejections(rejections.name(), refusals.size());
    for (Refusal refusal : refusals) {
      sought.add(rejected(refusal));
    }
    return sought.missing(connection);
  }

  private void write(Connection connection, int from, int to) throws SQLException {
    SQLException refusal = refusal(connection, from, to);
    if (refusal != null && BatchFailure.isCancelled(refusal)) {
      if (!events.takesOthers(connection, batch.place(from))) {
        throw refusal;
      }
      if (to - from == 1) {
        // It may have been a moment in which all of Postgres was slow.
        refusal = refusal(connection, from, to);
      }
    }
    if (refusal == null) {
      if (stored) {
        rejectAll(connection);
      }
      return;
    }
    if (to - from == 1) {
      refused(connection, new Refusal(from, refusal));
      return;
    }
    int middle = (from + to) >>> 1;
    write(connection, from, middle);
    write(connection, middle, to);
  }

  /** Stores rows, or answers why Postgres refuses one of them; then none is stored. */
  private SQLException refusal(Connection connection, int from, int to) throws SQLException {
    try {
      if (store(connection, from, to) > 0) {
        stored = true;
        rejectionsLeft = REJECTIONS_FOR_A_PROOF;
      }
      return null;
    } catch (SQLException e) {
      return switch (BatchFailure.of(e)) {
        case REFUSED -> e;
        case TABLE -> throw new TableFaultException(events.name(), e);
        case UNAVAILABLE -> {
          if (BatchFailure.isCancelled(e)) {
            yield e;
          }
          throw e;
        }
        default -> throw e;
      };
    }
  }

  /** The answer is how many rows were not there. */
  private long store(Connection connection, int from, int to) throws SQLException {
    if (!expectingRepeats) {
      try {
        events.copy(connection, batch, from, to);
        written.inc(to - from);
        return to - from;
      } catch (SQLException e) {
        if (!BatchFailure.isUniqueViolation(e)) {
          throw e;
        }
      }
    }
    long inserted = events.merge(connection, batch, from, to);
    written.inc(inserted);
    repeated.inc(to - from - inserted);
    expectingRepeats = inserted < to - from;
    return inserted;
  }

  private void refused(Connection connection, Refusal refusal) throws SQLException {
    if (rejectionsLeft == 0) {
      if (!events.takesOthers(connection, batch.place(refusal.row()))
          && notRejected(connection, List.of(refusal)) != 0
          && !takesAnother(connection, refusal.row())) {
        throw new TableFaultException(events.name(), refusal.cause());
      }
      rejectionsLeft = REJECTIONS_FOR_A_PROOF;
    }
    rejectionsLeft--;
    refusals.add(refusal);
    if (stored) {
      rejectAll(connection);
    }
  }

  private boolean takesAnother(Connection connection, int refused) throws SQLException {
    int step = Math.max(1, batch.rows() / OTHERS_TRIED);
    for (int row = batch.rows() - 1; row >= 0; row -= step) {
      if (row != refused && events.takes(connection, batch, row)) {
        return true;
      }
    }
    return false;
  }

  private void rejectAll(Connection connection) throws SQLException {
    for (Refusal refusal : refusals) {
      rejections.insert(connection, rejected(refusal));
      refused.inc();
    }
    refusals.clear();
  }

  private RejectedEvent rejected(Refusal refusal) {
    CopyBinaryEncoder.Place place = batch.place(refusal.row());
    EventJson event = new EventJson(Tables.EVENTS);
    batch.read(refusal.row(), event);
    byte[] payload = event.bytes();
    return new RejectedEvent(
        place.source(),
        place.partition(),
        place.offset(),
        place.kafkaTimestamp(),
        Tables.REFUSED_BY_POSTGRES,
        "%s: %s".formatted(refusal.cause().getSQLState(), BatchFailure.message(refusal.cause())),
        payload,
        payload.length);
  }
}
