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
 *
 * <p>A null in a column that came with a later version of the schema is no difference where the row
 * was written before that: it holds nothing then in any column of that version or of one after it.
 */
final class RowDifferences implements ColumnValues {
  private static final long MICROS_PER_MILLI = 1_000;

  private final BinaryRow row;
  private final int version;
  private List<Change> changes = List.of();
  private List<Column<?>> later = List.of();
  private Column<?> column;
  private int field;

  private RowDifferences(BinaryRow row, int version) {
    this.row = row;
    this.version = version;
  }

  /**
   * What a row has that differs.
   *
   * @param columns those of its table
   * @param expected what it should hold
   */
  static <R> Found of(BinaryRow row, TableColumns<R> columns, R expected) {
    List<Column<R>> written = columns.written();
    RowDifferences differences = new RowDifferences(row, version(row, written));
    for (int i = columns.key().size(); i < written.size(); i++) {
      Column<R> column = written.get(i);
      differences.column = column;
      differences.field = i - OrderedRows.SKIPPED;
      column.value().give(expected, differences);
    }
    return new Found(differences.changes, differences.later);
  }

  /**
   * What a row has that differs.
   *
   * @param changes the columns that differ
   * @param later the columns that would hold a value, and came after the row was written
   */
  record Found(List<Change> changes, List<Column<?>> later) {}

  /** The version of the schema that whoever wrote a row knew at least. */
  private static <R> int version(BinaryRow row, List<Column<R>> written) {
    int version = 1;
    for (int i = OrderedRows.SKIPPED; i < written.size(); i++) {
      int since = written.get(i).since();
      if (since > version && !row.isNull(i - OrderedRows.SKIPPED)) {
        version = since;
      }
    }
    return version;
  }

  private void add(String expected, String stored) {
    if (column.since() > version && expected != null && row.isNull(field)) {
      later = later.isEmpty() ? new ArrayList<>() : later;
      later.add(column);
    } else {
      changes = changes.isEmpty() ? new ArrayList<>() : changes;
      changes.add(Change.of(column.name(), expected, stored));
    }
  }

  private void check(boolean isSame, Object expected) {
    if (!isSame) {
      differs(String.valueOf(expected));
    }
  }

  private void differs(String expected) {
    add(expected, row.shown(field, column.type()));
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
        expected == null ? null : expected.length + " bytes",
        stored == null ? null : stored.length + " bytes" + where);
  }
}
