package dev.trafficctl.cli.postgres;

import dev.trafficctl.cli.postgres.RejectedGroup.Place;
import dev.trafficctl.model.TableNames;
import dev.trafficctl.model.Tables;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * What is in the table of rejected events. Every method throws a {@link
 * dev.trafficctl.cli.process.CommandException} on failure.
 */
public final class RejectedEvents implements AutoCloseable {
  // What differs from row to row, such as the place in the payload, makes no group of its own.
  private static final String KIND =
      "regexp_replace(regexp_replace(coalesce(detail, ''), '\"[^\"]*\"', '\"\"', 'g'),"
          + " '[0-9]+', 'N', 'g')";

  private final DatabaseSession session;
  private final Connection connection;
  private final TableNames names;
  private final String rejected;

  RejectedEvents(DatabaseSession session, TableNames names) {
    this.session = session;
    connection = session.connection();
    this.names = names;
    rejected = TableNames.quoted(names.rejected());
  }

  /** The numbers of all topic ids that have, or had, a name. */
  public List<Short> sources(String topic) {
    return session.read(
        () -> {
          try (PreparedStatement statement =
              connection.prepareStatement(
                  "SELECT source FROM sources WHERE topic = ? ORDER BY source")) {
            statement.setString(1, topic);
            ResultSet rows = statement.executeQuery();
            List<Short> sources = new ArrayList<>();
            while (rows.next()) {
              sources.add(rows.getShort(1));
            }
            return sources;
          }
        });
  }

  /** The selected rows in groups, the largest first. */
  public List<RejectedGroup> groups(List<Short> sources, RejectedSelection selection) {
    String query =
        """
        SELECT reason, min(detail), count(*), min(ARRAY[kafka_partition::bigint, kafka_offset]),
          max(ARRAY[kafka_partition::bigint, kafka_offset]), min(kafka_timestamp),
          max(kafka_timestamp)
        FROM %s WHERE %s
        GROUP BY reason, CASE WHEN reason = '%s' THEN left(detail, 5) ELSE %s END
        ORDER BY 3 DESC, 1, 2\
        """
            .formatted(rejected, selection.condition(), Tables.REFUSED_BY_POSTGRES, KIND);
    return session.read(
        () -> {
          try (PreparedStatement statement = connection.prepareStatement(query)) {
            bind(statement, sources, selection);
            ResultSet rows = statement.executeQuery();
            List<RejectedGroup> groups = new ArrayList<>();
            while (rows.next()) {
              groups.add(
                  new RejectedGroup(
                      rows.getString(1),
                      rows.getString(2),
                      rows.getLong(3),
                      place(rows.getArray(4)),
                      place(rows.getArray(5)),
                      instant(rows, 6),
                      instant(rows, 7)));
            }
            return groups;
          }
        });
  }

  /**
   * Some of the selected rows, in the order of their places.
   *
   * @param behind the row behind which they begin, or null for the first ones
   * @param most how many at most
   * @param payload whether with the payload
   */
  public List<RejectedRow> rows(
      List<Short> sources,
      RejectedSelection selection,
      RejectedRow behind,
      long most,
      boolean payload) {
    String after =
        behind == null
            ? ""
            : " AND (source, kafka_partition, kafka_offset) > (%d, %d, %d)"
                .formatted(behind.source(), behind.partition(), behind.offset());
    String query =
        "SELECT source, kafka_partition, kafka_offset, kafka_timestamp, reason, detail, "
            + (payload ? "payload" : "NULL")
            + ", payload_bytes, rejected_at FROM "
            + rejected
            + " WHERE "
            + selection.condition()
            + after
            + " ORDER BY source, kafka_partition, kafka_offset LIMIT "
            + most;
    return session.read(
        () -> {
          try (PreparedStatement statement = connection.prepareStatement(query)) {
            bind(statement, sources, selection);
            ResultSet rows = statement.executeQuery();
            List<RejectedRow> found = new ArrayList<>();
            while (rows.next()) {
              found.add(
                  new RejectedRow(
                      rows.getShort(1),
                      rows.getInt(2),
                      rows.getLong(3),
                      instant(rows, 4),
                      rows.getString(5),
                      rows.getString(6),
                      rows.getBytes(7),
                      rows.getInt(8),
                      instant(rows, 9)));
            }
            return found;
          }
        });
  }

  private void bind(PreparedStatement statement, List<Short> sources, RejectedSelection selection)
      throws SQLException {
    int next = 1;
    statement.setArray(next++, connection.createArrayOf("smallint", sources.toArray()));
    if (!selection.reasons().isEmpty()) {
      statement.setArray(next++, connection.createArrayOf("text", selection.reasons().toArray()));
    }
    for (Instant time : new Instant[] {selection.from(), selection.to()}) {
      if (time != null) {
        statement.setObject(next++, OffsetDateTime.ofInstant(time, ZoneOffset.UTC));
      }
    }
  }

  private static Place place(Array array) throws SQLException {
    Long[] place = (Long[]) array.getArray();
    return new Place(place[0].intValue(), place[1]);
  }

  private static Instant instant(ResultSet rows, int column) throws SQLException {
    OffsetDateTime time = rows.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  /** The settling of rows of these tables, on the same connection. */
  public Settlement settlement() {
    return new Settlement(session, names);
  }

  @Override
  public void close() {
    session.close();
  }
}
