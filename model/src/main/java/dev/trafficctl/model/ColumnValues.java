package dev.trafficctl.model;

/**
 * Takes the values of a row, one for each of its columns, in their order. There is a method for
 * each type, so that no value is boxed.
 */
public interface ColumnValues {
  /** A null, of whatever type the column is. */
  void nothing();

  /** Of {@link ColumnType#SMALLINT}. */
  void smallint(short value);

  /** Of {@link ColumnType#INTEGER}. */
  void integer(int value);

  /** Of {@link ColumnType#BIGINT}. */
  void bigint(long value);

  /**
   * Of {@link ColumnType#TIMESTAMPTZ}.
   *
   * @param micros microseconds since 1970-01-01T00:00:00Z
   */
  void timestamp(long micros);

  /**
   * Of {@link ColumnType#TIMESTAMPTZ}, whose range is larger than that of microseconds.
   *
   * @param millis milliseconds since 1970-01-01T00:00:00Z
   */
  void timestampOfMillis(long millis);

  /**
   * Of {@link ColumnType#INET}.
   *
   * @param address in network byte order: 4 bytes for IPv4, 16 for IPv6
   */
  void inet(byte[] address);

  /**
   * Of {@link ColumnType#TEXT}.
   *
   * @param value a null for a null
   */
  void text(String value);

  /**
   * Of {@link ColumnType#JSONB}.
   *
   * @param json a null for a null
   */
  void jsonb(String json);

  /** Of {@link ColumnType#BOOLEAN}. */
  void bool(boolean value);

  /**
   * Of {@link ColumnType#BYTEA}.
   *
   * @param bytes a null for a null
   */
  void bytea(byte[] bytes);
}
