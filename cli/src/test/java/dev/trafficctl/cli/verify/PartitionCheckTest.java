package dev.trafficctl.cli.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.verify.Difference.Change;
import dev.trafficctl.cli.verify.Difference.Kind;
import dev.trafficctl.model.EventFilter;
import dev.trafficctl.model.EventParser;
import dev.trafficctl.model.FilterRules;
import dev.trafficctl.model.Rejection;
import dev.trafficctl.model.RejectionReason;
import dev.trafficctl.model.StoredValues;
import dev.trafficctl.model.TableNames;
import dev.trafficctl.model.Tables;
import dev.trafficctl.model.WebEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PartitionCheckTest {
  private static final int PARTITION = 3;
  private static final long TIMESTAMP = 1_769_860_800_000L;
  private static final EventParser PARSER = new EventParser(Duration.ofMinutes(10));
  private static final EventFilter FILTER =
      new EventFilter(FilterRules.parse("paths: {checks: [/healthz]}"));

  private static final RowComparison COMPARISON = new RowComparison(Tables.EVENTS, Tables.REJECTED);

  private static byte[] event(String url) {
    return """
    {"url":"%s","host":"shop.example.com","ip":"203.0.113.9","event_time":"2026-01-31T12:00:00.5Z",\
    "referrer":"https://example.org/","user_agent":"Mozilla/5.0 ü",\
    "headers":{"CF-IPCountry":"NL","CF-Region":"Noord \\"Holland\\"","CF-IPCity":"Amsterdam"}}\
    """
        .formatted(url)
        .getBytes(UTF_8);
  }

  private static final byte[] KEPT = event("/cart?id=7");
  private static final byte[] FILTERED = event("/healthz");
  private static final byte[] BROKEN = "{\"url\":".getBytes(UTF_8);

  private static RowFixture rowOf(long offset, byte[] value) {
    if (PARSER.parse(value, TIMESTAMP) instanceof WebEvent event) {
      return RowFixture.written(offset, TIMESTAMP, event, false);
    }
    return RowFixture.rejected(
        offset,
        TIMESTAMP,
        (Rejection) PARSER.parse(value, TIMESTAMP),
        value,
        value == null ? 0 : value.length);
  }

  private static PartitionCheck check(
      SortedMap<Long, byte[]> kafka,
      List<RowFixture> events,
      List<RowFixture> rejections,
      int limit) {
    return check(kafka, events, rejections, limit, false);
  }

  private static PartitionCheck check(
      SortedMap<Long, byte[]> kafka,
      List<RowFixture> events,
      List<RowFixture> rejections,
      int limit,
      boolean compacted) {
    PartitionCheck check =
        new PartitionCheck(
            PARTITION,
            TableNames.DEFAULT,
            PARSER,
            FILTER,
            new LateMarks(Duration.ZERO, Duration.ZERO, false, true).partition(PARTITION),
            compacted,
            COMPARISON,
            RowFixture.rows(events),
            RowFixture.rows(rejections),
            limit);
    kafka.forEach(
        (offset, value) ->
            check.accept(offset, TIMESTAMP, value, value == null ? -1 : value.length));
    check.reached(Long.MAX_VALUE - 1);
    return check;
  }

  private static SortedMap<Long, byte[]> kafka(long offset, byte[] value) {
    SortedMap<Long, byte[]> records = new TreeMap<>();
    records.put(offset, value);
    return records;
  }

  private static Difference difference(
      Kind kind, String table, long offset, String why, Change... changes) {
    return new Difference(kind, table, PARTITION, offset, why, List.of(changes));
  }

  private static void findsInEvents(int field, byte[] value, Change change) {
    PartitionCheck check =
        check(kafka(7, KEPT), List.of(rowOf(7, KEPT).with(field, value)), List.of(), 10);
    assertThat(check.differences())
        .containsExactly(difference(Kind.ALTERED, "processed_events", 7, "", change));
    assertThat(check.counts()).isEqualTo(new PartitionCounts(1, 1, 0, 0, 0, 0, 0, 1, 0, 0));
  }

  @Test
  void findsEachColumnOfAnEventThatWasAltered() {
    findsInEvents(
        1,
        RowFixture.time((TIMESTAMP + 1) * 1_000),
        new Change("kafka_timestamp", "2026-01-31T12:00:00Z", "2026-01-31T12:00:00.001Z"));
    findsInEvents(1, null, new Change("kafka_timestamp", "2026-01-31T12:00:00Z", null));
    byte[] other = {(byte) 203, 0, 113, 10};
    findsInEvents(2, RowFixture.inet(other, 32), new Change("ip", "203.0.113.9", "203.0.113.10"));
    byte[] same = {(byte) 203, 0, 113, 9};
    findsInEvents(2, RowFixture.inet(same, 24), new Change("ip", "203.0.113.9", "203.0.113.9/24"));
    findsInEvents(
        3,
        RowFixture.time(TIMESTAMP * 1_000 + 500_001),
        new Change("event_timestamp", "2026-01-31T12:00:00.500Z", "2026-01-31T12:00:00.500001Z"));
    findsInEvents(4, null, new Change("referrer", "https://example.org/", null));
    findsInEvents(
        5,
        RowFixture.text("shop.example.con"),
        new Change("host", "shop.example.com", "shop.example.con"));
    findsInEvents(6, RowFixture.text(""), new Change("url", "/cart?id=7", ""));
    findsInEvents(
        7,
        RowFixture.jsonb("{\"country\":\"DE\"}"),
        new Change(
            "geodata",
            "{\"country\":\"NL\",\"region\":\"Noord \\\"Holland\\\"\",\"city\":\"Amsterdam\"}",
            "{\"country\": \"DE\"}"));
    findsInEvents(
        8,
        RowFixture.text("Mozilla/5.0 u"),
        new Change("user_agent", "Mozilla/5.0 ü", "Mozilla/5.0 u"));
  }

  @Test
  void countsTheOffsetsAtWhichKafkaHasAnotherRecordThanTheOneThatWasWritten() {
    byte[] another = RowFixture.time((TIMESTAMP + 1) * 1_000);
    RowFixture written = rowOf(7, KEPT);
    RowFixture rejected = rowOf(7, BROKEN);
    for (byte[] value : List.of(KEPT, FILTERED, BROKEN)) {
      assertThat(check(kafka(7, value), List.of(written), List.of(), 10).replaced()).isZero();
      assertThat(check(kafka(7, value), List.of(), List.of(rejected), 10).replaced()).isZero();
      assertThat(
              check(
                      kafka(7, value),
                      List.of(rowOf(7, KEPT).with(1, another)),
                      List.of(rowOf(7, BROKEN).with(1, another)),
                      10)
                  .replaced())
          .isEqualTo(1);
    }
    assertThat(
            check(kafka(8, KEPT), List.of(rowOf(7, KEPT).with(1, another)), List.of(), 10)
                .replaced())
        .isZero();
  }

  @Test
  void tellsAllColumnsThatWereAltered() {
    RowFixture row =
        rowOf(7, KEPT).with(5, RowFixture.text("a")).with(6, RowFixture.text("b")).with(8, null);
    assertThat(check(kafka(7, KEPT), List.of(row), List.of(), 10).differences().get(0).changes())
        .extracting(Change::column)
        .containsExactly("host", "url", "user_agent");
  }

  private static void findsInRejections(int field, byte[] value, Change change) {
    PartitionCheck check =
        check(kafka(7, BROKEN), List.of(), List.of(rowOf(7, BROKEN).with(field, value)), 10);
    assertThat(check.differences())
        .containsExactly(difference(Kind.ALTERED, "rejected_events", 7, "", change));
    assertThat(check.counts()).isEqualTo(new PartitionCounts(1, 0, 0, 1, 0, 0, 0, 1, 0, 0));
  }

  @Test
  void findsEachColumnOfARejectedRecordThatWasAltered() {
    String detail = ((Rejection) PARSER.parse(BROKEN, TIMESTAMP)).detail();
    findsInRejections(1, null, new Change("kafka_timestamp", "2026-01-31T12:00:00Z", null));
    findsInRejections(
        2, RowFixture.text("null_value"), new Change("reason", "truncated", "null_value"));
    findsInRejections(3, RowFixture.text("x"), new Change("detail", detail, "x"));
    findsInRejections(4, null, new Change("payload", "7 bytes", null));
    findsInRejections(
        4,
        "{\"uRl\":".getBytes(UTF_8),
        new Change("payload", "7 bytes", "7 bytes, different from byte 3 on"));
    findsInRejections(5, new byte[] {0, 0, 0, 8}, new Change("payload_bytes", "7", "8"));
  }

  @Test
  void whatIsAsItShouldBeHasNoDifferences() {
    SortedMap<Long, byte[]> kafka = new TreeMap<>();
    kafka.put(5L, KEPT);
    kafka.put(9L, FILTERED);
    kafka.put(10L, null);
    kafka.put(12L, BROKEN);
    kafka.put(20L, event("/b"));
    byte[] large = new byte[StoredValues.MAX_PAYLOAD + 1];
    kafka.put(21L, large);
    PartitionCheck check =
        check(
            kafka,
            List.of(rowOf(5, KEPT), rowOf(20, event("/b"))),
            List.of(
                rowOf(10, null),
                rowOf(12, BROKEN),
                RowFixture.rejected(
                    21,
                    TIMESTAMP,
                    (Rejection) PARSER.parse(large, TIMESTAMP),
                    new byte[StoredValues.MAX_PAYLOAD],
                    large.length)),
            10);
    assertThat(check.differences()).isEmpty();
    assertThat(check.counts()).isEqualTo(new PartitionCounts(6, 2, 1, 3, 0, 0, 0, 0, 0, 0));
  }

  private static List<Difference> ofLarge(byte[] value, int size, RowFixture row) {
    PartitionCheck check =
        new PartitionCheck(
            PARTITION,
            TableNames.DEFAULT,
            PARSER,
            FILTER,
            new LateMarks(Duration.ZERO, Duration.ZERO, false, true).partition(PARTITION),
            false,
            COMPARISON,
            RowFixture.rows(List.of()),
            RowFixture.rows(List.of(row)),
            10);
    check.accept(7, TIMESTAMP, value, size);
    check.reached(8);
    return check.differences();
  }

  @Test
  void aRecordThatIsTooLargeIsRejectedWithItsBeginningWhichOtherJobsDidNotKeep() {
    int size = 40 << 20;
    byte[] kept = new byte[StoredValues.MAX_PAYLOAD];
    Rejection read = (Rejection) PARSER.parse(kept, size, TIMESTAMP);
    Rejection unread = new Rejection(RejectionReason.TOO_LARGE, "does not fit into memory");
    RowFixture whole = RowFixture.rejected(7, TIMESTAMP, read, kept, size);
    RowFixture without = RowFixture.rejected(7, -1, unread, null, 0);
    assertThat(ofLarge(kept, size, whole)).isEmpty();
    assertThat(ofLarge(kept, size, without)).isEmpty();

    assertThat(ofLarge(kept, size + 1, whole).get(0).changes())
        .extracting(Change::column)
        .containsExactly("detail", "payload_bytes");
    assertThat(ofLarge(kept, size, rowOf(7, BROKEN)).get(0).changes())
        .extracting(Change::column)
        .contains("reason");
  }

  @Test
  void anEventThatPostgresRefusedIsRejectedWithTheEventAsItsPayload() {
    byte[] payload = StoredValues.payload((WebEvent) PARSER.parse(KEPT, TIMESTAMP));
    RowFixture refused =
        RowFixture.rejected(
            7, TIMESTAMP, "refused_by_postgres", "22P05: whatever", payload, payload.length);
    assertThat(check(kafka(7, KEPT), List.of(), List.of(refused), 10).counts())
        .isEqualTo(new PartitionCounts(1, 0, 0, 1, 0, 0, 0, 0, 0, 1));
    assertThat(
            check(kafka(7, KEPT), List.of(), List.of(refused.with(4, new byte[1])), 10)
                .differences())
        .containsExactly(
            difference(
                Kind.ALTERED,
                "rejected_events",
                7,
                "",
                new Change(
                    "payload", payload.length + " bytes", "1 bytes, different from byte 0 on")));
    assertThat(check(kafka(7, KEPT), List.of(rowOf(7, KEPT)), List.of(refused), 10).differences())
        .containsExactly(
            difference(
                Kind.UNEXPECTED, "rejected_events", 7, "the event is one that can be stored"));
    assertThat(check(kafka(7, FILTERED), List.of(), List.of(refused), 10).differences())
        .containsExactly(
            difference(
                Kind.UNEXPECTED, "rejected_events", 7, "the filter drops this event: rule checks"));
  }

  @Test
  void saysWhatKafkaHasWhereARowIsMissingOrShouldNotBe() {
    assertThat(check(kafka(7, KEPT), List.of(), List.of(), 10).differences())
        .containsExactly(
            difference(Kind.MISSING, "processed_events", 7, "the event passes the filter"));
    assertThat(check(kafka(7, BROKEN), List.of(rowOf(7, KEPT)), List.of(), 10).differences())
        .containsExactly(
            difference(Kind.UNEXPECTED, "processed_events", 7, "the record is rejected: truncated"),
            difference(Kind.MISSING, "rejected_events", 7, "the record is rejected: truncated"));
    assertThat(
            check(kafka(7, FILTERED), List.of(rowOf(-4, KEPT), rowOf(8, KEPT)), List.of(), 10)
                .differences())
        .containsExactly(
            difference(Kind.UNEXPECTED, "processed_events", -4, "Kafka has no event there"),
            difference(Kind.UNEXPECTED, "processed_events", 8, "Kafka has no event there"));
  }

  @Test
  void countsByReasonWhatAJobOfAnotherVersionHasRejected() {
    SortedMap<Long, byte[]> kafka = new TreeMap<>();
    kafka.put(1L, KEPT);
    kafka.put(2L, KEPT);
    kafka.put(3L, FILTERED);
    kafka.put(4L, BROKEN);
    kafka.put(5L, BROKEN);
    kafka.put(6L, BROKEN);
    PartitionCheck check =
        check(
            kafka,
            List.of(rowOf(2, KEPT)),
            List.of(
                rejected(1, "unknown_field", KEPT),
                rejected(2, "unknown_field", KEPT),
                rejected(3, "event_time_too_fine", FILTERED),
                rejected(4, "name_too_long", BROKEN),
                rowOf(5, BROKEN).with(1, null),
                rejected(6, "never_heard_of", BROKEN)),
            10);

    assertThat(check.judgedOtherwise())
        .isEqualTo(Map.of("unknown_field", 2L, "event_time_too_fine", 1L, "name_too_long", 1L));
    assertThat(check.differences().get(0))
        .isEqualTo(
            difference(
                Kind.UNEXPECTED, "rejected_events", 1, "the event is one that can be stored"));
  }

  private static RowFixture rejected(long offset, String reason, byte[] value) {
    return RowFixture.rejected(offset, TIMESTAMP, reason, "what was said", value, value.length);
  }

  @Test
  void headerTextThatAJobOfAnotherVersionStoredAsSentIsNoDifference() {
    byte[] sent =
        new String(KEPT, UTF_8)
            .replace("Amsterdam", "\u00c5\u0081\u00c3\u00b3d\u00c5\u00ba")
            .getBytes(UTF_8);
    String stored =
        "{\"country\":\"NL\",\"region\":\"Noord \\\"Holland\\\"\",\"city\":\"\u00c5\u0081\u00c3\u00b3d\u00c5\u00ba\"}";
    RowFixture asSent = rowOf(7, sent).with(7, RowFixture.jsonb(stored));

    PartitionCheck check = check(kafka(7, sent), List.of(asSent), List.of(), 10);
    assertThat(check.differences()).isEmpty();
    assertThat(check.asSent()).isEqualTo(1);

    PartitionCheck decoded = check(kafka(7, sent), List.of(rowOf(7, sent)), List.of(), 10);
    assertThat(decoded.differences()).isEmpty();
    assertThat(decoded.asSent()).isZero();

    RowFixture other = rowOf(7, sent).with(7, RowFixture.jsonb(stored.replace("NL", "DE")));
    assertThat(check(kafka(7, sent), List.of(other), List.of(), 10).differences())
        .extracting(Difference::kind)
        .containsExactly(Kind.ALTERED);
    assertThat(
            check(kafka(7, sent), List.of(asSent.with(6, RowFixture.text("/x"))), List.of(), 10)
                .differences()
                .get(0)
                .changes())
        .extracting(Change::column)
        .containsExactly("url", "geodata");
  }

  @Test
  void aRowWhoseEventCompactionMayHaveTakenIsNotChecked() {
    PartitionCheck check =
        check(
            kafka(7, FILTERED),
            List.of(rowOf(5, KEPT), rowOf(7, KEPT), rowOf(8, KEPT)),
            List.of(rowOf(4, BROKEN), rowOf(6, BROKEN)),
            10,
            true);
    assertThat(check.differences()).extracting(Difference::offset).containsExactly(7L);
    assertThat(check.counts()).isEqualTo(new PartitionCounts(1, 1, 1, 0, 0, 1, 0, 0, 4, 0));
  }

  @Test
  void keepsTheFirstDifferencesAndCountsAll() {
    SortedMap<Long, byte[]> kafka = new TreeMap<>();
    for (long offset = 0; offset < 100; offset++) {
      kafka.put(offset, KEPT);
    }
    PartitionCheck check = check(kafka, List.of(), List.of(), 2);
    assertThat(check.differences()).extracting(Difference::offset).containsExactly(0L, 1L);
    assertThat(check.counts()).isEqualTo(new PartitionCounts(100, 0, 0, 0, 100, 0, 0, 0, 0, 0));
  }

  @Test
  void findsWhatANaiveComparisonFinds() {
    for (long seed = 0; seed < 3_000; seed++) {
      new Naive(new Random(seed)).compare("seed " + seed);
    }
  }

  /** Random records, random damage to their rows, and a comparison offset by offset. */
  private static final class Naive {
    private static final int OFFSETS = 12;

    private final Random random;
    private final SortedMap<Long, byte[]> kafka = new TreeMap<>();
    private final List<RowFixture> events = new ArrayList<>();
    private final List<RowFixture> rejections = new ArrayList<>();

    Naive(Random random) {
      this.random = random;
    }

    private void make() {
      byte[][] values = {KEPT, event("/b"), FILTERED, BROKEN, null, new byte[0]};
      for (long offset = 0; offset < OFFSETS; offset++) {
        // A gap, as markers and compaction leave it.
        if (random.nextInt(4) > 0) {
          kafka.put(offset, values[random.nextInt(values.length)]);
        }
      }
      kafka.forEach(
          (offset, value) -> {
            if (isKept(value)) {
              events.add(rowOf(offset, value));
            } else if (value != FILTERED) {
              rejections.add(rowOf(offset, value));
            }
          });
      for (int damage = random.nextInt(5); damage > 0; damage--) {
        damage();
      }
      Comparator<RowFixture> byOffset = Comparator.comparing(row -> row.row().number(0));
      events.sort(byOffset);
      rejections.sort(byOffset);
    }

    private static boolean isKept(byte[] value) {
      return value != null && value.length > BROKEN.length && value != FILTERED;
    }

    private void damage() {
      List<RowFixture> rows = random.nextBoolean() ? events : rejections;
      int kind = random.nextInt(4);
      if (kind == 0) {
        long offset = random.nextInt(OFFSETS + 2) - 1;
        rows.add(rowOf(offset, rows == events ? KEPT : BROKEN));
      } else if (!rows.isEmpty()) {
        int row = random.nextInt(rows.size());
        switch (kind) {
          case 1 -> rows.remove(row);
          case 2 -> rows.add(rows.get(row));
          default -> {
            int last = rows == events ? 8 : 3;
            rows.set(row, rows.get(row).with(last, RowFixture.text("altered")));
          }
        }
      }
    }

    void compare(String seed) {
      make();
      PartitionCheck check = check(kafka, events, rejections, 100);
      Map<Kind, Long> found = new HashMap<>();
      check.differences().forEach(one -> found.merge(one.kind(), 1L, Long::sum));
      Map<Kind, Long> expected = expected();
      assertThat(found).as(seed).isEqualTo(expected);
      assertThat(check.differences())
          .as(seed)
          .isSortedAccordingTo(Comparator.comparingLong(Difference::offset));
      assertThat(check.counts())
          .as(seed)
          .isEqualTo(
              new PartitionCounts(
                  kafka.size(),
                  events.size(),
                  kafka.values().stream().filter(value -> value == FILTERED).count(),
                  rejections.size(),
                  expected.getOrDefault(Kind.MISSING, 0L),
                  expected.getOrDefault(Kind.UNEXPECTED, 0L),
                  expected.getOrDefault(Kind.DUPLICATE, 0L),
                  expected.getOrDefault(Kind.ALTERED, 0L),
                  0,
                  0));
    }

    private Map<Kind, Long> expected() {
      Map<Kind, Long> differences = new HashMap<>();
      TreeSet<Long> offsets = new TreeSet<>(kafka.keySet());
      events.forEach(row -> offsets.add(row.row().number(0)));
      rejections.forEach(row -> offsets.add(row.row().number(0)));
      for (long offset : offsets) {
        boolean isThere = kafka.containsKey(offset);
        byte[] value = kafka.get(offset);
        boolean kept = isThere && isKept(value);
        boolean rejected = isThere && !kept && value != FILTERED;
        count(differences, at(offset, events), kept ? rowOf(offset, value) : null, 8);
        count(differences, at(offset, rejections), rejected ? rowOf(offset, value) : null, 3);
      }
      return differences;
    }

    private static List<RowFixture> at(long offset, List<RowFixture> rows) {
      return rows.stream().filter(row -> row.row().number(0) == offset).toList();
    }

    private static void count(
        Map<Kind, Long> differences, List<RowFixture> rows, RowFixture expected, int last) {
      if (expected == null) {
        rows.forEach(row -> differences.merge(Kind.UNEXPECTED, 1L, Long::sum));
      } else if (rows.isEmpty()) {
        differences.merge(Kind.MISSING, 1L, Long::sum);
      } else {
        for (int i = 1; i < rows.size(); i++) {
          differences.merge(Kind.DUPLICATE, 1L, Long::sum);
        }
        boolean same = true;
        for (int field = 0; field <= last; field++) {
          same &= java.util.Arrays.equals(rows.get(0).field(field), expected.field(field));
        }
        if (!same) {
          differences.merge(Kind.ALTERED, 1L, Long::sum);
        }
      }
    }
  }
}
