package dev.trafficctl.cli.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.trafficctl.cli.postgres.BinaryRow;
import dev.trafficctl.cli.postgres.OrderedRows;
import dev.trafficctl.cli.verify.Difference.Change;
import dev.trafficctl.model.Column;
import dev.trafficctl.model.ColumnValues;
import dev.trafficctl.model.TableColumns;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Takes what a row should hold, and keeps what it holds instead, column by column. Of a row that is
 * as it should be nothing but bytes is looked at.
 */
final class RowDifferences implements ColumnValues {
  private static final long MICROS_PER_MILLI = 1_000;

  private final BinaryRow row;
  private List<Change> found = List.of();
  private Column<?> column;
  private int field;

  private RowDifferences(BinaryRow row) {
    this.row = row;
  }

  /**
   * What a row has that differs.
   *
   * @param columns those of its table
   * @param expected what it should hold
   */
  static <R> List<Change> of(BinaryRow row, TableColumns<R> columns, R expected) {
    RowDifferences differences = new RowDifferences(row);
    List<Column<R>> written = columns.written();
    for (int i = columns.key().size(); i < written.size(); i++) {
      Column<R> column = written.get(i);
      differences.column = column;
      differences.field = i - OrderedRows.SKIPPED;
      column.value().give(expected, differences);
    }
    return differences.found;
  }

  private void add(Change change) {
    if (found.isEmpty()) {
      found = new ArrayList<>();
    }
    found.add(change);
  }

  private void check(boolean isSame, Object expected) {
    if (!isSame) {
      differs(String.valueOf(expected));
    }
  }

  private void differs(String expected) {
    add(Change.of(column.name(), expected, row.shown(field, column.type())));
  }

  @Override
  public void nothing() {
    if (!row.isNull(field)) {
      differs(null);
    }
  }

  @Override
  public void smallint(short value) {
    check(row.isShort(field, value), value);
  }

  @Override
  public void integer(int value) {
    check(row.isInt(field, value), value);
  }

  @Override
  public void bigint(long value) {
    check(row.isNumber(field, value), value);
  }

  @Override
  public void timestamp(long micros) {
    if (!row.isNumber(field, micros - BinaryRow.EPOCH_MICROS)) {
      differs(Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString());
    }
  }

  @Override
  public void timestampOfMillis(long millis) {
    if (!row.isNumber(field, millis * MICROS_PER_MILLI - BinaryRow.EPOCH_MICROS)) {
      differs(Instant.ofEpochMilli(millis).toString());
    }
  }

  @Override
  public void inet(byte[] address) {
    if (!row.isHost(field, address)) {
      differs(shown(address));
    }
  }

  private static String shown(byte[] address) {
    try {
      return InetAddress.getByAddress(address).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("an address has 4 or 16 bytes", e);
    }
  }

  @Override
  public void text(String value) {
    if (value == null) {
      nothing();
    } else if (!row.isBytes(field, value.getBytes(UTF_8))) {
      differs(value);
    }
  }

  @Override
  public void jsonb(String json) {
    if (json == null) {
      nothing();
    } else if (row.isNull(field) || !isSame(json)) {
      differs(json);
    }
  }

  private boolean isSame(String json) {
    byte[] spelled = GeodataSpelling.postgres(json);
    return spelled != null && row.isJson(field, spelled)
        || GeodataSpelling.isSame(json, row.json(field));
  }

  @Override
  public void bool(boolean value) {
    check(!row.isNull(field) && row.isTrue(field) == value, value);
  }

  @Override
  public void bytea(byte[] expected) {
    if (row.isBytes(field, expected)) {
      return;
    }
    byte[] stored = row.bytes(field);
    String where =
        expected == null || stored == null
            ? ""
            : ", different from byte " + Arrays.mismatch(expected, stored) + " on";
    add(
        new Change(
            column.name(),
            expected == null ? null : expected.length + " bytes",
            stored == null ? null : stored.length + " bytes" + where));
  }
}
