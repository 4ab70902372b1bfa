package dev.trafficctl.cli.postgres;

import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.model.SchemaVersion;
import dev.trafficctl.model.TableCheck;
import dev.trafficctl.model.Tables;
import dev.trafficctl.model.TablesPlace;
import dev.trafficctl.schema.Migrations;
import dev.trafficctl.schema.SchemaPlan;
import dev.trafficctl.schema.SchemaRefusedException;
import java.sql.Connection;
import java.util.List;
import java.util.SortedMap;

/**
 * The schema of a job's tables: which version it is, and how it gets to the newest. Every method
 * throws a {@link CommandException} on failure.
 */
public final class SchemaTables implements AutoCloseable {
  private final DatabaseSession session;
  private final Connection connection;
  private final JobDatabase database;

  SchemaTables(DatabaseSession session, JobDatabase database) {
    this.session = session;
    connection = session.connection();
    this.database = database;
  }

  /**
   * What the tables are like.
   *
   * @param tables those that are there, with their schemas, by their plain names
   * @param version the version of the schema that they are of
   * @param problems what they lack for a job of this build, a line each
   */
  public record State(
      SortedMap<String, String> tables, SchemaVersion version, List<String> problems) {
    /** Whether they are as this build has them. */
    public boolean isCurrent() {
      return problems.isEmpty() && version.number() == Tables.VERSION;
    }
  }

  /** Looks at the tables, as the user who is connected finds them. */
  public State state() {
    return query(
        () ->
            new State(
                TablesPlace.of(connection, database.tables()).tables(),
                SchemaVersion.of(connection, database.tables()),
                TableCheck.problems(connection, database.tables(), database.toString())));
  }

  /** What there is to do. */
  public SchemaPlan plan() {
    return query(() -> Migrations.plan(connection, database.tables()));
  }

  /**
   * Does it, all or nothing.
   *
   * @param user the job's, who is let read and append, or null to grant nothing
   */
  public SchemaPlan apply(String user) {
    return query(
        () -> {
          // A statement that changes a large table may take long.
          connection.setNetworkTimeout(Runnable::run, 0);
          return Migrations.apply(connection, database.tables(), user);
        });
  }

  private <T> T query(DatabaseSession.Query<T> query) {
    try {
      return session.run(query);
    } catch (SchemaRefusedException e) {
      throw new CommandException(ExitCode.REFUSED, e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    session.close();
  }
}
