package dev.trafficctl.cli.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.verify.Difference.Change;
import dev.trafficctl.cli.verify.Difference.Kind;
import dev.trafficctl.model.Column;
import dev.trafficctl.model.ColumnType;
import dev.trafficctl.model.EventFilter;
import dev.trafficctl.model.EventParser;
import dev.trafficctl.model.FilterRules;
import dev.trafficctl.model.ProcessedEvent;
import dev.trafficctl.model.RejectedEvent;
import dev.trafficctl.model.Rejection;
import dev.trafficctl.model.StoredValues;
import dev.trafficctl.model.TableColumns;
import dev.trafficctl.model.TableNames;
import dev.trafficctl.model.Tables;
import dev.trafficctl.model.WebEvent;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rows of a schema whose second and third versions have added columns. */
class LaterColumnsTest {
  private static final long TIMESTAMP = 1_769_860_800_000L;
  private static final int PARTITION = 3;
  private static final EventParser PARSER = new EventParser(Duration.ofMinutes(10));
  private static final EventFilter FILTER = new EventFilter(FilterRules.parse("paths: {}"));

  private static final byte[] VALUE =
      """
      {"url":"/cart","host":"shop.example.com","ip":"203.0.113.9","event_time":"2026-01-31T12:00:00Z"}"""
          .getBytes(UTF_8);
  private static final WebEvent EVENT = (WebEvent) PARSER.parse(VALUE, TIMESTAMP);
  private static final byte[] BROKEN = "{\"url\":".getBytes(UTF_8);

  private static final TableColumns<ProcessedEvent> EVENTS =
      with(
          Tables.EVENTS,
          List.of(
              text("site", 2, null, row -> row.event().host().toUpperCase(Locale.ROOT)),
              text("nothing", 2, null, row -> null),
              text("way", 2, "way", row -> row.event().url()),
              new Column<>(
                  "length",
                  ColumnType.INTEGER,
                  false,
                  3,
                  null,
                  "1",
                  (row, to) -> to.integer(row.event().url().length()))));

  private static final TableColumns<RejectedEvent> REJECTED =
      with(
          Tables.REJECTED,
          List.of(
              new Column<>(
                  "beginning",
                  ColumnType.BYTEA,
                  false,
                  2,
                  null,
                  "",
                  (row, to) -> to.bytea(row.payload()))));

  private static final byte[] SITE = RowFixture.text("SHOP.EXAMPLE.COM");
  private static final byte[] WAY = RowFixture.text("/cart");
  private static final byte[] LENGTH = {0, 0, 0, 5};

  private interface Text {
    String of(ProcessedEvent row);
  }

  private static Column<ProcessedEvent> text(String name, int since, String field, Text value) {
    return new Column<>(
        name, ColumnType.TEXT, false, since, field, "x", (row, to) -> to.text(value.of(row)));
  }

  /** Those of version 1, and others behind them. */
  private static <R> TableColumns<R> with(TableColumns<R> columns, List<Column<R>> later) {
    return new TableColumns<>(
        Stream.concat(columns.all().stream().filter(column -> column.since() == 1), later.stream())
            .toList(),
        columns.key());
  }

  private static RowFixture row(byte[] site, byte[] nothing, byte[] way, byte[] length) {
    return RowFixture.written(7, TIMESTAMP, EVENT, false)
        .first(Tables.EVENTS)
        .and(site)
        .and(nothing)
        .and(way)
        .and(length);
  }

  private static PartitionCheck check(
      byte[] value, List<RowFixture> events, List<RowFixture> rejections) {
    PartitionCheck check =
        new PartitionCheck(
            PARTITION,
            TableNames.DEFAULT,
            PARSER,
            FILTER,
            new LateMarks(Duration.ZERO, Duration.ZERO, false, true).partition(PARTITION),
            false,
            new RowComparison(EVENTS, REJECTED),
            RowFixture.rows(events),
            RowFixture.rows(rejections),
            10);
    check.accept(7, TIMESTAMP, value, value.length);
    check.reached(8);
    return check;
  }

  private static EarlierRows earlier(String column, int version) {
    return new EarlierRows("processed_events", column, version, 1);
  }

  private static List<Change> changes(RowFixture row) {
    PartitionCheck check = check(VALUE, List.of(row), List.of());
    assertThat(check.counts()).isEqualTo(new PartitionCounts(1, 1, 0, 0, 0, 0, 0, 1, 0, 0));
    return check.differences().get(0).changes();
  }

  @Test
  void aRowOfTheNewestVersionHasAllOfThem() {
    PartitionCheck check = check(VALUE, List.of(row(SITE, null, WAY, LENGTH)), List.of());
    assertThat(check.differences()).isEmpty();
    assertThat(check.earlier()).isEmpty();
  }

  @Test
  void aRowOfAnEarlierVersionIsCountedForEachColumnThatItLacksAndIsNotAltered() {
    PartitionCheck first = check(VALUE, List.of(row(null, null, null, null)), List.of());
    assertThat(first.counts()).isEqualTo(new PartitionCounts(1, 1, 0, 0, 0, 0, 0, 0, 0, 0));
    assertThat(first.earlier())
        .containsExactly(earlier("length", 3), earlier("site", 2), earlier("way", 2));

    PartitionCheck second = check(VALUE, List.of(row(SITE, null, WAY, null)), List.of());
    assertThat(second.differences()).isEmpty();
    assertThat(second.earlier()).containsExactly(earlier("length", 3));
  }

  @Test
  void anotherValueIsAltered() {
    assertThat(changes(row(RowFixture.text("other"), null, WAY, LENGTH)))
        .containsExactly(new Change("site", "SHOP.EXAMPLE.COM", "other"));
    assertThat(changes(row(SITE, RowFixture.text(""), WAY, LENGTH)))
        .containsExactly(new Change("nothing", null, ""));
    assertThat(changes(row(SITE, null, WAY, new byte[] {0, 0, 0, 6})))
        .containsExactly(new Change("length", "5", "6"));
  }

  @Test
  void aNullBesideAValueOfTheSameOrALaterVersionIsAltered() {
    assertThat(changes(row(null, null, WAY, null)))
        .containsExactly(new Change("site", "SHOP.EXAMPLE.COM", null));
    assertThat(changes(row(null, null, null, LENGTH)))
        .containsExactly(
            new Change("site", "SHOP.EXAMPLE.COM", null), new Change("way", "/cart", null));
  }

  @Test
  void aRowOfAnEarlierVersionIsAlteredWhereAColumnOfItsOwnDiffers() {
    assertThat(changes(row(null, null, null, null).with(6, RowFixture.text("/x"))))
        .containsExactly(new Change("url", "/cart", "/x"));
    assertThat(changes(row(null, null, null, null).with(6, null)))
        .containsExactly(new Change("url", "/cart", null));
  }

  @Test
  void theSameHoldsForRejectedEvents() {
    RowFixture broken =
        RowFixture.rejected(
                7, TIMESTAMP, (Rejection) PARSER.parse(BROKEN, TIMESTAMP), BROKEN, BROKEN.length)
            .first(Tables.REJECTED);
    PartitionCheck earlier = check(BROKEN, List.of(), List.of(broken.and(null)));
    assertThat(earlier.differences()).isEmpty();
    assertThat(earlier.earlier())
        .containsExactly(new EarlierRows("rejected_events", "beginning", 2, 1));

    assertThat(check(BROKEN, List.of(), List.of(broken.and(new byte[1]))).differences())
        .containsExactly(
            new Difference(
                Kind.ALTERED,
                "rejected_events",
                PARTITION,
                7,
                "",
                List.of(new Change("beginning", "7 bytes", "1 bytes, different from byte 0 on"))));
    assertThat(check(BROKEN, List.of(), List.of(broken.and(BROKEN))).earlier()).isEmpty();
  }

  private static PartitionCheck refused(byte[] payload) {
    return check(
        VALUE,
        List.of(),
        List.of(
            RowFixture.rejected(
                    7, TIMESTAMP, "refused_by_postgres", "22P05: x", payload, payload.length)
                .first(Tables.REJECTED)
                .and(payload)));
  }

  /** What is kept of it is the event as JSON, with the fields of its time. */
  @Test
  void anEventThatWasRefusedBeforeItsFieldCameIsTheSameEvent() {
    byte[] whole = StoredValues.payload(EVENT, EVENTS);
    assertThat(new String(whole, UTF_8)).contains("\"way\":\"/cart\"");
    assertThat(refused(whole).differences()).isEmpty();
    assertThat(refused(whole).earlier()).isEmpty();

    byte[] before = StoredValues.payload(EVENT, with(Tables.EVENTS, List.of()));
    assertThat(refused(before).differences()).isEmpty();
    assertThat(refused(before).earlier())
        .containsExactly(new EarlierRows("rejected_events", "way", 2, 1));

    byte[] other =
        new String(whole, UTF_8).replace("\"way\":\"/cart\"", "\"way\":null").getBytes(UTF_8);
    assertThat(refused(other).differences())
        .extracting(Difference::kind)
        .containsExactly(Kind.ALTERED);
    assertThat(refused("[]".getBytes(UTF_8)).differences())
        .extracting(Difference::kind)
        .containsExactly(Kind.ALTERED);
  }

  @Test
  void whatIsSaidOfThem() {
    assertThat(new EarlierRows("clicks", "site", 2, 1).note())
        .isEqualTo(
            "1 row of clicks was written before column site came (schema version 2), and has no"
                + " value there: it is no difference");
    assertThat(new EarlierRows("clicks", "site", 2, 1_200).note())
        .isEqualTo(
            "1,200 rows of clicks were written before column site came (schema version 2), and have"
                + " no value there: they are no differences");
  }
}
