package dev.trafficctl.job;

import java.sql.SQLException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;

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
  /** At least one row of the batch cannot be stored, whoever tries however often. */
  BAD_ROW,
  /** The table, or what the user may do with it, is not as it must be. */
  MISCONFIGURED;

  private static final int MESSAGE_LENGTH = 300;

  static PostgresFailure of(SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    return switch (state) {
      // Lock not available; idle-in-transaction time-out.
      case "55P03", "25P03" -> TRANSIENT;
      // Cancelled, or took longer than statement_timeout.
      case "57014" -> UNAVAILABLE;
      default -> ofClass(state);
    };
  }

  private static PostgresFailure ofClass(String state) {
    return switch (state.length() < 2 ? "" : state.substring(0, 2)) {
      case "08", "40", "57" -> TRANSIENT;
      case "22", "23", "54" -> BAD_ROW;
      case "28", "3D", "3F", "42" -> MISCONFIGURED;
      default -> UNAVAILABLE;
    };
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
    String message =
        e instanceof PSQLException server && server.getServerErrorMessage() != null
            ? server.getServerErrorMessage().getMessage()
            : e.getMessage();
    return PostgresText.storable(String.valueOf(message), MESSAGE_LENGTH).replaceFirst("\\.$", "");
  }
}
