package dev.trafficctl.cli.postgres;

import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.model.ProcessedEvent;
import dev.trafficctl.model.RejectedEvent;
import dev.trafficctl.model.Rejection;
import dev.trafficctl.model.RowParameters;
import dev.trafficctl.model.ServerMessages;
import dev.trafficctl.model.TableNames;
import dev.trafficctl.model.Tables;
import dev.trafficctl.model.WebEvent;
import dev.trafficctl.model.WriteFailure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Brings rejected events to where their events belong now. The key is the event's place in Kafka,
 * so that it can be done again, and beside the job.
 */
public final class Settlement {
  /**
   * Postgres waits so long for a lock that another session has, and tells what it answers alone.
   */
  private static final String BEGIN =
      ServerMessages.NONE_IN_TRANSACTION + "; SET LOCAL lock_timeout = '10s'";

  private static final String THIS_ROW =
      Tables.KEY.stream().map(column -> column + " = ?").collect(Collectors.joining(" AND "));

  private final DatabaseSession session;
  private final Connection connection;
  private final TableNames names;
  private final String store;
  private final String isStored;
  private final String remove;
  private final String reject;

  Settlement(DatabaseSession session, TableNames names) {
    this.session = session;
    connection = session.connection();
    this.names = names;
    String events = TableNames.quoted(names.events());
    String rejected = TableNames.quoted(names.rejected());
    store = RowParameters.insertion(names.events(), Tables.EVENTS);
    isStored = "SELECT 1 FROM %s WHERE %s".formatted(events, THIS_ROW);
    remove = "DELETE FROM %s WHERE %s".formatted(rejected, THIS_ROW);
    reject = RowParameters.insertion(names.rejected(), Tables.REJECTED);
  }

  /** Where the event of a row belongs. */
  public sealed interface Verdict {
    /** The row. */
    RejectedRow row();

    /** To the table of events. */
    record Keep(RejectedRow row, WebEvent event) implements Verdict {}

    /** Nowhere: the filter drops it. */
    record Drop(RejectedRow row) implements Verdict {}

    /** To the table of rejected events, for what is said of it now. */
    record Reject(RejectedRow row, Rejection rejection, byte[] payload, int payloadBytes)
        implements Verdict {}
  }

  /**
   * What came of a verdict that Postgres does not accept.
   *
   * @param row the row, which stays
   * @param state the SQLSTATE
   * @param message what Postgres says
   */
  public record Refusal(RejectedRow row, String state, String message) {}

  /**
   * What came of verdicts.
   *
   * @param stored how many rows of events were written; others were there already
   * @param refusals what Postgres does not accept
   */
  public record Done(int stored, List<Refusal> refusals) {}

  /**
   * Makes sure that the user may do it.
   *
   * @throws CommandException with {@link ExitCode#FAILED} and what to grant if not
   */
  public void requireRights() {
    String query =
        """
        SELECT quote_ident(current_user), wanted,
               quote_ident(nspname) || '.' || quote_ident(relname)
        FROM (VALUES
          ('SELECT', ?), ('INSERT', ?), ('SELECT', ?), ('INSERT', ?), ('DELETE', ?))
          AS needed(wanted, place)
        JOIN pg_class ON pg_class.oid = to_regclass(place)
        JOIN pg_namespace ON pg_namespace.oid = relnamespace
        WHERE NOT has_table_privilege(pg_class.oid, wanted)\
        """;
    String events = TableNames.quoted(names.events());
    String rejected = TableNames.quoted(names.rejected());
    List<String> places = List.of(events, events, rejected, rejected, rejected);
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      for (int i = 0; i < places.size(); i++) {
        statement.setString(i + 1, places.get(i));
      }
      ResultSet missing = statement.executeQuery();
      List<String> grants = new ArrayList<>();
      String user = "";
      while (missing.next()) {
        user = missing.getString(1);
        grants.add(
            "GRANT %s ON %s TO %s".formatted(missing.getString(2), missing.getString(3), user));
      }
      if (!grants.isEmpty()) {
        throw new CommandException(
            ExitCode.FAILED,
            "the user %s may not do that in %s, and nothing was changed; an owner of the tables can allow it: %s; or give another user with --postgres-user"
                .formatted(user, session.url(), String.join("; ", grants)));
      }
    } catch (SQLException e) {
      throw session.failure(e);
    }
    requireAllRows(events);
    requireAllRows(rejected);
  }

  /** Where a policy hides a row, it looks as if a trigger had taken it away. */
  private void requireAllRows(String table) {
    session.read(
        () -> {
          try (Statement statement = connection.createStatement()) {
            return statement.execute("SELECT FROM " + table + " LIMIT 0");
          }
        });
  }

  /**
   * Carries out verdicts, all in one transaction; if Postgres does not accept one of them, each in
   * one of its own.
   */
  public Done carryOut(List<Verdict> verdicts) {
    try {
      return new Done(together(verdicts), List.of());
    } catch (SQLException e) {
      if (!PostgresFailure.refusesARow(e)) {
        throw session.failure(e);
      }
    }
    int stored = 0;
    List<Refusal> refusals = new ArrayList<>();
    for (Verdict verdict : verdicts) {
      try {
        stored += together(List.of(verdict));
      } catch (SQLException e) {
        if (!PostgresFailure.refusesARow(e)) {
          throw session.failure(e);
        }
        refusals.add(new Refusal(verdict.row(), e.getSQLState(), PostgresFailure.firstLine(e)));
      }
    }
    return new Done(stored, refusals);
  }

  private int together(List<Verdict> verdicts) throws SQLException {
    int stored;
    connection.setAutoCommit(false);
    try (Statement settings = connection.createStatement();
        PreparedStatement store = connection.prepareStatement(this.store);
        PreparedStatement remove = connection.prepareStatement(this.remove);
        PreparedStatement reject = connection.prepareStatement(this.reject)) {
      settings.execute(BEGIN);
      List<RejectedRow> kept = new ArrayList<>();
      for (Verdict verdict : verdicts) {
        place(remove, verdict.row());
        remove.addBatch();
        if (verdict instanceof Verdict.Keep keep) {
          bind(store, keep.row(), keep.event());
          store.addBatch();
          kept.add(keep.row());
        } else if (verdict instanceof Verdict.Reject rejected) {
          bind(reject, rejected);
          reject.addBatch();
        }
      }
      remove.executeBatch();
      int[] counts = store.executeBatch();
      stored = Arrays.stream(counts).sum();
      for (int i = 0; i < counts.length; i++) {
        if (counts[i] == 0) {
          requireStored(kept.get(i));
        }
      }
      reject.executeBatch();
      connection.commit();
    } catch (SQLException e) {
      SQLException cause = e.getNextException() == null ? e : e.getNextException();
      rollBack(cause);
      throw cause;
    }
    connection.setAutoCommit(true);
    connection.clearWarnings();
    return stored;
  }

  /** The count cannot tell a row that was there from one that a trigger took away. */
  private void requireStored(RejectedRow row) throws SQLException {
    try (PreparedStatement sought = connection.prepareStatement(isStored)) {
      place(sought, row);
      try (ResultSet found = sought.executeQuery()) {
        if (!found.next()) {
          throw new SQLException(
              "a trigger on %s took the row away".formatted(names.events()),
              WriteFailure.TAKEN_AWAY);
        }
      }
    }
  }

  private void rollBack(SQLException cause) {
    try {
      connection.rollback();
      connection.setAutoCommit(true);
      connection.clearWarnings();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  private static void place(PreparedStatement statement, RejectedRow row) throws SQLException {
    statement.setShort(1, row.source());
    statement.setInt(2, row.partition());
    statement.setLong(3, row.offset());
  }

  private static void bind(PreparedStatement store, RejectedRow row, WebEvent event)
      throws SQLException {
    // Whether it came late was not noted when it was rejected.
    RowParameters.bind(
        store,
        Tables.EVENTS,
        new ProcessedEvent(row.source(), row.partition(), row.offset(), millis(row), false, event));
  }

  private static void bind(PreparedStatement reject, Verdict.Reject verdict) throws SQLException {
    RejectedRow row = verdict.row();
    RowParameters.bind(
        reject,
        Tables.REJECTED,
        new RejectedEvent(
            row.source(),
            row.partition(),
            row.offset(),
            millis(row),
            verdict.rejection().reason().code(),
            verdict.rejection().detail(),
            verdict.payload(),
            verdict.payloadBytes()));
  }

  private static long millis(RejectedRow row) {
    return row.kafkaTimestamp() == null ? -1 : row.kafkaTimestamp().toEpochMilli();
  }
}
