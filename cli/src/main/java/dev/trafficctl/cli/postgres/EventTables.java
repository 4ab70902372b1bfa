package dev.trafficctl.cli.postgres;

import dev.trafficctl.cli.context.Destination;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.process.NextCommands;
import dev.trafficctl.model.TableNames;
import dev.trafficctl.model.TablesPlace;
import dev.trafficctl.schema.Migrations;
import dev.trafficctl.schema.SchemaRefusedException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** The tables that the job writes. Every method throws a {@link CommandException} on failure. */
public final class EventTables implements AutoCloseable {
  private static final String RANGES =
      " JOIN unnest(?, ?, ?) AS range(part, start, past) ON kafka_partition = part"
          + " AND kafka_offset >= start AND kafka_offset < past WHERE source = ?";

  private final DatabaseSession session;
  private final Connection connection;
  private final TableNames names;
  private final String eventsTable;
  private final String rejectedTable;

  private EventTables(DatabaseSession session, TableNames names) {
    this.session = session;
    connection = session.connection();
    this.names = names;
    eventsTable = TableNames.quoted(names.events());
    rejectedTable = TableNames.quoted(names.rejected());
  }

  /**
   * Connects to a database.
   *
   * @param names which of its tables are meant
   * @param next what is recommended where one of them is missing
   */
  public static EventTables connect(
      Destination server, String user, TableNames names, NextCommands next) {
    return new EventTables(DatabaseSession.open(server, user, next), names);
  }

  /** What this session looks at. */
  public LookedAt lookedAt(JobDatabase database) {
    return session.read(
        () -> {
          TablesPlace place = TablesPlace.of(connection, names);
          try (Statement statement = connection.createStatement();
              ResultSet row =
                  statement.executeQuery(
                      "SELECT current_user, host(inet_server_addr()) || ':' || inet_server_port()")) {
            row.next();
            return new LookedAt(database.address(), row.getString(2), row.getString(1), place);
          }
        });
  }

  /**
   * Where a session with another search_path would find the tables.
   *
   * @param searchPath a value of that setting
   */
  public TablesPlace placeBy(String searchPath) {
    return session.run(
        () -> {
          // In a transaction that ends: behind a pooler the session goes to others then.
          connection.setAutoCommit(false);
          try (PreparedStatement statement =
              connection.prepareStatement("SELECT set_config('search_path', ?, true)")) {
            statement.setString(1, searchPath);
            statement.executeQuery().close();
            return TablesPlace.of(connection, names);
          } finally {
            connection.rollback();
            connection.setAutoCommit(true);
          }
        });
  }

  /**
   * Makes the tables, or brings them to this version, and lets the job write them.
   *
   * @param user the job's
   */
  public void create(String user) {
    session.run(
        () -> {
          try {
            Migrations.apply(connection, names, user);
          } catch (SchemaRefusedException e) {
            throw new CommandException(ExitCode.REFUSED, e.getMessage(), e);
          }
          return null;
        });
  }

  /** The number that stands for a topic id, or nothing when no job has ever read that topic. */
  public Optional<Short> source(UUID topicId) {
    return session.read(
        () -> {
          try (PreparedStatement statement =
              connection.prepareStatement("SELECT source FROM sources WHERE topic_id = ?")) {
            statement.setObject(1, topicId);
            ResultSet rows = statement.executeQuery();
            return rows.next() ? Optional.of(rows.getShort(1)) : Optional.<Short>empty();
          }
        });
  }

  /** The numbers of other topic ids that have, or had, the same name. */
  public List<Short> othersNamed(String topic, UUID topicId) {
    return session.read(
        () -> {
          try (PreparedStatement statement =
              connection.prepareStatement(
                  "SELECT source FROM sources WHERE topic = ? AND topic_id <> ? ORDER BY source")) {
            statement.setString(1, topic);
            statement.setObject(2, topicId);
            ResultSet rows = statement.executeQuery();
            List<Short> sources = new ArrayList<>();
            while (rows.next()) {
              sources.add(rows.getShort(1));
            }
            return sources;
          }
        });
  }

  /**
   * The greatest offset that each partition has in a table; without partitions that have no row.
   *
   * @param table the name of one of the tables
   */
  public SortedMap<Integer, Long> greatestOffsets(String table, short source) {
    // From one partition to the next by the key: a plain GROUP BY would read every row.
    String query =
        """
        WITH RECURSIVE part AS (
          (SELECT kafka_partition AS number FROM %1$s WHERE source = ?
            ORDER BY kafka_partition LIMIT 1)
          UNION ALL
          SELECT (SELECT kafka_partition FROM %1$s WHERE source = ? AND kafka_partition > number
            ORDER BY kafka_partition LIMIT 1) FROM part WHERE number IS NOT NULL)
        SELECT number, (SELECT max(kafka_offset) FROM %1$s
            WHERE source = ? AND kafka_partition = number)
          FROM part WHERE number IS NOT NULL\
        """
            .formatted(TableNames.quoted(table));
    return session.read(
        () -> {
          try (PreparedStatement statement = connection.prepareStatement(query)) {
            for (int parameter = 1; parameter <= 3; parameter++) {
              statement.setShort(parameter, source);
            }
            ResultSet rows = statement.executeQuery();
            SortedMap<Integer, Long> offsets = new TreeMap<>();
            while (rows.next()) {
              offsets.put(rows.getInt(1), rows.getLong(2));
            }
            return offsets;
          }
        });
  }

  /** Counts the rows of a source whose offsets are in the ranges. */
  public RowCounts count(short source, OffsetRanges ranges) {
    return session.read(
        () -> {
          SortedMap<Integer, Long> written = new TreeMap<>();
          long late = 0;
          try (PreparedStatement statement =
              inRanges(
                  "SELECT kafka_partition, count(*), count(*) FILTER (WHERE late)"
                      + " FROM "
                      + eventsTable,
                  " GROUP BY kafka_partition",
                  source,
                  ranges)) {
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
              written.put(rows.getInt(1), rows.getLong(2));
              late += rows.getLong(3);
            }
          }
          SortedMap<Integer, Long> rejected = new TreeMap<>();
          SortedMap<String, Long> byReason = new TreeMap<>();
          try (PreparedStatement statement =
              inRanges(
                  "SELECT kafka_partition, reason, count(*) FROM " + rejectedTable,
                  " GROUP BY kafka_partition, reason",
                  source,
                  ranges)) {
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
              rejected.merge(rows.getInt(1), rows.getLong(3), Long::sum);
              byReason.merge(rows.getString(2), rows.getLong(3), Long::sum);
            }
          }
          return new RowCounts(written, late, rejected, byReason);
        });
  }

  /**
   * When the last of the rows could be seen by others: the time of its commit, which Postgres keeps
   * with {@code track_commit_timestamp}; nothing when there is no row.
   */
  public Optional<Instant> lastCommit(short source, OffsetRanges ranges) {
    return session.read(
        () -> {
          Optional<Instant> last = Optional.empty();
          for (String table : List.of(eventsTable, rejectedTable)) {
            try (PreparedStatement statement =
                inRanges(
                    "SELECT max(pg_xact_commit_timestamp(xid)) FROM (SELECT DISTINCT "
                        + table
                        + ".xmin AS xid FROM "
                        + table,
                    ") AS transactions",
                    source,
                    ranges)) {
              ResultSet rows = statement.executeQuery();
              rows.next();
              OffsetDateTime time = rows.getObject(1, OffsetDateTime.class);
              if (time != null && (last.isEmpty() || last.get().isBefore(time.toInstant()))) {
                last = Optional.of(time.toInstant());
              }
            }
          }
          return last;
        });
  }

  /** When half of the events could be seen by others; nothing when there is no row. */
  public Optional<Instant> halfCommitted(short source, OffsetRanges ranges) {
    return session.read(
        () -> {
          try (PreparedStatement statement =
              inRanges(
                  "SELECT min(time) FROM (SELECT time, sum(rows) OVER (ORDER BY time) AS upto,"
                      + " sum(rows) OVER () AS total FROM (SELECT pg_xact_commit_timestamp(xid)"
                      + " AS time, rows FROM (SELECT "
                      + eventsTable
                      + ".xmin AS xid, count(*) AS rows FROM "
                      + eventsTable,
                  " GROUP BY "
                      + eventsTable
                      + ".xmin) AS transactions) AS commits) AS progress"
                      + " WHERE upto * 2 >= total",
                  source,
                  ranges)) {
            ResultSet rows = statement.executeQuery();
            rows.next();
            return Optional.ofNullable(rows.getObject(1, OffsetDateTime.class))
                .map(OffsetDateTime::toInstant);
          }
        });
  }

  /** Some rows of the table of events, in the order of their place in Kafka. */
  public List<EventRow> sample(short source, OffsetRanges ranges, int most) {
    return session.read(
        () -> {
          List<EventRow> sample = new ArrayList<>();
          try (PreparedStatement statement =
              inRanges(
                  "SELECT kafka_partition, kafka_offset, event_timestamp, host(ip), host, url"
                      + " FROM "
                      + eventsTable,
                  " ORDER BY kafka_partition, kafka_offset LIMIT " + most,
                  source,
                  ranges)) {
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
              sample.add(
                  new EventRow(
                      rows.getInt(1),
                      rows.getLong(2),
                      rows.getObject(3, OffsetDateTime.class).toInstant().toString(),
                      rows.getString(4),
                      rows.getString(5),
                      rows.getString(6)));
            }
          }
          return sample;
        });
  }

  private PreparedStatement inRanges(String select, String rest, short source, OffsetRanges ranges)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(select + RANGES + rest);
    statement.setArray(1, connection.createArrayOf("int", ranges.start().keySet().toArray()));
    statement.setArray(2, connection.createArrayOf("bigint", ranges.start().values().toArray()));
    statement.setArray(3, connection.createArrayOf("bigint", ranges.end().values().toArray()));
    statement.setShort(4, source);
    return statement;
  }

  @Override
  public void close() {
    session.close();
  }
}
