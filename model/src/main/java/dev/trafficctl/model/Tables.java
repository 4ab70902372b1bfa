package dev.trafficctl.model;

import java.util.List;

/** The names in {@code schema.sql} that job and CLI use, but those of {@link TableNames}. */
public final class Tables {
  /** One row for each Kafka topic id that was ever read. */
  public static final String SOURCES = "sources";

  /** The key of the tables of events and of rejected events: the place in Kafka. */
  public static final List<String> KEY = List.of("source", "kafka_partition", "kafka_offset");

  /** All columns of a table of events, in the order in which rows are written. */
  public static final List<String> PROCESSED_EVENTS_COLUMNS =
      List.of(
          "source",
          "kafka_partition",
          "kafka_offset",
          "kafka_timestamp",
          "ip",
          "event_timestamp",
          "referrer",
          "host",
          "url",
          "geodata",
          "user_agent",
          "late");

  /**
   * The columns of a table of rejected events that are given when a row is written; Postgres itself
   * fills {@code rejected_at}.
   */
  public static final List<String> REJECTED_EVENTS_COLUMNS =
      List.of(
          "source",
          "kafka_partition",
          "kafka_offset",
          "kafka_timestamp",
          "reason",
          "detail",
          "payload",
          "payload_bytes");

  /**
   * The reason of a rejected event that Postgres refused as a row of the table of events; all
   * others are codes of {@link RejectionReason}.
   */
  public static final String REFUSED_BY_POSTGRES = "refused_by_postgres";

  private Tables() {}
}
