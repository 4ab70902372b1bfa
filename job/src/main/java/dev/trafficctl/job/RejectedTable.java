package dev.trafficctl.job;

import dev.trafficctl.model.StoredValues;
import dev.trafficctl.model.TableNames;
import dev.trafficctl.model.Tables;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** How rows come into a table of rejected events; one that is there already stays as it is. */
final class RejectedTable {
  private static final int DETAIL_LENGTH = 1_000;

  private final String name;
  private final String insert;

  /**
   * One table.
   *
   * @param name its name
   */
  RejectedTable(String name) {
    this.name = name;
    insert =
        "INSERT INTO %s (%s) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (%s) DO NOTHING"
            .formatted(
                TableNames.quoted(name),
                String.join(", ", Tables.REJECTED_EVENTS_COLUMNS),
                String.join(", ", Tables.KEY));
  }

  /** Its name. */
  String name() {
    return name;
  }

  /** The statement that writes one rejected event, with the parameters that {@link #bind} sets. */
  String insertStatement() {
    return insert;
  }

  /**
   * Writes one rejected event.
   *
   * @throws TableFault when the table does not take it
   */
  void insert(Connection connection, RejectedEvent event) throws SQLException {
    try {
      int stored =
          Transaction.commit(
              connection,
              transaction -> {
                try (PreparedStatement statement = connection.prepareStatement(insert)) {
                  bind(statement, event);
                  return statement.executeUpdate();
                }
              });
      // None is stored of one that is there already either.
      if (stored == 0) {
        UncheckedRejections unchecked = new UncheckedRejections(name, 1);
        unchecked.add(event);
        unchecked.check(connection);
      }
    } catch (SQLException e) {
      throw fault(e);
    }
  }

  /** No rejected event is refused for its own sake: all of it is made to fit. */
  SQLException fault(SQLException e) {
    return switch (PostgresFailure.of(e)) {
      case REFUSED, TABLE -> new TableFault(name, e);
      default -> e;
    };
  }

  /** Sets the parameters of {@link #insertStatement} such that Postgres can store each of them. */
  static void bind(PreparedStatement statement, RejectedEvent event) throws SQLException {
    statement.setShort(1, event.source());
    statement.setInt(2, event.partition());
    statement.setLong(3, event.offset());
    statement.setObject(
        4,
        StoredValues.hasTimestamp(event.kafkaTimestamp())
            ? OffsetDateTime.ofInstant(Instant.ofEpochMilli(event.kafkaTimestamp()), ZoneOffset.UTC)
            : null);
    statement.setString(5, PostgresText.storable(event.reason(), DETAIL_LENGTH));
    statement.setString(6, PostgresText.storable(event.detail(), DETAIL_LENGTH));
    statement.setBytes(7, event.payload());
    statement.setInt(8, event.payloadBytes());
  }
}
