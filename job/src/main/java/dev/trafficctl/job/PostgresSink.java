package dev.trafficctl.job;

import dev.trafficctl.model.ProcessedEvent;
import dev.trafficctl.model.TableNames;
import java.io.IOException;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/**
 * The stage <em>write</em>: events to their table.
 *
 * <p>Delivery is at least once, onto a key that makes a repeat a no-op: every row is committed
 * before the checkpoint that covers its event completes, and what is delivered again after a
 * recovery meets its own key.
 */
public final class PostgresSink implements Sink<ProcessedEvent> {
  private static final long serialVersionUID = 1L;

  private final PostgresConnectionProvider connections;
  private final BatchLimits limits;
  private final TableNames names;

  /** A sink with a connection for each of its writers. */
  public PostgresSink(
      PostgresConnectionProvider connections, BatchLimits limits, TableNames names) {
    this.connections = connections;
    this.limits = limits;
    this.names = names;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IOException when Postgres cannot be reached
   * @throws org.apache.flink.runtime.execution.SuppressRestartsException when the user, the
   *     database or a table is not as it must be
   */
  @Override
  public SinkWriter<ProcessedEvent> createWriter(WriterInitContext context) throws IOException {
    PostgresWriter writer =
        new PostgresWriter(
            connections, limits, names, context.getProcessingTimeService(), context.metricGroup());
    writer.open();
    return writer;
  }
}
