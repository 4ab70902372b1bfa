package dev.trafficctl.job;

import dev.trafficctl.model.ProcessedEvent;
import dev.trafficctl.model.TableCheck;
import dev.trafficctl.model.TableNames;
import dev.trafficctl.model.WriteFailure;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers events into batches for the table of events, and has each written as soon as a limit or a
 * checkpoint asks for it; how, {@link BatchWrite} tells.
 *
 * <p>All methods run in the task's mailbox thread; writing blocks it.
 */
final class PostgresWriter implements SinkWriter<ProcessedEvent> {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresWriter.class);

  private static final int RETAINED_BYTES = 1 << 20;
  private static final int HISTOGRAM_BATCHES = 1_000;

  private final PostgresConnectionProvider connections;
  private final BatchLimits limits;
  private final TableNames names;
  private final ProcessingTimeService time;
  private final CopyBinaryEncoder batch = new CopyBinaryEncoder(RETAINED_BYTES);

  private final BatchWrite write;
  private final Histogram writeLatencyMillis;
  private final Histogram batchRows;

  private long oldestRowAt;

  /** What writes a batch that has grown old, or null if there is none. */
  private ScheduledFuture<?> timer;

  PostgresWriter(
      PostgresConnectionProvider connections,
      BatchLimits limits,
      TableNames names,
      ProcessingTimeService time,
      MetricGroup metrics) {
    this.connections = connections;
    this.limits = limits;
    this.names = names;
    this.time = time;
    write = new BatchWrite(batch, names, metrics);
    writeLatencyMillis =
        metrics.histogram(
            "writeLatencyMillis", new DescriptiveStatisticsHistogram(HISTOGRAM_BATCHES));
    batchRows =
        metrics.histogram("batchRows", new DescriptiveStatisticsHistogram(HISTOGRAM_BATCHES));
  }

  /** Connects, and checks that the tables are as they must be. */
  void open() throws IOException {
    try {
      List<String> problems =
          TableCheck.problems(
              connections.getOrEstablishConnection(), names, connections.toString());
      if (!problems.isEmpty()) {
        throw new IOException(
            String.join("\n", problems)
                + "\nUntil then nothing is rejected and nothing is lost, and the job goes on by itself");
      }
    } catch (SQLException e) {
      connections.closeConnection();
      throw connections.failure(e);
    } catch (IOException | SuppressRestartsException e) {
      connections.closeConnection();
      throw e;
    }
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
      throw connections.failure(e);
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
      write.all(connections.getOrEstablishConnection());
    } catch (SQLException e) {
      if (BatchFailure.of(e) != WriteFailure.TRANSIENT) {
        throw e;
      }
      LOG.warn(
          "Writing {} rows to Postgres failed ({}: {}); trying once more on a new connection",
          rows,
          e.getSQLState(),
          BatchFailure.message(e));
      write.all(connections.reestablishConnection());
    }
  }
}
