package dev.trafficctl.cli.verify;

import dev.trafficctl.cli.postgres.BinaryRow;
import dev.trafficctl.cli.postgres.OrderedRows;
import dev.trafficctl.cli.verify.Difference.Change;
import dev.trafficctl.cli.verify.RowDifferences.Found;
import dev.trafficctl.model.Column;
import dev.trafficctl.model.ProcessedEvent;
import dev.trafficctl.model.RejectedEvent;
import dev.trafficctl.model.Rejection;
import dev.trafficctl.model.RejectionReason;
import dev.trafficctl.model.StoredValues;
import dev.trafficctl.model.TableColumns;
import dev.trafficctl.model.Tables;
import dev.trafficctl.model.WebEvent;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Compares rows with what the job writes for an event, column by column. Rows are those of {@link
 * dev.trafficctl.cli.postgres.OrderedRows}. Of most of them nothing but bytes is looked at.
 */
final class RowComparison {
  // The first columns of both tables are the same.
  private static final int OFFSET = field(Tables.EVENTS, "kafka_offset");
  private static final int KAFKA_TIMESTAMP = field(Tables.EVENTS, "kafka_timestamp");

  /** What a row of rejected_events says of its record. */
  private static final List<String> VERDICT = List.of("reason", "detail");

  private final TableColumns<ProcessedEvent> events;
  private final TableColumns<RejectedEvent> rejected;
  private final int geodata;
  private final int late;
  private final int reason;
  private final int detail;
  private final int payload;

  /**
   * Of rows with these columns.
   *
   * @param events those of the table of events
   * @param rejected those of the table of rejected events
   */
  RowComparison(TableColumns<ProcessedEvent> events, TableColumns<RejectedEvent> rejected) {
    this.events = events;
    this.rejected = rejected;
    geodata = field(events, "geodata");
    late = field(events, Tables.LATE);
    reason = field(rejected, "reason");
    detail = field(rejected, "detail");
    payload = field(rejected, "payload");
  }

  private static int field(TableColumns<?> columns, String name) {
    return columns.index(name) - OrderedRows.SKIPPED;
  }

  static long offset(BinaryRow row) {
    return row.number(OFFSET);
  }

  /** Whether a row of processed_events is marked late. */
  boolean isLate(BinaryRow row) {
    return row.isTrue(late);
  }

  /** Whether a row of rejected_events says that Postgres refused an event. */
  boolean isRefused(BinaryRow row) {
    return Tables.REFUSED_BY_POSTGRES.equals(row.text(reason));
  }

  /** What a row of processed_events has that differs from its event, but for {@code late}. */
  Found written(WebEvent event, long kafkaTimestamp, BinaryRow row) {
    // The range says the source and the partition, and the row itself its offset.
    ProcessedEvent expected =
        new ProcessedEvent((short) 0, 0, 0, kafkaTimestamp, row.isTrue(late), event);
    return RowDifferences.of(row, events, expected);
  }

  /**
   * Whether a row differs from its event in nothing but header text that a job of another version
   * has stored as it was sent, and not as it was meant.
   */
  boolean isHeaderTextAsSent(List<Change> changes, WebEvent event, BinaryRow row) {
    return changes.size() == 1
        && changes.get(0).column().equals("geodata")
        && event.geodata() != null
        && !row.isNull(geodata)
        && GeodataSpelling.isSame(event.geodata(), StoredValues.decodedGeodata(row.json(geodata)));
  }

  /** That a row is marked late, which it cannot be. */
  static Change notLate() {
    return new Change(Tables.LATE, "false", "true");
  }

  /**
   * What a row of rejected_events has that differs from the rejection of a record. Of a large
   * record jobs of other versions kept nothing, where it did not fit into their memory.
   */
  Found rejected(Rejection rejection, byte[] value, int size, long kafkaTimestamp, BinaryRow row) {
    if (rejection.reason() == RejectionReason.TOO_LARGE
        && RejectionReason.TOO_LARGE.code().equals(row.text(reason))
        && row.isNull(payload)) {
      return new Found(List.of(), List.of());
    }
    return rejected(
        row,
        kafkaTimestamp,
        rejection.reason().code(),
        rejection.detail(),
        StoredValues.payload(value),
        value == null ? 0 : size);
  }

  private Found rejected(
      BinaryRow row,
      long kafkaTimestamp,
      String reason,
      String detail,
      byte[] payload,
      int payloadBytes) {
    return RowDifferences.of(
        row,
        rejected,
        new RejectedEvent((short) 0, 0, 0, kafkaTimestamp, reason, detail, payload, payloadBytes));
  }

  /** The reason that a row of rejected_events gives, or null. */
  String reason(BinaryRow row) {
    return row.text(reason);
  }

  /** Whether a row of rejected_events says something else of its record than is said now. */
  static boolean isAnotherVerdict(List<Change> changes) {
    return changes.stream().anyMatch(change -> VERDICT.contains(change.column()));
  }

  /**
   * What a row of rejected_events has that differs from an event which Postgres refused. Why it
   * did, which is the detail, cannot be known.
   */
  Found refused(WebEvent event, long kafkaTimestamp, BinaryRow row) {
    byte[] expected = StoredValues.payload(event, events);
    byte[] stored = row.bytes(payload);
    Optional<List<Column<?>>> later =
        stored == null ? Optional.empty() : RefusedPayload.later(stored, expected, events);
    byte[] same = later.isPresent() ? stored : expected;
    Found found =
        rejected(row, kafkaTimestamp, row.text(reason), row.text(detail), same, same.length);
    return new Found(
        found.changes(),
        Stream.concat(later.orElse(List.of()).stream(), found.later().stream()).toList());
  }

  /** Whether a row was written for a record with this timestamp of Kafka's, in milliseconds. */
  static boolean isKafkaTimestamp(BinaryRow row, long millis) {
    return StoredValues.hasTimestamp(millis)
        ? row.isNumber(KAFKA_TIMESTAMP, millis * 1_000 - BinaryRow.EPOCH_MICROS)
        : row.isNull(KAFKA_TIMESTAMP);
  }
}
