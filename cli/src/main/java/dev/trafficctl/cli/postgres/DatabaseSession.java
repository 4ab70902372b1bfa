package dev.trafficctl.cli.postgres;

import dev.trafficctl.cli.context.Destination;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.NextCommands;
import dev.trafficctl.model.RowSecurity;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** A connection to a database as one user, and the words for what goes wrong on it. */
record DatabaseSession(Connection connection, String url, String user, NextCommands next)
    implements AutoCloseable {
  /**
   * Connects.
   *
   * @throws CommandException when that fails
   */
  static DatabaseSession open(Destination server, String user, NextCommands next) {
    return new DatabaseSession(PostgresConnection.open(server, user), server.address(), user, next);
  }

  /**
   * Reads, and changes nothing. What is set ends with the transaction: behind a pooler the session
   * goes to others then.
   *
   * @throws CommandException when it fails, also where the user may not see every row
   */
  <T> T read(Query<T> query) {
    return run(
        () -> {
          T answer;
          connection.setAutoCommit(false);
          try (Statement statement = connection.createStatement()) {
            statement.execute(RowSecurity.REFUSED_IN_TRANSACTION);
            answer = query.run();
            connection.rollback();
          } catch (SQLException e) {
            abort(e);
            throw e;
          }
          connection.setAutoCommit(true);
          return answer;
        });
  }

  private void abort(SQLException cause) {
    try {
      connection.rollback();
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  /**
   * Runs what has a transaction of its own.
   *
   * @throws CommandException when it fails
   */
  <T> T run(Query<T> query) {
    try {
      return query.run();
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** Why a question was not answered, in one line with the remedy. */
  CommandException failure(SQLException e) {
    return PostgresFailure.of(e, url, user, next);
  }

  @Override
  public void close() {
    run(
        () -> {
          connection.close();
          return null;
        });
  }

  /** What is asked of a connection. */
  @FunctionalInterface
  interface Query<T> {
    T run() throws SQLException;
  }
}
