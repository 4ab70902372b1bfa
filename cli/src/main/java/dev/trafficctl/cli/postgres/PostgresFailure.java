package dev.trafficctl.cli.postgres;

import dev.trafficctl.cli.CommandException;
import dev.trafficctl.cli.ExitCode;
import java.sql.SQLException;

/** Puts what Postgres or its driver throws into words, by the SQL state. */
final class PostgresFailure {
  private static final String NO_SUCH_TABLE = "42P01";
  private static final String NOT_ALLOWED = "42501";
  private static final String NO_SUCH_DATABASE = "3D000";
  private static final String REJECTED = "08004";

  private PostgresFailure() {}

  /** Why a database cannot be connected to, in one line with the remedy. */
  static CommandException ofConnection(SQLException e, String url, String user) {
    String state = state(e);
    String words;
    if (state.startsWith("28")) {
      words =
          "%s refuses the user '%s' (%s); check the user and POSTGRES_PASSWORD"
              .formatted(url, user, firstLine(e));
    } else if (state.equals(REJECTED) && firstLine(e).contains("no password")) {
      words = "%s asks for the password of the user '%s'; set POSTGRES_PASSWORD";
      words = words.formatted(url, user);
    } else if (state.equals(NO_SUCH_DATABASE)) {
      words = "%s is no database there (%s); check the address".formatted(url, firstLine(e));
    } else {
      words =
          "cannot connect to %s: %s; check the address, and that Postgres runs"
              .formatted(url, firstLine(e));
    }
    return new CommandException(ExitCode.UNREACHABLE, words, e);
  }

  /** Why a question was not answered, in one line with the remedy. */
  static CommandException of(SQLException e, String url) {
    String state = state(e);
    if (state.startsWith("08") || state.startsWith("57P")) {
      return new CommandException(
          ExitCode.UNREACHABLE,
          "the connection to %s is lost: %s; check that Postgres runs, and try again"
              .formatted(url, firstLine(e)),
          e);
    }
    String words =
        switch (state) {
          case NO_SUCH_TABLE ->
              "%s lacks a table of the job (%s): no job has written there yet; check the address,"
                  + " or make the tables with schema.sql";
          case NOT_ALLOWED -> "%s does not allow this user to do that (%s); grant it the right";
          default -> "%s cannot do that: %s";
        };
    return new CommandException(ExitCode.FAILED, words.formatted(url, firstLine(e)), e);
  }

  private static String state(SQLException e) {
    return e.getSQLState() == null ? "" : e.getSQLState();
  }

  /** Without the place in the statement, which the server tells in further lines. */
  static String firstLine(SQLException e) {
    String message = e.getMessage() == null ? "" : e.getMessage();
    String line = message.lines().findFirst().orElse(e.getClass().getSimpleName());
    return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
  }
}
