package dev.trafficctl.cli.postgres;

import dev.trafficctl.model.Column;
import dev.trafficctl.model.RowSecurity;
import dev.trafficctl.model.ServerMessages;
import dev.trafficctl.model.TableColumns;
import dev.trafficctl.model.TableNames;
import dev.trafficctl.model.Tables;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Streams rows out of a table by {@code COPY}, in the order of their offsets. Neither this process
 * nor the server holds more than a few of them. One range at a time; a connection of its own.
 */
public final class CopiedRows implements AutoCloseable {
  /** What begins every copy; flags and the length of an extension, both 0, follow. */
  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0
  };

  private static final int HEADER = SIGNATURE.length + 2 * Integer.BYTES;
  private static final int TRAILER = Short.BYTES;
  private static final String CANCELLED = "57014";

  private final DatabaseSession session;
  private final Connection connection;
  private final TableNames names;

  CopiedRows(DatabaseSession session, TableNames names) {
    this.session = session;
    connection = session.connection();
    this.names = names;
  }

  /**
   * Rows of the table of events.
   *
   * @param from the first offset
   * @param to the offset behind the last one
   */
  public OrderedRows events(short source, int partition, long from, long to) {
    return rows(names.events(), Tables.EVENTS, source, partition, from, to);
  }

  /** Rows of the table of rejected events; the parameters are those of {@link #events}. */
  public OrderedRows rejections(short source, int partition, long from, long to) {
    return rows(names.rejected(), Tables.REJECTED, source, partition, from, to);
  }

  private OrderedRows rows(
      String table, TableColumns<?> columns, short source, int partition, long from, long to) {
    // COPY takes no parameters; all of these are numbers or names.
    String query =
        ("COPY (SELECT %s FROM %s WHERE source = %d AND kafka_partition = %d"
                + " AND kafka_offset >= '%d' AND kafka_offset < '%d'"
                + " ORDER BY source, kafka_partition, kafka_offset) TO STDOUT (FORMAT binary)")
            .formatted(
                columns.written().stream()
                    .skip(OrderedRows.SKIPPED)
                    .map(Column::name)
                    .collect(Collectors.joining(", ")),
                TableNames.quoted(table),
                source,
                partition,
                from,
                to);
    try {
      begin();
      return new Rows(connection.unwrap(PGConnection.class).getCopyAPI().copyOut(query));
    } catch (SQLException e) {
      throw session.failure(e);
    }
  }

  /** All that is set ends with the transaction: a pooler gives the session to others then. */
  private void begin() throws SQLException {
    connection.setAutoCommit(false);
    connection.setReadOnly(true);
    try (Statement statement = connection.createStatement()) {
      // The key has the order already. To sort a large range would delay its first row, and cost
      // the server disk space.
      statement.execute(
          ServerMessages.NONE_IN_TRANSACTION
              + "; "
              + RowSecurity.REFUSED_IN_TRANSACTION
              + "; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off");
    }
  }

  private void end() throws SQLException {
    if (!connection.isClosed()) {
      try {
        connection.rollback();
      } catch (SQLException e) {
        // The request to cancel rows that had all been sent already may arrive as late as this.
        if (!CANCELLED.equals(e.getSQLState())) {
          throw e;
        }
        connection.rollback();
      }
      connection.setReadOnly(false);
      connection.setAutoCommit(true);
      connection.clearWarnings();
    }
  }

  @Override
  public void close() {
    session.close();
  }

  private final class Rows implements OrderedRows {
    private final CopyOut copy;
    private boolean begun;

    Rows(CopyOut copy) {
      this.copy = copy;
    }

    @Override
    public BinaryRow next() {
      try {
        byte[] message = copy.readFromCopy();
        int start = 0;
        if (!begun && message != null) {
          begun = true;
          // The header may be a message of its own, or begin that of the first row.
          start = message.length == HEADER ? 0 : HEADER;
          message = start == 0 ? copy.readFromCopy() : message;
        }
        if (message == null) {
          return null;
        }
        // The trailer, a count of -1.
        if (message.length == start + TRAILER) {
          while (copy.readFromCopy() != null) {
            // Nothing follows the trailer but the end of the command.
          }
          return null;
        }
        return new BinaryRow(message, start);
      } catch (SQLException e) {
        throw session.failure(e);
      }
    }

    @Override
    public void close() {
      try {
        if (copy.isActive()) {
          copy.cancelCopy();
        }
        end();
      } catch (SQLException e) {
        throw session.failure(e);
      }
    }
  }
}
