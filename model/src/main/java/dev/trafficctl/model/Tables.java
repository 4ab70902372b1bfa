package dev.trafficctl.model;

import static dev.trafficctl.model.Column.named;
import static dev.trafficctl.model.ColumnType.BIGINT;
import static dev.trafficctl.model.ColumnType.BOOLEAN;
import static dev.trafficctl.model.ColumnType.BYTEA;
import static dev.trafficctl.model.ColumnType.INET;
import static dev.trafficctl.model.ColumnType.INTEGER;
import static dev.trafficctl.model.ColumnType.JSONB;
import static dev.trafficctl.model.ColumnType.SMALLINT;
import static dev.trafficctl.model.ColumnType.TEXT;
import static dev.trafficctl.model.ColumnType.TIMESTAMPTZ;
import static dev.trafficctl.model.ColumnType.UUID;

import java.util.List;
import java.util.stream.Stream;

/**
 * The tables of a job, each column said once: what is written, compared, stored again and looked
 * for in the catalog follows from here. The numbered files of SQL give a database the same columns.
 */
public final class Tables {
  /** One row for each Kafka topic id that was ever read. */
  public static final String SOURCES = "sources";

  /** The key of the tables of events and of rejected events: the place in Kafka. */
  public static final List<String> KEY = List.of("source", "kafka_partition", "kafka_offset");

  /** The column that says whether an event came late. */
  public static final String LATE = "late";

  /** The columns of the table of sources, whose rows are not written in batches. */
  public static final TableColumns<Void> SOURCES_COLUMNS =
      new TableColumns<>(
          List.of(
              named("source", SMALLINT, "1").notNull().filled(),
              named("topic_id", UUID, "00000000-0000-0000-0000-000000000001")
                  .notNull()
                  .from((row, to) -> to.nothing()),
              named("topic", TEXT, "web-traffic").notNull().from((row, to) -> to.nothing()),
              named("first_seen", TIMESTAMPTZ, "now").notNull().filled()),
          List.of("topic_id"));

  /** The columns of a table of events. */
  public static final TableColumns<ProcessedEvent> EVENTS =
      new TableColumns<>(
          List.of(
              named("source", SMALLINT, "1").notNull().from((row, to) -> to.smallint(row.source())),
              named("kafka_partition", INTEGER, "0")
                  .notNull()
                  .from((row, to) -> to.integer(row.partition())),
              named("kafka_offset", BIGINT, "0")
                  .notNull()
                  .from((row, to) -> to.bigint(row.offset())),
              named("kafka_timestamp", TIMESTAMPTZ, "now")
                  .from((row, to) -> kafkaTimestamp(row.kafkaTimestamp(), to)),
              named("ip", INET, "192.0.2.1")
                  .notNull()
                  .field("ip")
                  .from((row, to) -> to.inet(row.event().ip())),
              named("event_timestamp", TIMESTAMPTZ, "now")
                  .notNull()
                  .field("event_time")
                  .from((row, to) -> to.timestamp(row.event().eventTimeMicros())),
              named("referrer", TEXT, "https://example.org/")
                  .field("referrer")
                  .from((row, to) -> to.text(row.event().referrer())),
              named("host", TEXT, "example.org")
                  .notNull()
                  .field("host")
                  .from((row, to) -> to.text(row.event().host())),
              named("url", TEXT, "/")
                  .notNull()
                  .field("url")
                  .from((row, to) -> to.text(row.event().url())),
              named("geodata", JSONB, "{}")
                  .field("geodata")
                  .from((row, to) -> to.jsonb(row.event().geodata())),
              named("user_agent", TEXT, "Mozilla/5.0")
                  .field("user_agent")
                  .from((row, to) -> to.text(row.event().userAgent())),
              named(LATE, BOOLEAN, "false").notNull().from((row, to) -> to.bool(row.late()))),
          KEY);

  /** The columns of a table of rejected events. */
  public static final TableColumns<RejectedEvent> REJECTED =
      new TableColumns<>(
          List.of(
              named("source", SMALLINT, "1").notNull().from((row, to) -> to.smallint(row.source())),
              named("kafka_partition", INTEGER, "0")
                  .notNull()
                  .from((row, to) -> to.integer(row.partition())),
              named("kafka_offset", BIGINT, "0")
                  .notNull()
                  .from((row, to) -> to.bigint(row.offset())),
              named("kafka_timestamp", TIMESTAMPTZ, "now")
                  .from((row, to) -> kafkaTimestamp(row.kafkaTimestamp(), to)),
              named("reason", TEXT, "truncated").notNull().from((row, to) -> to.text(row.reason())),
              named("detail", TEXT, "").from((row, to) -> to.text(row.detail())),
              named("payload", BYTEA, "").from((row, to) -> to.bytea(row.payload())),
              named("payload_bytes", INTEGER, "0")
                  .notNull()
                  .from((row, to) -> to.integer(row.payloadBytes())),
              named("rejected_at", TIMESTAMPTZ, "now").notNull().filled()),
          KEY);

  /**
   * The version of the schema that this build writes and reads, from 1: the one that its newest
   * column came with. The last file of SQL has its number.
   */
  public static final int VERSION =
      Stream.of(SOURCES_COLUMNS, EVENTS, REJECTED)
          .mapToInt(TableColumns::version)
          .max()
          .orElseThrow();

  /**
   * The reason of a rejected event that Postgres refused as a row of the table of events; all
   * others are codes of {@link RejectionReason}.
   */
  public static final String REFUSED_BY_POSTGRES = "refused_by_postgres";

  private Tables() {}

  private static void kafkaTimestamp(long millis, ColumnValues to) {
    if (StoredValues.hasTimestamp(millis)) {
      to.timestampOfMillis(millis);
    } else {
      to.nothing();
    }
  }
}
