package dev.trafficctl.model;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;

/**
 * Makes one JSON object of a row of a table of events: the event in it, each field from the column
 * that holds it.
 */
public final class EventJson implements ColumnValues {
  private final ObjectNode json = JsonNodeFactory.instance.objectNode();
  private final TableColumns<ProcessedEvent> columns;
  private int next;

  /** Of a row that gives the values of all of these columns, in their order. */
  public EventJson(TableColumns<ProcessedEvent> columns) {
    this.columns = columns;
  }

  /** The object in UTF-8, once it has all values. */
  public byte[] bytes() {
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  private String field() {
    return columns.all().get(next++).field();
  }

  private void put(String value) {
    String field = field();
    if (field != null) {
      json.put(field, value);
    }
  }

  private void put(long value) {
    String field = field();
    if (field != null) {
      json.put(field, value);
    }
  }

  @Override
  public void nothing() {
    put(null);
  }

  @Override
  public void smallint(short value) {
    put((long) value);
  }

  @Override
  public void integer(int value) {
    put((long) value);
  }

  @Override
  public void bigint(long value) {
    put(value);
  }

  @Override
  public void timestamp(long micros) {
    put(Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString());
  }

  @Override
  public void timestampOfMillis(long millis) {
    put(Instant.ofEpochMilli(millis).toString());
  }

  @Override
  public void inet(byte[] address) {
    put(text(address));
  }

  private static String text(byte[] address) {
    try {
      return InetAddress.getByAddress(address).getHostAddress();
    } catch (UnknownHostException e) {
      return HexFormat.of().formatHex(address);
    }
  }

  @Override
  public void text(String value) {
    put(value);
  }

  @Override
  public void jsonb(String value) {
    put(value);
  }

  @Override
  public void bool(boolean value) {
    String field = field();
    if (field != null) {
      json.put(field, value);
    }
  }

  @Override
  public void bytea(byte[] bytes) {
    String field = field();
    if (field != null) {
      json.put(field, bytes);
    }
  }
}
