package dev.trafficctl.job;

import dev.trafficctl.model.RejectedEvent;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.connector.jdbc.core.datastream.sink.committer.JdbcCommitable;
import org.apache.flink.connector.jdbc.core.datastream.sink.writer.JdbcWriterState;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.util.ExceptionUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connector's writer, but closing it never fails.
 *
 * <p>The connector writes what still waits when it is closed, and throws when it cannot. Flink
 * closes the operators of a failed task in the task's exception handler, and ends the whole
 * TaskManager process when they throw there.
 *
 * <p>A failure to write or to flush still fails the task, as it must, with one line that says why.
 * A flush also makes sure that what was written is there.
 *
 * @param <W> the type of the connector's writer
 */
@SuppressWarnings("try") // The connector's writer may well be interrupted while it closes.
final class RejectWriter<
        W extends
            StatefulSinkWriter<RejectedEvent, JdbcWriterState>
                & CommittingSinkWriter<RejectedEvent, JdbcCommitable>>
    implements StatefulSinkWriter<RejectedEvent, JdbcWriterState>,
        CommittingSinkWriter<RejectedEvent, JdbcCommitable> {
  private static final Logger LOG = LoggerFactory.getLogger(RejectWriter.class);

  private static final int MOST_UNCHECKED = 5_000;

  private final W writer;
  private final PostgresConnectionProvider connections;
  private final RejectedTable table;
  private final UncheckedRejections unchecked;

  /**
   * Wraps the connector's writer.
   *
   * @param connections what the writer connects with; it is closed where the writer fails to
   * @param table what it writes to
   */
  RejectWriter(W writer, PostgresConnectionProvider connections, RejectedTable table) {
    this.writer = writer;
    this.connections = connections;
    this.table = table;
    this.unchecked = new UncheckedRejections(table.name(), MOST_UNCHECKED);
  }

  @Override
  public void write(RejectedEvent event, Context context) throws IOException, InterruptedException {
    if (unchecked.isFull()) {
      flush(false);
    }
    unchecked.add(event);
    inWords(() -> writer.write(event, context));
  }

  @Override
  public void flush(boolean endOfInput) throws IOException, InterruptedException {
    inWords(
        () -> {
          writer.flush(endOfInput);
          unchecked.check(connections);
        });
  }

  /** The connector's exceptions say nothing themselves, and have the one of Postgres inside. */
  private void inWords(Work work) throws IOException, InterruptedException {
    try {
      work.run();
    } catch (IOException | RuntimeException e) {
      Optional<SQLException> cause = ExceptionUtils.findThrowable(e, SQLException.class);
      if (cause.isEmpty() || e instanceof SuppressRestartsException) {
        throw e;
      }
      throw connections.failure(table.fault(cause.get()));
    } catch (SQLException e) {
      throw connections.failure(table.fault(e));
    }
  }

  @FunctionalInterface
  private interface Work {
    void run() throws IOException, InterruptedException, SQLException;
  }

  @Override
  public void writeWatermark(Watermark watermark) throws IOException, InterruptedException {
    writer.writeWatermark(watermark);
  }

  @Override
  public Collection<JdbcCommitable> prepareCommit() throws IOException, InterruptedException {
    return writer.prepareCommit();
  }

  @Override
  public List<JdbcWriterState> snapshotState(long checkpointId) throws IOException {
    return writer.snapshotState(checkpointId);
  }

  /**
   * Closes the writer and its connection. What cannot be written any more came after the last
   * completed checkpoint, which waited for a flush, so it will be delivered again.
   */
  @Override
  public void close() {
    try {
      writer.close();
    } catch (Exception e) {
      LOG.warn(
          "Some rows of {} were not written as {} before the end of their task."
              + " Nothing is lost: the job goes on from its last checkpoint once Postgres can be"
              + " written to",
          table.name(),
          connections);
      LOG.debug("What kept them from being written", e);
      // The connector leaves it open when its last write fails.
      connections.closeConnection();
    }
  }
}
