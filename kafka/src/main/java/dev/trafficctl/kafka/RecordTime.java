package dev.trafficctl.kafka;

import java.time.Instant;
import org.apache.kafka.common.record.RecordBatch;

/** Kafka's timestamp of a record. */
public final class RecordTime {
  private RecordTime() {}

  /**
   * As a point in time.
   *
   * @param timestamp milliseconds since 1970; negative where the record has none, as {@link
   *     RecordBatch#NO_TIMESTAMP} or as a producer has sent it
   * @return null where the record has none
   */
  public static Instant of(long timestamp) {
    return timestamp < 0 ? null : Instant.ofEpochMilli(timestamp);
  }
}
