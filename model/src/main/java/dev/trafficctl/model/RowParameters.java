package dev.trafficctl.model;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The values of a row as the parameters of a statement that inserts it, for few rows. */
public final class RowParameters implements ColumnValues {
  private final List<Object> values = new ArrayList<>();

  private RowParameters() {}

  /**
   * The statement that inserts a row of a table, and leaves one that is there as it is.
   *
   * @param table the name of the table
   */
  public static String insertion(String table, TableColumns<?> columns) {
    return "INSERT INTO %s (%s) VALUES (%s) ON CONFLICT (%s) DO NOTHING"
        .formatted(
            TableNames.quoted(table),
            columns.writtenNames(),
            columns.written().stream()
                .map(RowParameters::parameter)
                .collect(Collectors.joining(", ")),
            columns.keyNames());
  }

  /** The driver has no types for these two. */
  private static String parameter(Column<?> column) {
    return switch (column.type()) {
      case INET, JSONB -> "?::" + column.type().sql();
      default -> "?";
    };
  }

  /** Sets the parameters of {@link #insertion} to the values of a row. */
  public static <R> void bind(PreparedStatement statement, TableColumns<R> columns, R row)
      throws SQLException {
    RowParameters parameters = new RowParameters();
    for (Column<R> column : columns.written()) {
      column.value().give(row, parameters);
    }
    for (int i = 0; i < parameters.values.size(); i++) {
      statement.setObject(i + 1, parameters.values.get(i));
    }
  }

  @Override
  public void nothing() {
    values.add(null);
  }

  @Override
  public void smallint(short value) {
    values.add(value);
  }

  @Override
  public void integer(int value) {
    values.add(value);
  }

  @Override
  public void bigint(long value) {
    values.add(value);
  }

  @Override
  public void timestamp(long micros) {
    time(Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
  }

  @Override
  public void timestampOfMillis(long millis) {
    time(Instant.ofEpochMilli(millis));
  }

  private void time(Instant instant) {
    values.add(OffsetDateTime.ofInstant(instant, ZoneOffset.UTC));
  }

  @Override
  public void inet(byte[] address) {
    try {
      values.add(InetAddress.getByAddress(address).getHostAddress());
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("an address has 4 or 16 bytes", e);
    }
  }

  @Override
  public void text(String value) {
    values.add(value);
  }

  @Override
  public void jsonb(String json) {
    values.add(json);
  }

  @Override
  public void bool(boolean value) {
    values.add(value);
  }

  @Override
  public void bytea(byte[] bytes) {
    values.add(bytes);
  }
}
