package dev.trafficctl.model;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Keeps the values that it is given, each in words with the type that its method is for. */
public final class GivenValues implements ColumnValues {
  private final List<String> values = new ArrayList<>();
  private final List<ColumnType> types = new ArrayList<>();

  /** The values. */
  public List<String> all() {
    return List.copyOf(values);
  }

  /** The types; null for a null. */
  List<ColumnType> types() {
    return types;
  }

  private void add(ColumnType type, Object value) {
    types.add(type);
    values.add((type == null ? "" : type + " ") + value);
  }

  @Override
  public void nothing() {
    add(null, null);
  }

  @Override
  public void smallint(short value) {
    add(ColumnType.SMALLINT, value);
  }

  @Override
  public void integer(int value) {
    add(ColumnType.INTEGER, value);
  }

  @Override
  public void bigint(long value) {
    add(ColumnType.BIGINT, value);
  }

  @Override
  public void timestamp(long micros) {
    add(ColumnType.TIMESTAMPTZ, micros);
  }

  @Override
  public void timestampOfMillis(long millis) {
    timestamp(millis * 1_000);
  }

  @Override
  public void inet(byte[] address) {
    add(ColumnType.INET, HexFormat.of().formatHex(address));
  }

  @Override
  public void text(String value) {
    add(value == null ? null : ColumnType.TEXT, value);
  }

  @Override
  public void jsonb(String json) {
    add(json == null ? null : ColumnType.JSONB, json);
  }

  @Override
  public void bool(boolean value) {
    add(ColumnType.BOOLEAN, value);
  }

  @Override
  public void bytea(byte[] bytes) {
    add(
        bytes == null ? null : ColumnType.BYTEA,
        bytes == null ? null : HexFormat.of().formatHex(bytes));
  }
}
