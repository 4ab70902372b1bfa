package dev.trafficctl.cli.postgres;

import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.process.NextCommands;
import dev.trafficctl.model.ConnectionFailure;
import dev.trafficctl.model.RowSecurity;
import dev.trafficctl.model.WriteFailure;
import dev.trafficctl.model.WriteFailure.Origin;
import java.sql.SQLException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Puts what Postgres or its driver throws into words, by the SQL state. */
final class PostgresFailure {
  private static final String NO_SUCH_TABLE = "42P01";
  private static final String NO_SUCH_COLUMN = "42703";
  private static final String NOT_ALLOWED = "42501";

  private PostgresFailure() {}

  /**
   * Why a database cannot be connected to, in one line with the remedy.
   *
   * @param withPassword whether a password was given
   */
  static CommandException ofConnection(
      SQLException e, String url, String user, boolean withPassword) {
    return new CommandException(
        ExitCode.UNREACHABLE,
        ConnectionFailure.of(e, primary(e), url, user, withPassword).words(),
        e);
  }

  /**
   * Why a question of a user was not answered, in one line with the remedy.
   *
   * @param next what is recommended where a table is missing
   */
  static CommandException of(SQLException e, String url, String user, NextCommands next) {
    String state = state(e);
    if (state.startsWith("08") || state.startsWith("57P")) {
      return new CommandException(
          ExitCode.UNREACHABLE,
          "the connection to %s is lost: %s; check that Postgres runs, and try again"
              .formatted(url, firstLine(e)),
          e);
    }
    if (RowSecurity.isCauseOf(error(e))) {
      return new CommandException(
          ExitCode.FAILED,
          "%s hides rows from user '%s' by row-level security: %s; %s, or give another user with --postgres-user"
              .formatted(url, user, firstLine(e), RowSecurity.remedy(user)),
          e);
    }
    String words =
        switch (state) {
          case NO_SUCH_TABLE ->
              "%s lacks a table of the job (%s): no job has written there yet; check the address,"
                  + " or make the tables with: "
                  + next.makeTables();
          case NO_SUCH_COLUMN ->
              "%s lacks a column of the job (%s): its tables are of an earlier version, or have lost"
                  + " it; what brings them to this version: "
                  + next.makeTables();
          case NOT_ALLOWED -> "%s does not allow this user to do that (%s); grant it the right";
          default -> "%s cannot do that: %s";
        };
    return new CommandException(ExitCode.FAILED, words.formatted(url, firstLine(e)), e);
  }

  /** Whether a row is refused, rather than the whole statement. */
  static boolean refusesARow(SQLException e) {
    ServerErrorMessage error = error(e);
    Origin origin = error == null ? Origin.SERVER : Origin.of(error.getWhere(), error.getRoutine());
    return WriteFailure.of(e.getSQLState(), origin) == WriteFailure.REFUSED;
  }

  private static ServerErrorMessage error(SQLException e) {
    return e instanceof PSQLException server ? server.getServerErrorMessage() : null;
  }

  private static String state(SQLException e) {
    return e.getSQLState() == null ? "" : e.getSQLState();
  }

  /** What the server says without the severity, or else what the driver says. */
  private static String primary(SQLException e) {
    ServerErrorMessage error = error(e);
    return error == null ? firstLine(e) : error.getMessage();
  }

  /** Without the place in the statement, which the server tells in further lines. */
  static String firstLine(SQLException e) {
    String message = e.getMessage() == null ? "" : e.getMessage();
    String line = message.lines().findFirst().orElse(e.getClass().getSimpleName());
    return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
  }
}
