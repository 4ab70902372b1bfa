package dev.trafficctl.cli.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.trafficctl.cli.postgres.BinaryRow;
import dev.trafficctl.cli.postgres.OrderedRows;
import dev.trafficctl.model.Column;
import dev.trafficctl.model.ColumnValues;
import dev.trafficctl.model.ProcessedEvent;
import dev.trafficctl.model.RejectedEvent;
import dev.trafficctl.model.Rejection;
import dev.trafficctl.model.TableColumns;
import dev.trafficctl.model.Tables;
import dev.trafficctl.model.WebEvent;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Rows in the bytes in which Postgres copies them out. */
final class RowFixture {
  private static final JsonMapper JSON = new JsonMapper();

  private final List<byte[]> fields = new ArrayList<>();

  /** The row of processed_events of an event. */
  static RowFixture written(long offset, long kafkaTimestamp, WebEvent event, boolean late) {
    RowFixture row = new RowFixture();
    row.fields.add(bytes(out -> out.writeLong(offset)));
    row.fields.add(time(kafkaTimestamp * 1_000));
    row.fields.add(inet(event.ip(), 8 * event.ip().length));
    row.fields.add(time(event.eventTimeMicros()));
    row.fields.add(text(event.referrer()));
    row.fields.add(text(event.host()));
    row.fields.add(text(event.url()));
    row.fields.add(event.geodata() == null ? null : jsonb(event.geodata()));
    row.fields.add(text(event.userAgent()));
    row.fields.add(new byte[] {(byte) (late ? 1 : 0)});
    row.later(Tables.EVENTS, new ProcessedEvent((short) 0, 0, offset, kafkaTimestamp, late, event));
    return row;
  }

  /** The row of rejected_events of a record. */
  static RowFixture rejected(
      long offset, long kafkaTimestamp, Rejection rejection, byte[] payload, int payloadBytes) {
    return rejected(
        offset,
        kafkaTimestamp,
        rejection.reason().code(),
        rejection.detail(),
        payload,
        payloadBytes);
  }

  static RowFixture rejected(
      long offset,
      long kafkaTimestamp,
      String reason,
      String detail,
      byte[] payload,
      int payloadBytes) {
    RowFixture row = new RowFixture();
    row.fields.add(bytes(out -> out.writeLong(offset)));
    row.fields.add(time(kafkaTimestamp * 1_000));
    row.fields.add(text(reason));
    row.fields.add(text(detail));
    row.fields.add(payload);
    row.fields.add(bytes(out -> out.writeInt(payloadBytes)));
    row.later(
        Tables.REJECTED,
        new RejectedEvent(
            (short) 0, 0, offset, kafkaTimestamp, reason, detail, payload, payloadBytes));
    return row;
  }

  /** Those of later versions of the schema, as they are declared. */
  private <R> void later(TableColumns<R> columns, R row) {
    for (Column<R> column : columns.written()) {
      if (column.since() > 1) {
        column.value().give(row, new Field());
      }
    }
  }

  /** The same row with the fields of version 1 of the schema alone. */
  RowFixture first(TableColumns<?> columns) {
    RowFixture row = new RowFixture();
    for (int i = OrderedRows.SKIPPED; i < columns.written().size(); i++) {
      if (columns.written().get(i).since() == 1) {
        row.fields.add(fields.get(i - OrderedRows.SKIPPED));
      }
    }
    return row;
  }

  /** The same row with one more field. */
  RowFixture and(byte[] value) {
    RowFixture row = new RowFixture();
    row.fields.addAll(fields);
    row.fields.add(value);
    return row;
  }

  /** The same row with another value in one field. */
  RowFixture with(int field, byte[] value) {
    RowFixture row = new RowFixture();
    row.fields.addAll(fields);
    row.fields.set(field, value);
    return row;
  }

  byte[] field(int field) {
    return fields.get(field);
  }

  static byte[] text(String text) {
    return text == null ? null : text.getBytes(UTF_8);
  }

  static byte[] time(long micros) {
    return bytes(out -> out.writeLong(micros - BinaryRow.EPOCH_MICROS));
  }

  static byte[] inet(byte[] address, int bits) {
    return bytes(
        out -> {
          out.writeByte(address.length == 4 ? 2 : 3);
          out.writeByte(bits);
          out.writeByte(0);
          out.writeByte(address.length);
          out.write(address);
        });
  }

  /** As Postgres spells it: keys by length, then by bytes. */
  static byte[] jsonb(String json) {
    try {
      Map<String, JsonNode> sorted =
          new TreeMap<>(Comparator.comparingInt(String::length).thenComparing(key -> key));
      JSON.readTree(json)
          .properties()
          .forEach(field -> sorted.put(field.getKey(), field.getValue()));
      String spelled =
          sorted.entrySet().stream()
              .map(entry -> "\"" + entry.getKey() + "\": " + entry.getValue())
              .collect(Collectors.joining(", ", "{", "}"));
      return bytes(
          out -> {
            out.writeByte(1);
            out.write(spelled.getBytes(UTF_8));
          });
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  BinaryRow row() {
    byte[] copied =
        bytes(
            out -> {
              out.writeShort(fields.size());
              for (byte[] field : fields) {
                out.writeInt(field == null ? -1 : field.length);
                out.write(field == null ? new byte[0] : field);
              }
            });
    return new BinaryRow(copied, 0);
  }

  static OrderedRows rows(List<RowFixture> rows) {
    Iterator<RowFixture> left = rows.iterator();
    return new OrderedRows() {
      @Override
      public BinaryRow next() {
        return left.hasNext() ? left.next().row() : null;
      }

      @Override
      public void close() {}
    };
  }

  /** Adds a field. */
  private final class Field implements ColumnValues {
    @Override
    public void nothing() {
      fields.add(null);
    }

    @Override
    public void smallint(short value) {
      fields.add(bytes(out -> out.writeShort(value)));
    }

    @Override
    public void integer(int value) {
      fields.add(bytes(out -> out.writeInt(value)));
    }

    @Override
    public void bigint(long value) {
      fields.add(bytes(out -> out.writeLong(value)));
    }

    @Override
    public void timestamp(long micros) {
      fields.add(time(micros));
    }

    @Override
    public void timestampOfMillis(long millis) {
      fields.add(time(millis * 1_000));
    }

    @Override
    public void inet(byte[] address) {
      fields.add(RowFixture.inet(address, 8 * address.length));
    }

    @Override
    public void text(String value) {
      fields.add(RowFixture.text(value));
    }

    @Override
    public void jsonb(String json) {
      fields.add(json == null ? null : RowFixture.jsonb(json));
    }

    @Override
    public void bool(boolean value) {
      fields.add(new byte[] {(byte) (value ? 1 : 0)});
    }

    @Override
    public void bytea(byte[] value) {
      fields.add(value);
    }
  }

  private interface Writing {
    void to(DataOutputStream out) throws IOException;
  }

  private static byte[] bytes(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      writing.to(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
