package dev.trafficctl.cli.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.trafficctl.cli.postgres.BinaryRow;
import dev.trafficctl.cli.postgres.BinaryRow.Type;
import dev.trafficctl.cli.verify.Difference.Change;
import dev.trafficctl.model.Rejection;
import dev.trafficctl.model.RejectionReason;
import dev.trafficctl.model.StoredValues;
import dev.trafficctl.model.Tables;
import dev.trafficctl.model.WebEvent;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Compares rows with what the job writes for an event, column by column. Rows are those of {@link
 * dev.trafficctl.cli.postgres.OrderedRows}. Of most of them nothing but bytes is looked at.
 */
final class RowComparison {
  private static final int OFFSET = 0;
  private static final int KAFKA_TIMESTAMP = 1;

  private static final int IP = 2;
  private static final int EVENT_TIMESTAMP = 3;
  private static final int REFERRER = 4;
  private static final int HOST = 5;
  private static final int URL = 6;
  private static final int GEODATA = 7;
  private static final int USER_AGENT = 8;
  private static final int LATE = 9;

  private static final int REASON = 2;
  private static final int DETAIL = 3;
  private static final int PAYLOAD = 4;
  private static final int PAYLOAD_BYTES = 5;

  private static final List<String> EVENT_COLUMNS = behindPlace(Tables.PROCESSED_EVENTS_COLUMNS);
  private static final List<String> REJECTION_COLUMNS = behindPlace(Tables.REJECTED_EVENTS_COLUMNS);

  private RowComparison() {}

  private static List<String> behindPlace(List<String> columns) {
    return columns.subList(Tables.KEY.size() - 1, columns.size());
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
    return isEqual(event, kafkaTimestamp, row)
        ? List.of()
        : eventChanges(event, kafkaTimestamp, row);
  }

  /**
   * Whether a row differs from its event in nothing but header text that a job of another version
   * has stored as it was sent, and not as it was meant.
   */
  static boolean isHeaderTextAsSent(List<Change> changes, WebEvent event, BinaryRow row) {
    return changes.size() == 1
        && changes.get(0).column().equals(EVENT_COLUMNS.get(GEODATA))
        && event.geodata() != null
        && !row.isNull(GEODATA)
        && GeodataSpelling.isSame(event.geodata(), StoredValues.decodedGeodata(row.json(GEODATA)));
  }

  private static boolean isEqual(WebEvent event, long kafkaTimestamp, BinaryRow row) {
    return isKafkaTimestamp(row, kafkaTimestamp)
        && row.isHost(IP, event.ip())
        && row.isNumber(EVENT_TIMESTAMP, event.eventTimeMicros() - BinaryRow.EPOCH_MICROS)
        && isText(row, REFERRER, event.referrer())
        && isText(row, HOST, event.host())
        && isText(row, URL, event.url())
        && isGeodata(row, event.geodata())
        && isText(row, USER_AGENT, event.userAgent());
  }

  private static List<Change> eventChanges(WebEvent event, long kafkaTimestamp, BinaryRow row) {
    Changes changes = new Changes(row, EVENT_COLUMNS);
    changes.kafkaTimestamp(kafkaTimestamp);
    if (!row.isHost(IP, event.ip())) {
      changes.add(IP, address(event.ip()), Type.ADDRESS);
    }
    if (!row.isNumber(EVENT_TIMESTAMP, event.eventTimeMicros() - BinaryRow.EPOCH_MICROS)) {
      changes.add(EVENT_TIMESTAMP, event.eventTime().toString(), Type.TIME);
    }
    changes.text(REFERRER, event.referrer());
    changes.text(HOST, event.host());
    changes.text(URL, event.url());
    if (!isGeodata(row, event.geodata())) {
      changes.add(GEODATA, event.geodata(), Type.JSON);
    }
    changes.text(USER_AGENT, event.userAgent());
    return changes.found;
  }

  /** That a row is marked late, which it cannot be. */
  static Change notLate() {
    return new Change(EVENT_COLUMNS.get(LATE), "false", "true");
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
    Changes changes = new Changes(row, REJECTION_COLUMNS);
    changes.kafkaTimestamp(kafkaTimestamp);
    changes.text(REASON, rejection.reason().code());
    changes.text(DETAIL, rejection.detail());
    changes.payload(StoredValues.payload(value));
    changes.payloadBytes(value == null ? 0 : size);
    return changes.found;
  }

  /** The reason that a row of rejected_events gives, or null. */
  static String reason(BinaryRow row) {
    return row.text(REASON);
  }

  /** Whether a row of rejected_events says something else of its record than is said now. */
  static boolean isAnotherVerdict(List<Change> changes) {
    List<String> verdict = REJECTION_COLUMNS.subList(REASON, DETAIL + 1);
    return changes.stream().anyMatch(change -> verdict.contains(change.column()));
  }

  /**
   * What a row of rejected_events has that differs from an event which Postgres refused. Why it
   * did, which is the detail, cannot be known.
   */
  static List<Change> refusedChanges(WebEvent event, long kafkaTimestamp, BinaryRow row) {
    Changes changes = new Changes(row, REJECTION_COLUMNS);
    byte[] payload = StoredValues.payload(event);
    changes.kafkaTimestamp(kafkaTimestamp);
    changes.payload(payload);
    changes.payloadBytes(payload.length);
    return changes.found;
  }

  /** Whether a row was written for a record with this timestamp of Kafka's, in milliseconds. */
  static boolean isKafkaTimestamp(BinaryRow row, long millis) {
    return StoredValues.hasTimestamp(millis)
        ? row.isNumber(KAFKA_TIMESTAMP, millis * 1_000 - BinaryRow.EPOCH_MICROS)
        : row.isNull(KAFKA_TIMESTAMP);
  }

  private static boolean isText(BinaryRow row, int field, String text) {
    return text == null ? row.isNull(field) : row.isBytes(field, text.getBytes(UTF_8));
  }

  private static boolean isGeodata(BinaryRow row, String json) {
    if (json == null || row.isNull(GEODATA)) {
      return json == null && row.isNull(GEODATA);
    }
    byte[] spelled = GeodataSpelling.postgres(json);
    return spelled != null && row.isJson(GEODATA, spelled)
        || GeodataSpelling.isSame(json, row.json(GEODATA));
  }

  private static String address(byte[] ip) {
    try {
      return InetAddress.getByAddress(ip).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("an address has 4 or 16 bytes", e);
    }
  }

  /** Collects the columns that differ. */
  private static final class Changes {
    private final BinaryRow row;
    private final List<String> columns;
    private final List<Change> found = new ArrayList<>();

    Changes(BinaryRow row, List<String> columns) {
      this.row = row;
      this.columns = columns;
    }

    void add(int field, String expected, Type type) {
      found.add(Change.of(columns.get(field), expected, row.shown(field, type)));
    }

    void kafkaTimestamp(long millis) {
      if (!isKafkaTimestamp(row, millis)) {
        String expected =
            StoredValues.hasTimestamp(millis) ? Instant.ofEpochMilli(millis).toString() : null;
        add(KAFKA_TIMESTAMP, expected, Type.TIME);
      }
    }

    void text(int field, String expected) {
      if (!isText(row, field, expected)) {
        add(field, expected, Type.TEXT);
      }
    }

    void payloadBytes(int expected) {
      if (!row.isInt(PAYLOAD_BYTES, expected)) {
        add(PAYLOAD_BYTES, Integer.toString(expected), Type.INT);
      }
    }

    void payload(byte[] expected) {
      if (row.isBytes(PAYLOAD, expected)) {
        return;
      }
      byte[] stored = row.bytes(PAYLOAD);
      String where =
          expected == null || stored == null
              ? ""
              : ", different from byte " + Arrays.mismatch(expected, stored) + " on";
      found.add(
          new Change(
              columns.get(PAYLOAD),
              length(expected),
              stored == null ? null : length(stored) + where));
    }

    private static String length(byte[] bytes) {
      return bytes == null ? null : bytes.length + " bytes";
    }
  }
}
