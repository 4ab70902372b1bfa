package dev.trafficctl.job;

import java.sql.SQLException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.postgresql.util.ServerErrorMessage;

/**
 * What a failed statement means for the batch, by its SQLSTATE.
 *
 * @see <a href="https://www.postgresql.org/docs/18/errcodes-appendix.html">the codes of
 *     Postgres</a>
 */
enum PostgresFailure {
  /** The connection is gone, or another session was in the way: try again on a new connection. */
  TRANSIENT,
  /** Postgres cannot write just now; what helps is time. */
  UNAVAILABLE,
  /** A row is refused; whether for its own sake, or because the table takes none, is not said. */
  REFUSED,
  /** The table, or what the user may do with it, is not as it must be, whatever the row. */
  TABLE;

  /** The state of {@link #takenAway}: no data. */
  static final String TAKEN_AWAY = "02000";

  static final String CHECK_VIOLATION = "23514";

  private static final int MESSAGE_LENGTH = 300;

  static PostgresFailure of(SQLException e) {
    if (e instanceof TableFault) {
      return TABLE;
    }
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    return switch (state) {
      // Lock not available; idle-in-transaction time-out.
      case "55P03", "25P03" -> TRANSIENT;
      // Cancelled, or took longer than statement_timeout.
      case "57014" -> UNAVAILABLE;
      default -> isMissingPartition(e) ? TABLE : ofClass(state, isFromFunction(e));
    };
  }

  /** A trigger may raise any state that is not the server's own, for one row or for every one. */
  private static PostgresFailure ofClass(String state, boolean fromFunction) {
    return switch (state.length() < 2 ? "" : state.substring(0, 2)) {
      case "08", "40", "57" -> TRANSIENT;
      case "", "53", "58", "F0" -> UNAVAILABLE;
      case "25", "55", "XX" -> fromFunction ? REFUSED : UNAVAILABLE;
      case "0A", "28", "3D", "3F", "42" -> fromFunction ? REFUSED : TABLE;
      default -> REFUSED;
    };
  }

  /**
   * Whether no partition takes the row. The columns that a table can be partitioned by are those of
   * its key, so this depends on the place in Kafka alone, never on what the event says.
   */
  static boolean isMissingPartition(SQLException e) {
    ServerErrorMessage error = error(e);
    return error != null
        && CHECK_VIOLATION.equals(e.getSQLState())
        && error.getConstraint() == null
        && error.getTable() != null;
  }

  /** Whether the error arose in a function, such as that of a trigger. */
  private static boolean isFromFunction(SQLException e) {
    ServerErrorMessage error = error(e);
    return error != null && error.getWhere() != null && error.getWhere().contains(" function ");
  }

  /** What a trigger that returns NULL does: the row is not stored, and Postgres does not say so. */
  static SQLException takenAway(String table, long rows, long of) {
    return new SQLException(
        "a trigger on %s took %d of %d rows away".formatted(table, rows, of), TAKEN_AWAY);
  }

  /** Whether a row with the same key, or the same value of another unique index, is there. */
  static boolean isUniqueViolation(SQLException e) {
    return PSQLState.UNIQUE_VIOLATION.getState().equals(e.getSQLState());
  }

  /**
   * What went wrong, in one line without control characters: the server's primary message, which
   * quotes no row, or else the driver's.
   */
  static String message(SQLException e) {
    ServerErrorMessage error = error(e);
    return PostgresText.storable(
            String.valueOf(error == null ? e.getMessage() : error.getMessage()), MESSAGE_LENGTH)
        .replaceFirst("\\.$", "");
  }

  private static ServerErrorMessage error(SQLException e) {
    return e instanceof PSQLException server ? server.getServerErrorMessage() : null;
  }
}
