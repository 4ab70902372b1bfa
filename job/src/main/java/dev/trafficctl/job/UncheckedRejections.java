package dev.trafficctl.job;

import dev.trafficctl.model.RejectedEvent;
import dev.trafficctl.model.TableNames;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;

/**
 * The keys of rejected events of which it is not known whether they are stored: a trigger may have
 * taken them away, of which Postgres says nothing, and the connector does not look.
 */
final class UncheckedRejections {
  private final String table;
  private final String countMissing;
  private final Short[] sources;
  private final Integer[] partitions;
  private final Long[] offsets;
  private int size;

  /**
   * With room for so many.
   *
   * @param table the name of the table of rejected events
   * @param most how many at most
   */
  UncheckedRejections(String table, int most) {
    this.table = table;
    countMissing =
        """
        SELECT count(*) FROM (SELECT (SELECT 1 FROM %s AS stored
            WHERE stored.source = sought.source AND stored.kafka_partition = sought.part
              AND stored.kafka_offset = sought.place) AS found
          FROM unnest(?, ?, ?) AS sought (source, part, place)) AS looked_up WHERE found IS NULL\
        """
            .formatted(TableNames.quoted(table));
    sources = new Short[most];
    partitions = new Integer[most];
    offsets = new Long[most];
  }

  /** Whether there is no room for another one. */
  boolean isFull() {
    return size == offsets.length;
  }

  void add(RejectedEvent event) {
    sources[size] = event.source();
    partitions[size] = event.partition();
    offsets[size] = event.offset();
    size++;
  }

  /**
   * Makes sure that all of them are stored, and forgets them.
   *
   * @throws SQLException {@link BatchFailure#takenAway} when some are not
   */
  void check(PostgresConnectionProvider connections) throws SQLException {
    if (size > 0) {
      check(connections.getOrEstablishConnection());
    }
  }

  /** The same of at least one, by this connection. */
  void check(Connection connection) throws SQLException {
    long missing = missing(connection);
    if (missing != 0) {
      throw BatchFailure.takenAway(table, missing, size);
    }
    size = 0;
  }

  /** How many of them are not stored. */
  long missing(Connection connection) throws SQLException {
    return Transaction.commit(
        connection,
        transaction -> {
          try (PreparedStatement statement = connection.prepareStatement(countMissing)) {
            statement.setArray(1, connection.createArrayOf("int2", upToSize(sources)));
            statement.setArray(2, connection.createArrayOf("int4", upToSize(partitions)));
            statement.setArray(3, connection.createArrayOf("int8", upToSize(offsets)));
            try (ResultSet count = statement.executeQuery()) {
              count.next();
              return count.getLong(1);
            }
          }
        });
  }

  private Object[] upToSize(Object[] values) {
    return Arrays.copyOf(values, size);
  }
}
