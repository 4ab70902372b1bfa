package dev.trafficctl.job;

import dev.trafficctl.model.ServerMessages;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * Runs work in one transaction with the time-outs of the job, and keeps nothing of what Postgres
 * sends beside its answers. All of that is set in each transaction anew: behind a pooler the next
 * one may run in another session, and this session may go to others.
 */
final class Transaction {
  /**
   * How long Postgres waits for a lock: long enough for an {@code ALTER TABLE} that only changes
   * the catalog, short enough for checkpoints not to time out.
   */
  static final Duration LOCK_TIMEOUT = Duration.ofSeconds(5);

  /** How long one statement may take: a thousand times what a batch takes on an idle server. */
  static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(20);

  /**
   * How long Postgres keeps a transaction, and its locks, in which nothing happens: a TaskManager
   * that hangs must not hold up the one that takes over.
   */
  static final Duration IDLE_IN_TRANSACTION_TIMEOUT = Duration.ofSeconds(20);

  /**
   * A checkpoint counts on what was committed, so that a crash of Postgres must not take it away.
   * Whoever waits for more than that, such as for standbys, goes on waiting for it.
   */
  private static final String DURABLE =
      "SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'";

  private static final String BEGIN =
      "%s; %s; SET LOCAL statement_timeout = %d; SET LOCAL lock_timeout = %d; SET LOCAL idle_in_transaction_session_timeout = %d"
          .formatted(
              ServerMessages.NONE_IN_TRANSACTION,
              DURABLE,
              STATEMENT_TIMEOUT.toMillis(),
              LOCK_TIMEOUT.toMillis(),
              IDLE_IN_TRANSACTION_TIMEOUT.toMillis());

  private Transaction() {}

  /** What is done in a transaction. */
  @FunctionalInterface
  interface Work<T> {
    /**
     * Does it.
     *
     * @param statement one of the connection
     */
    T with(Statement statement) throws SQLException;
  }

  /** Does the work and commits it, or leaves nothing of it. */
  static <T> T commit(Connection connection, Work<T> work) throws SQLException {
    return run(connection, work, true);
  }

  /** Does the work, and leaves nothing of it. */
  static <T> T rollBack(Connection connection, Work<T> work) throws SQLException {
    return run(connection, work, false);
  }

  private static <T> T run(Connection connection, Work<T> work, boolean lasting)
      throws SQLException {
    connection.setAutoCommit(false);
    T result;
    try (Statement statement = connection.createStatement()) {
      statement.execute(BEGIN);
      result = work.with(statement);
      if (lasting) {
        connection.commit();
      } else {
        connection.rollback();
      }
    } catch (SQLException | RuntimeException e) {
      abort(connection, e);
      throw e;
    }
    connection.setAutoCommit(true);
    connection.clearWarnings();
    return result;
  }

  private static void abort(Connection connection, Exception cause) {
    try {
      connection.rollback();
      connection.setAutoCommit(true);
      connection.clearWarnings();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }
}
