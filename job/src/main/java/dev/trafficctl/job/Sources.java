package dev.trafficctl.job;

import dev.trafficctl.model.Tables;
import dev.trafficctl.model.WriteFailure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import org.apache.kafka.common.Uuid;

/** The numbers of sources: each topic id that was ever read has one, and rows are keyed by it. */
final class Sources {
  private static final String FIND = "SELECT source FROM sources WHERE topic_id = ?";
  private static final String ADD =
      "INSERT INTO sources (topic_id, topic) VALUES (?, ?) ON CONFLICT (topic_id) DO NOTHING";

  private Sources() {}

  /**
   * The number of a topic id, given to it now if it has none yet.
   *
   * @throws TableFaultException when the table does not take it
   */
  static short numberOf(Connection connection, Uuid topicId, String topic) throws SQLException {
    try {
      return Transaction.commit(
          connection, statement -> findOrAdd(connection, uuid(topicId), topic));
    } catch (SQLException e) {
      WriteFailure failure = BatchFailure.of(e);
      throw failure == WriteFailure.REFUSED || failure == WriteFailure.TABLE
          ? new TableFaultException(Tables.SOURCES, e)
          : e;
    }
  }

  /** Whether a topic id has a number: whether a job has ever written of that topic there. */
  static boolean isKnown(Connection connection, Uuid topicId) throws SQLException {
    return Transaction.rollBack(connection, statement -> find(connection, uuid(topicId)) != null);
  }

  private static UUID uuid(Uuid topicId) {
    return new UUID(topicId.getMostSignificantBits(), topicId.getLeastSignificantBits());
  }

  private static short findOrAdd(Connection connection, UUID id, String topic) throws SQLException {
    Short number = find(connection, id);
    if (number != null) {
      return number;
    }
    // Several subtasks may come here at once: one inserts, all of them find.
    try (PreparedStatement add = connection.prepareStatement(ADD)) {
      add.setObject(1, id);
      add.setString(2, topic);
      add.executeUpdate();
    }
    number = find(connection, id);
    if (number == null) {
      throw BatchFailure.takenAway(Tables.SOURCES, 1, 1);
    }
    return number;
  }

  private static Short find(Connection connection, UUID id) throws SQLException {
    try (PreparedStatement find = connection.prepareStatement(FIND)) {
      find.setObject(1, id);
      try (ResultSet row = find.executeQuery()) {
        return row.next() ? row.getShort(1) : null;
      }
    }
  }
}
