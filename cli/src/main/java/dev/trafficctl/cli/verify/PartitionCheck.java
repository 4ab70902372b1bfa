package dev.trafficctl.cli.verify;

import dev.trafficctl.cli.postgres.BinaryRow;
import dev.trafficctl.cli.postgres.OrderedRows;
import dev.trafficctl.cli.verify.Difference.Change;
import dev.trafficctl.cli.verify.Difference.Kind;
import dev.trafficctl.cli.verify.RowDifferences.Found;
import dev.trafficctl.model.Column;
import dev.trafficctl.model.EventFilter;
import dev.trafficctl.model.EventParser;
import dev.trafficctl.model.ParseResult;
import dev.trafficctl.model.Rejection;
import dev.trafficctl.model.RejectionReason;
import dev.trafficctl.model.TableNames;
import dev.trafficctl.model.WebEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Compares a range of one partition with its rows: three streams in the order of offsets, of each
 * of which it sees one element at a time. Not thread-safe.
 */
final class PartitionCheck {
  private static final String NO_EVENT = "Kafka has no event there";

  private final int partition;
  private final TableNames tables;
  private final EventParser parser;
  private final EventFilter filter;
  private final LateMarks.Partition late;
  private final boolean compacted;
  private final RowComparison comparison;
  private final int limit;
  private final Rows events;
  private final Rows rejections;
  private final List<Difference> differences = new ArrayList<>();
  private final long[] counts = new long[Kind.values().length];
  private long read;
  private long written;
  private long filtered;
  private long rejected;
  private long unchecked;
  private long refused;
  private final SortedMap<String, Long> judgedOtherwise = new TreeMap<>();
  private final Map<String, EarlierRows> earlier = new TreeMap<>();
  private long asSent;
  private long replaced;

  /**
   * A check that has not begun.
   *
   * @param tables what differences call the tables
   * @param compacted whether Kafka may have deleted events in the middle of the range
   * @param comparison what compares rows of these tables
   * @param events the rows of the table of events in the range
   * @param rejections the rows of the table of rejected events in the range
   * @param limit how many differences are kept; all are counted
   */
  PartitionCheck(
      int partition,
      TableNames tables,
      EventParser parser,
      EventFilter filter,
      LateMarks.Partition late,
      boolean compacted,
      RowComparison comparison,
      OrderedRows events,
      OrderedRows rejections,
      int limit) {
    this.partition = partition;
    this.tables = tables;
    this.parser = parser;
    this.filter = filter;
    this.late = late;
    this.compacted = compacted;
    this.comparison = comparison;
    this.limit = limit;
    this.events = new Rows(events);
    this.rejections = new Rows(rejections);
  }

  /**
   * Takes the next record of Kafka.
   *
   * @param value its value, possibly cut; null if it has none, or does not fit into memory
   * @param size the length of its value as {@link EventParser#parse(byte[], int, long)} takes it
   */
  void accept(long offset, long kafkaTimestamp, byte[] value, int size) {
    rowsBefore(offset);
    read++;
    if (events.isOfAnotherRecord(offset, kafkaTimestamp)
        || rejections.isOfAnotherRecord(offset, kafkaTimestamp)) {
      replaced++;
    }
    ParseResult result = parser.parse(value, size, kafkaTimestamp);
    if (result instanceof Rejection rejection) {
      rejected(offset, kafkaTimestamp, value, size, rejection);
      return;
    }
    WebEvent event = (WebEvent) result;
    int rule = filter.drops(event);
    if (rule == EventFilter.KEEP) {
      kept(offset, kafkaTimestamp, event);
    } else {
      filtered++;
      noRows(offset, "the filter drops this event: rule " + filter.rules().get(rule));
    }
    late.event(event);
  }

  /**
   * Takes note that Kafka has no further record before an offset.
   *
   * @param offset as {@link dev.trafficctl.cli.kafka.RangeReader.Target#reached} tells it
   */
  void reached(long offset) {
    rowsBefore(offset);
    late.share();
  }

  private void rowsBefore(long offset) {
    while (compacted && Math.min(events.offset, rejections.offset) < offset) {
      unchecked++;
      (events.offset < offset ? events : rejections).take();
    }
    while (events.offset < offset) {
      unexpected(tables.events(), events.offset, NO_EVENT);
      takeEvent();
    }
    while (rejections.offset < offset) {
      unexpected(tables.rejected(), rejections.offset, NO_EVENT);
      takeRejection();
    }
  }

  private BinaryRow takeEvent() {
    written++;
    return events.take();
  }

  private BinaryRow takeRejection() {
    rejected++;
    return rejections.take();
  }

  private void noRows(long offset, String why) {
    noEvents(offset, why);
    while (rejections.offset == offset) {
      unexpected(tables.rejected(), offset, why);
      judgedOtherwise(takeRejection());
    }
  }

  private void noEvents(long offset, String why) {
    while (events.offset == offset) {
      unexpected(tables.events(), offset, why);
      takeEvent();
    }
  }

  private void kept(long offset, long kafkaTimestamp, WebEvent event) {
    boolean isWritten = events.offset == offset;
    if (isWritten) {
      BinaryRow row = takeEvent();
      List<Change> changes =
          changes(tables.events(), comparison.written(event, kafkaTimestamp, row));
      if (comparison.isHeaderTextAsSent(changes, event, row)) {
        asSent++;
        changes = List.of();
      }
      if (!changes.isEmpty()) {
        altered(tables.events(), offset, changes);
      } else if (comparison.isLate(row)) {
        late.late(offset, event);
      }
      duplicateEvents(offset);
    }
    boolean isRefused = false;
    while (rejections.offset == offset) {
      BinaryRow row = takeRejection();
      if (isWritten || !comparison.isRefused(row)) {
        unexpected(tables.rejected(), offset, "the event is one that can be stored");
        judgedOtherwise(row);
      } else if (isRefused) {
        add(Kind.DUPLICATE, tables.rejected(), offset, "", List.of());
      } else {
        isRefused = true;
        refused++;
        List<Change> changes =
            changes(tables.rejected(), comparison.refused(event, kafkaTimestamp, row));
        if (!changes.isEmpty()) {
          altered(tables.rejected(), offset, changes);
        }
      }
    }
    if (!isWritten && !isRefused) {
      add(Kind.MISSING, tables.events(), offset, "the event passes the filter", List.of());
    }
  }

  private void duplicateEvents(long offset) {
    while (events.offset == offset) {
      takeEvent();
      add(Kind.DUPLICATE, tables.events(), offset, "", List.of());
    }
  }

  private void rejected(
      long offset, long kafkaTimestamp, byte[] value, int size, Rejection rejection) {
    String why = "the record is rejected: " + rejection.reason().code();
    noEvents(offset, why);
    if (rejections.offset != offset) {
      add(Kind.MISSING, tables.rejected(), offset, why, List.of());
      return;
    }
    BinaryRow row = takeRejection();
    List<Change> changes =
        changes(
            tables.rejected(), comparison.rejected(rejection, value, size, kafkaTimestamp, row));
    if (!changes.isEmpty()) {
      altered(tables.rejected(), offset, changes);
      if (RowComparison.isAnotherVerdict(changes)) {
        judgedOtherwise(row);
      }
    }
    while (rejections.offset == offset) {
      takeRejection();
      add(Kind.DUPLICATE, tables.rejected(), offset, "", List.of());
    }
  }

  private List<Change> changes(String table, Found found) {
    for (Column<?> column : found.later()) {
      earlier.merge(
          table + '.' + column.name(),
          new EarlierRows(table, column.name(), column.since(), 1),
          EarlierRows::plus);
    }
    return found.changes();
  }

  private void judgedOtherwise(BinaryRow row) {
    String reason = comparison.reason(row);
    if (RejectionReason.isCode(reason)) {
      judgedOtherwise.merge(reason, 1L, Long::sum);
    }
  }

  private void unexpected(String table, long offset, String why) {
    add(Kind.UNEXPECTED, table, offset, why, List.of());
  }

  private void altered(String table, long offset, List<Change> changes) {
    add(Kind.ALTERED, table, offset, "", changes);
  }

  private void add(Kind kind, String table, long offset, String why, List<Change> changes) {
    counts[kind.ordinal()]++;
    if (differences.size() < limit) {
      differences.add(new Difference(kind, table, partition, offset, why, changes));
    }
  }

  /** What was counted so far. */
  PartitionCounts counts() {
    return new PartitionCounts(
        read,
        written,
        filtered,
        rejected,
        counts[Kind.MISSING.ordinal()],
        counts[Kind.UNEXPECTED.ordinal()],
        counts[Kind.DUPLICATE.ordinal()],
        counts[Kind.ALTERED.ordinal()],
        unchecked,
        refused);
  }

  /**
   * How many rejected events say something else than would be said of their event, for each reason
   * that a job gives.
   */
  SortedMap<String, Long> judgedOtherwise() {
    return new TreeMap<>(judgedOtherwise);
  }

  /** Rows that were written before a column came, by table and column. */
  List<EarlierRows> earlier() {
    return List.copyOf(earlier.values());
  }

  /** How many rows hold header text as it was sent; they are no differences. */
  long asSent() {
    return asSent;
  }

  /** At how many offsets a row was written for a record with another timestamp than Kafka's. */
  long replaced() {
    return replaced;
  }

  /** The first differences so far, in the order of their offsets. */
  List<Difference> differences() {
    return List.copyOf(differences);
  }

  /** A stream of rows with the offset of its next one; behind the last that is the greatest. */
  private static final class Rows {
    private final OrderedRows rows;
    private BinaryRow next;
    private long offset;

    Rows(OrderedRows rows) {
      this.rows = rows;
      advance();
    }

    boolean isOfAnotherRecord(long place, long kafkaTimestamp) {
      return offset == place && !RowComparison.isKafkaTimestamp(next, kafkaTimestamp);
    }

    BinaryRow take() {
      BinaryRow taken = next;
      advance();
      return taken;
    }

    private void advance() {
      next = rows.next();
      offset = next == null ? Long.MAX_VALUE : RowComparison.offset(next);
    }
  }
}
