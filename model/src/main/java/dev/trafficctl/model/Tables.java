package dev.trafficctl.model;

import java.util.List;

/** The names in {@code schema.sql} that job and CLI use. */
public final class Tables {
  /** One row for each Kafka topic id that was ever read. */
  public static final String SOURCES = "sources";

  /** The events that passed the filter. */
  public static final String PROCESSED_EVENTS = "processed_events";

  /** The Kafka records that could not be stored as events. */
  public static final String REJECTED_EVENTS = "rejected_events";

  /** The key of {@link #PROCESSED_EVENTS} and {@link #REJECTED_EVENTS}: the place in Kafka. */
  public static final List<String> KEY = List.of("source", "kafka_partition", "kafka_offset");

  /** All columns of {@link #PROCESSED_EVENTS}, in the order in which rows are written. */
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
   * The columns of {@link #REJECTED_EVENTS} that are given when a row is written; Postgres itself
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
   * The reason in {@link #REJECTED_EVENTS} for a row of {@link #PROCESSED_EVENTS} that Postgres
   * refused; all others are codes of {@link RejectionReason}.
   */
  public static final String REFUSED_BY_POSTGRES = "refused_by_postgres";

  private Tables() {}
}
