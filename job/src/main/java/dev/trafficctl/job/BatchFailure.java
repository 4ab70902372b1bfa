package dev.trafficctl.job;

import dev.trafficctl.model.RowSecurity;
import dev.trafficctl.model.WriteFailure;
import dev.trafficctl.model.WriteFailure.Origin;
import java.sql.SQLException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.postgresql.util.ServerErrorMessage;

/** Tells what an error of Postgres means for the rows of a batch, and puts it into words. */
final class BatchFailure {
  static final String CHECK_VIOLATION = "23514";

  private static final int MESSAGE_LENGTH = 300;

  private BatchFailure() {}

  static WriteFailure of(SQLException e) {
    return e instanceof TableFaultException || (isMissingPartition(e) && origin(e) == Origin.SERVER)
        ? WriteFailure.TABLE
        : WriteFailure.of(e.getSQLState(), origin(e));
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

  /** Whether row-level security keeps the user from it. */
  static boolean isRowSecurity(SQLException e) {
    return RowSecurity.isCauseOf(error(e));
  }

  private static Origin origin(SQLException e) {
    ServerErrorMessage error = error(e);
    return error == null ? Origin.SERVER : Origin.of(error.getWhere(), error.getRoutine());
  }

  /** Whether Postgres has given up a statement that took too long, or was told to. */
  static boolean isCancelled(SQLException e) {
    return WriteFailure.CANCELLED.equals(e.getSQLState());
  }

  /** What a trigger that returns NULL does: the row is not stored, and Postgres does not say so. */
  static SQLException takenAway(String table, long rows, long of) {
    return new SQLException(
        "a trigger on %s took %d of %d rows away".formatted(table, rows, of),
        WriteFailure.TAKEN_AWAY);
  }

  /** Whether a row with the same key, or the same value of another unique index, is there. */
  static boolean isUniqueViolation(SQLException e) {
    return PSQLState.UNIQUE_VIOLATION.getState().equals(e.getSQLState());
  }

  /**
   * Whether a row that is there excludes another one, by a unique index or as a constraint says.
   */
  static boolean isExcluded(SQLException e) {
    return isUniqueViolation(e) || PSQLState.EXCLUSION_VIOLATION.getState().equals(e.getSQLState());
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
