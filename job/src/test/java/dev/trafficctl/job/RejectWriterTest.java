package dev.trafficctl.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trafficctl.model.RejectedEvent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.connector.jdbc.core.datastream.sink.committer.JdbcCommitable;
import org.apache.flink.connector.jdbc.core.datastream.sink.writer.JdbcWriterState;
import org.junit.jupiter.api.Test;

class RejectWriterTest {
  private static final RejectedEvent EVENT =
      new RejectedEvent((short) 1, 2, 3, -1, "NULL_VALUE", null, null, 0);

  private final ConnectorWriter connector = new ConnectorWriter();
  private final RejectWriter<ConnectorWriter> writer =
      new RejectWriter<>(
          connector,
          new PostgresConnectionProvider("jdbc:postgresql://127.0.0.1:1/none", "traffic", "write"),
          new RejectedTable("rejected_events"));

  @Test
  void passesEverythingOn() throws Exception {
    // What was written would be looked for in Postgres.
    writer.flush(true);
    writer.write(EVENT, null);
    writer.writeWatermark(new Watermark(7));

    assertThat(writer.prepareCommit()).isSameAs(connector.committables);
    assertThat(writer.snapshotState(5)).isSameAs(connector.state);
    writer.close();
    assertThat(connector.calls)
        .containsExactly(
            "flush true", "write " + EVENT, "watermark 7", "prepare", "snapshot 5", "close");
  }

  @Test
  void doesNotThrowWhenItIsClosed() {
    connector.failure = new RuntimeException("Writing records to JDBC failed.");

    assertThatCode(writer::close).doesNotThrowAnyException();

    assertThat(connector.calls).containsExactly("close");
  }

  @Test
  void failsTheTaskWhenItCannotWriteOrFlush() {
    connector.failure = new RuntimeException("Writing records to JDBC failed.");

    assertThatThrownBy(() -> writer.write(EVENT, null)).isSameAs(connector.failure);
    assertThatThrownBy(() -> writer.flush(false)).isSameAs(connector.failure);
  }

  /** A writer that notes what it is asked for, and fails if told so. */
  private static final class ConnectorWriter
      implements StatefulSinkWriter<RejectedEvent, JdbcWriterState>,
          CommittingSinkWriter<RejectedEvent, JdbcCommitable> {
    private final List<String> calls = new ArrayList<>();
    private final List<JdbcCommitable> committables = new ArrayList<>();
    private final List<JdbcWriterState> state = new ArrayList<>();
    private RuntimeException failure;

    @Override
    public void write(RejectedEvent event, Context context) {
      call("write " + event);
    }

    @Override
    public void flush(boolean endOfInput) {
      call("flush " + endOfInput);
    }

    @Override
    public void writeWatermark(Watermark watermark) {
      call("watermark " + watermark.getTimestamp());
    }

    @Override
    public Collection<JdbcCommitable> prepareCommit() {
      call("prepare");
      return committables;
    }

    @Override
    public List<JdbcWriterState> snapshotState(long checkpointId) {
      call("snapshot " + checkpointId);
      return state;
    }

    @Override
    public void close() {
      call("close");
    }

    private void call(String call) {
      calls.add(call);
      if (failure != null) {
        throw failure;
      }
    }
  }
}
