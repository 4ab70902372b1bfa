package dev.trafficctl.job;

import dev.trafficctl.model.RejectedEvent;
import dev.trafficctl.model.RowParameters;
import dev.trafficctl.model.Tables;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

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
    insert = RowParameters.insertion(name, Tables.REJECTED);
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
   * @throws TableFaultException when the table does not take it
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
    return switch (BatchFailure.of(e)) {
      case REFUSED, TABLE -> new TableFaultException(name, e);
      default -> e;
    };
  }

  /** Sets the parameters of {@link #insertStatement} such that Postgres can store each of them. */
  static void bind(PreparedStatement statement, RejectedEvent event) throws SQLException {
    RowParameters.bind(
        statement,
        Tables.REJECTED,
        new RejectedEvent(
            event.source(),
            event.partition(),
            event.offset(),
            event.kafkaTimestamp(),
            PostgresText.storable(event.reason(), DETAIL_LENGTH),
            PostgresText.storable(event.detail(), DETAIL_LENGTH),
            event.payload(),
            event.payloadBytes()));
  }
}
