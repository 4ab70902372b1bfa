package dev.trafficctl.cli.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.trafficctl.cli.postgres.BinaryRow;
import dev.trafficctl.cli.postgres.OrderedRows;
import dev.trafficctl.cli.verify.Difference.Change;
import dev.trafficctl.model.ProcessedEvent;
import dev.trafficctl.model.RejectedEvent;
import dev.trafficctl.model.Rejection;
import dev.trafficctl.model.RejectionReason;
import dev.trafficctl.model.StoredValues;
import dev.trafficctl.model.TableColumns;
import dev.trafficctl.model.Tables;
import dev.trafficctl.model.WebEvent;
import java.util.List;

/**
 * Compares rows with what the job writes for an event, column by column. Rows are those of {@link
 * dev.trafficctl.cli.postgres.OrderedRows}. Of most of them nothing but bytes is looked at.
 */
final class RowComparison {
  private static final int OFFSET = field(Tables.EVENTS, "kafka_offset");
  private static final int KAFKA_TIMESTAMP = field(Tables.EVENTS, "kafka_timestamp");
  private static final int GEODATA = field(Tables.EVENTS, "geodata");
  private static final int LATE = field(Tables.EVENTS, Tables.LATE);

  private static final int REASON = field(Tables.REJECTED, "reason");
  private static final int DETAIL = field(Tables.REJECTED, "detail");
  private static final int PAYLOAD = field(Tables.REJECTED, "payload");

  /** What a row of rejected_events says of its record. */
  private static final List<String> VERDICT = List.of("reason", "detail");

  private RowComparison() {}

  private static int field(TableColumns<?> columns, String name) {
    return columns.index(name) - OrderedRows.SKIPPED;
  }

  static long offset(BinaryRow row) {
    return row.number(OFFSET);
  }

  /** Whether a row of processed_events is marked late. */
  static boolean isLate(BinaryRow row) {
    return row.isTrue(LATE);
  }

  /** Whether a row of rejected_events says that Postgres refused an event. */
  static boolean isRefused(BinaryRow row) {
    return Tables.REFUSED_BY_POSTGRES.equals(row.text(REASON));
  }

  /** What a row of processed_events has that differs from its event, but for {@code late}. */
  static List<Change> changes(WebEvent event, long kafkaTimestamp, BinaryRow row) {
    // The range says the source and the partition, and the row itself its offset.
    ProcessedEvent expected =
        new ProcessedEvent((short) 0, 0, 0, kafkaTimestamp, row.isTrue(LATE), event);
    return RowDifferences.of(row, Tables.EVENTS, expected);
  }

  /**
   * Whether a row differs from its event in nothing but header text that a job of another version
   * has stored as it was sent, and not as it was meant.
   */
  static boolean isHeaderTextAsSent(List<Change> changes, WebEvent event, BinaryRow row) {
    return changes.size() == 1
        && changes.get(0).column().equals("geodata")
        && event.geodata() != null
        && !row.isNull(GEODATA)
        && GeodataSpelling.isSame(event.geodata(), StoredValues.decodedGeodata(row.json(GEODATA)));
  }

  /** That a row is marked late, which it cannot be. */
  static Change notLate() {
    return new Change(Tables.LATE, "false", "true");
  }

  /**
   * What a row of rejected_events has that differs from the rejection of a record. Of a large
   * record jobs of other versions kept nothing, where it did not fit into their memory.
   */
  static List<Change> changes(
      Rejection rejection, byte[] value, int size, long kafkaTimestamp, BinaryRow row) {
    if (rejection.reason() == RejectionReason.TOO_LARGE
        && RejectionReason.TOO_LARGE.code().equals(row.text(REASON))
        && row.isNull(PAYLOAD)) {
      return List.of();
    }
    return rejectedChanges(
        row,
        kafkaTimestamp,
        rejection.reason().code(),
        rejection.detail(),
        StoredValues.payload(value),
        value == null ? 0 : size);
  }

  private static List<Change> rejectedChanges(
      BinaryRow row,
      long kafkaTimestamp,
      String reason,
      String detail,
      byte[] payload,
      int payloadBytes) {
    return RowDifferences.of(
        row,
        Tables.REJECTED,
        new RejectedEvent((short) 0, 0, 0, kafkaTimestamp, reason, detail, payload, payloadBytes));
  }

  /** The reason that a row of rejected_events gives, or null. */
  static String reason(BinaryRow row) {
    return row.text(REASON);
  }

  /** Whether a row of rejected_events says something else of its record than is said now. */
  static boolean isAnotherVerdict(List<Change> changes) {
    return changes.stream().anyMatch(change -> VERDICT.contains(change.column()));
  }

  /**
   * What a row of rejected_events has that differs from an event which Postgres refused. Why it
   * did, which is the detail, cannot be known.
   */
  static List<Change> refusedChanges(WebEvent event, long kafkaTimestamp, BinaryRow row) {
    byte[] payload = StoredValues.payload(event);
    byte[] stored = row.bytes(PAYLOAD);
    // The order of the fields is that of the columns, and need not be the same in every version.
    if (stored != null
        && GeodataSpelling.isSame(new String(stored, UTF_8), new String(payload, UTF_8))) {
      payload = stored;
    }
    return rejectedChanges(
        row, kafkaTimestamp, row.text(REASON), row.text(DETAIL), payload, payload.length);
  }

  /** Whether a row was written for a record with this timestamp of Kafka's, in milliseconds. */
  static boolean isKafkaTimestamp(BinaryRow row, long millis) {
    return StoredValues.hasTimestamp(millis)
        ? row.isNumber(KAFKA_TIMESTAMP, millis * 1_000 - BinaryRow.EPOCH_MICROS)
        : row.isNull(KAFKA_TIMESTAMP);
  }
}
