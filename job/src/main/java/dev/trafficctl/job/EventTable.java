package dev.trafficctl.job;

import dev.trafficctl.model.Column;
import dev.trafficctl.model.ProcessedEvent;
import dev.trafficctl.model.TableNames;
import dev.trafficctl.model.Tables;
import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;
import org.postgresql.copy.CopyOut;

/**
 * How rows come into a table of events: all that are given or none, each in one transaction. Rows
 * that a trigger takes away are not none: {@link BatchFailure#takenAway} is thrown for them.
 */
final class EventTable {
  private static final List<Column<ProcessedEvent>> CONTENT =
      Tables.EVENTS.written().stream()
          .filter(column -> !Tables.EVENTS.key().contains(column.name()))
          .toList();
  private static final String COLUMNS = Tables.EVENTS.writtenNames();
  private static final String KEY = Tables.EVENTS.keyNames();

  /**
   * The bits of {@code pg_trigger.tgtype} for ROW, BEFORE and INSERT.
   *
   * @see <a
   *     href="https://github.com/postgres/postgres/blob/REL_18_0/src/include/catalog/pg_trigger.h">
   *     pg_trigger.h</a>
   */
  private static final int BEFORE_INSERT_ROW = 1 | 1 << 1 | 1 << 2;

  /**
   * Whether a trigger could take a row away. Answered behind the insert, in the same transaction,
   * whose locks keep others from making one meanwhile.
   */
  private static final String HAS_TAKERS =
      """
      SELECT EXISTS (SELECT FROM pg_trigger
        WHERE tgtype & %d = %1$d AND tgenabled <> 'D' AND (tgrelid = to_regclass(?)
          OR tgrelid IN (SELECT relid FROM pg_partition_tree(to_regclass(?)))))\
      """
          .formatted(BEFORE_INSERT_ROW);

  /** A row without anything unusual, for a table that has none yet. */
  private static final String PLAIN = joined(column -> column.type().constant(column.example()));

  private final String name;
  private final String table;
  private final String batchTable;
  private final String createBatch;
  private final String insertNew;
  private final String countMissing;
  private final String otherRecord;

  /**
   * With the statements for one table.
   *
   * @param name its name
   */
  EventTable(String name) {
    this.name = name;
    table = TableNames.quoted(name);
    // No table has both names: before all others a session finds its temporary ones.
    String batch = TableNames.quoted(name + "_merge");
    batchTable = "pg_temp." + batch;
    // The types alone: a default that fills another column of the table is not there for this one,
    // so its NOT NULL must not be there either.
    createBatch =
        "CREATE TEMP TABLE %s ON COMMIT DROP AS SELECT %s FROM %s WITH NO DATA"
            .formatted(batch, COLUMNS, table);
    // The key is named, so that a violation of another unique index is not taken for a repeat.
    insertNew =
        "INSERT INTO %s (%s) SELECT %s FROM %s ON CONFLICT (%s) DO NOTHING"
            .formatted(table, COLUMNS, COLUMNS, batchTable, KEY);
    // As a subquery in the list of results it is answered by the key, row by row: a join could be
    // one over the whole table.
    countMissing =
        """
        SELECT count(*) FROM (SELECT (SELECT 1 FROM %s AS stored
            WHERE stored.source = batch.source AND stored.kafka_partition = batch.kafka_partition
              AND stored.kafka_offset = batch.kafka_offset) AS found
          FROM %s AS batch) AS sought WHERE found IS NULL\
        """
            .formatted(table, batchTable);
    // The first row that is there with another time in Kafka, so that it is of another record.
    otherRecord =
        """
        SELECT kafka_partition, kafka_offset FROM (
          SELECT kafka_partition, kafka_offset,
              (SELECT stored.kafka_timestamp IS DISTINCT FROM batch.kafka_timestamp FROM %s AS stored
                WHERE stored.source = batch.source AND stored.kafka_partition = batch.kafka_partition
                  AND stored.kafka_offset = batch.kafka_offset) AS differs
          FROM %s AS batch) AS sought
        WHERE differs ORDER BY kafka_partition, kafka_offset LIMIT 1\
        """
            .formatted(table, batchTable);
  }

  private static String joined(Function<Column<ProcessedEvent>, String> expression) {
    return CONTENT.stream().map(expression).collect(Collectors.joining(", "));
  }

  /** Its name. */
  String name() {
    return name;
  }

  /**
   * Stores rows none of which is there.
   *
   * @throws SQLException a unique violation when one of them is there
   */
  void copy(Connection connection, CopyBinaryEncoder batch, int from, int to) throws SQLException {
    Transaction.commit(
        connection,
        statement -> {
          long stored = copyInto(table, connection, target -> batch.writeTo(target, from, to));
          if (stored != to - from) {
            throw BatchFailure.takenAway(name, to - from - stored, to - from);
          }
          return null;
        });
  }

  /** Stores those of the rows that are not there; the answer is how many. */
  long merge(Connection connection, CopyBinaryEncoder batch, int from, int to) throws SQLException {
    return Transaction.commit(
        connection,
        statement -> {
          statement.execute(createBatch);
          copyInto(batchTable, connection, target -> batch.writeTo(target, from, to));
          long inserted = statement.executeLargeUpdate(insertNew);
          if (inserted < to - from) {
            refuseOtherRecords(statement);
          }
          // The count cannot tell a row that was there from one that a trigger took away, and to
          // look for each costs a fifth of the batch.
          long missing = inserted == to - from || !hasTakers(connection) ? 0 : missing(statement);
          if (missing != 0) {
            throw BatchFailure.takenAway(name, missing, to - from);
          }
          return inserted;
        });
  }

  /**
   * A row that keeps another record out is no repeat.
   *
   * @throws SuppressRestartsException when there is one: to go on would lose a record with each
   */
  private void refuseOtherRecords(Statement statement) throws SQLException {
    try (ResultSet other = statement.executeQuery(otherRecord)) {
      if (other.next()) {
        throw new SuppressRestartsException(
            new DataLostException(
                "%s holds another event for partition %d, offset %d than Kafka. %s"
                    .formatted(
                        name, other.getInt(1), other.getLong(2), DataLostException.OTHER_EVENTS)));
      }
    }
  }

  private boolean hasTakers(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(HAS_TAKERS)) {
      statement.setString(1, table);
      statement.setString(2, table);
      try (ResultSet answer = statement.executeQuery()) {
        answer.next();
        return answer.getBoolean(1);
      }
    }
  }

  private long missing(Statement statement) throws SQLException {
    try (ResultSet count = statement.executeQuery(countMissing)) {
      count.next();
      return count.getLong(1);
    }
  }

  private static long copyInto(String target, Connection connection, Rows rows)
      throws SQLException {
    CopyIn copy =
        copies(connection)
            .copyIn("COPY %s (%s) FROM STDIN (FORMAT binary)".formatted(target, COLUMNS));
    try {
      rows.writeTo(copy::writeToCopy);
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

  private static CopyManager copies(Connection connection) throws SQLException {
    return connection.unwrap(PGConnection.class).getCopyAPI();
  }

  /**
   * Whether the table takes another row than one that it has refused: one that it holds, the newest
   * of the same partition if there is one, stored again under a key that no event has, or under the
   * key of the refused row. Nothing of it stays.
   *
   * @throws SQLException when Postgres could not be asked
   */
  boolean takesOthers(Connection connection, CopyBinaryEncoder.Place refused) throws SQLException {
    // Either may be refused for its key: by partitions or a constraint that know no such offset, or
    // by a trigger that minds this one.
    return takes(connection, refused, "source::smallint, kafka_partition::int, (-1)::bigint")
        || takes(
            connection,
            refused,
            "%d::smallint, %d::int, %d::bigint"
                .formatted(refused.source(), refused.partition(), refused.offset()));
  }

  private boolean takes(Connection connection, CopyBinaryEncoder.Place refused, String key)
      throws SQLException {
    // What excludes a row is looked at last.
    return takes(
        connection, () -> copyOut(connection, knownRow(refused, key)), BatchFailure::isExcluded);
  }

  /**
   * Whether the table takes a row of a batch. Nothing of it stays.
   *
   * @throws SQLException when Postgres could not be asked
   */
  boolean takes(Connection connection, CopyBinaryEncoder batch, int row) throws SQLException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    batch.writeTo(bytes::write, row, row + 1);
    return takes(connection, bytes::toByteArray, refusal -> false);
  }

  private boolean takes(Connection connection, OneRow row, Predicate<SQLException> isNoFault)
      throws SQLException {
    try {
      return Transaction.rollBack(
          connection,
          statement -> {
            statement.execute("SET CONSTRAINTS ALL IMMEDIATE");
            byte[] bytes = row.bytes();
            return copyInto(table, connection, target -> target.write(bytes, 0, bytes.length)) == 1;
          });
    } catch (SQLException e) {
      return switch (BatchFailure.of(e)) {
        case REFUSED -> isNoFault.test(e);
        case TABLE -> false;
        default -> throw e;
      };
    }
  }

  /**
   * The query for a row that the table took, under another key. Its types are those that the job
   * writes, not those that the table has by now.
   */
  private String knownRow(CopyBinaryEncoder.Place refused, String key) {
    String content = joined(Column::name);
    String typed = joined(column -> column.name() + "::" + column.type().sql());
    return """
        SELECT %1$s, %2$s FROM (
          (SELECT 1 AS choice, %3$s, %8$s FROM %4$s WHERE source = %5$d AND kafka_partition = %6$d
            ORDER BY kafka_offset DESC LIMIT 1)
          UNION ALL (SELECT 2, %3$s, %8$s FROM %4$s LIMIT 1)
          UNION ALL SELECT 3, %5$d::smallint, %6$d, -1, %7$s) AS known
        ORDER BY choice LIMIT 1\
        """
        .formatted(key, content, KEY, table, refused.source(), refused.partition(), PLAIN, typed);
  }

  private static byte[] copyOut(Connection connection, String query) throws SQLException {
    CopyOut copy =
        copies(connection).copyOut("COPY (%s) TO STDOUT (FORMAT binary)".formatted(query));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] part = copy.readFromCopy(); part != null; part = copy.readFromCopy()) {
      bytes.writeBytes(part);
    }
    return bytes.toByteArray();
  }

  /** Rows in the binary format of {@code COPY}. */
  @FunctionalInterface
  private interface Rows {
    void writeTo(CopyBinaryEncoder.Target target) throws SQLException;
  }

  /** One row in that format. */
  @FunctionalInterface
  private interface OneRow {
    byte[] bytes() throws SQLException;
  }
}
