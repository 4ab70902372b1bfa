package dev.trafficctl.job;

import dev.trafficctl.model.RowSecurity;
import dev.trafficctl.model.WriteFailure;
import java.sql.SQLException;

/**
 * A table is not as it must be, or does not take any row: not the fault of the row that showed it.
 * Nothing may be rejected for it; the job waits until somebody has mended the table.
 */
final class TableFaultException extends SQLException {
  private static final long serialVersionUID = 1L;

  private final String table;

  /**
   * A fault.
   *
   * @param table the table whose fault it is
   * @param cause what Postgres said
   */
  TableFaultException(String table, SQLException cause) {
    super(BatchFailure.message(cause), cause.getSQLState(), cause);
    this.table = table;
  }

  /** What Postgres says of which table, and what to do, in one line. */
  String line(PostgresConnectionProvider connections) {
    return "Postgres takes no row for %s from %s: %s (%s). %s; until then nothing is rejected and nothing is lost, and the job goes on by itself"
        .formatted(table, connections, getMessage(), getSQLState(), remedy(connections.user()));
  }

  private String remedy(String user) {
    if (BatchFailure.isRowSecurity((SQLException) getCause())) {
      return "Row-level security of the table applies to this user; " + RowSecurity.remedy(user);
    }
    return switch (getSQLState()) {
      case "42P01" -> "Make it anew with: trafficctl schema apply";
      case "42501" ->
          "Grant the user SELECT and INSERT on the tables and TEMPORARY on the database";
      case "23502" -> "Give the column a default, or drop its NOT NULL";
      case BatchFailure.CHECK_VIOLATION ->
          BatchFailure.isMissingPartition((SQLException) getCause())
              ? "Add the partition that is missing"
              : "Mend or drop the constraint";
      case WriteFailure.TAKEN_AWAY -> "Mend or drop the trigger";
      default -> "Mend the table";
    };
  }
}
