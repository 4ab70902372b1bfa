package dev.trafficctl.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TablesTest {
  private static final WebEvent EVENT =
      new WebEvent(new byte[] {127, 0, 0, 1}, 1, "r", "h", "u", "{}", "a");

  private static <R> void givesOneValueOfItsTypeForEachColumn(TableColumns<R> columns, R row) {
    for (Column<R> column : columns.written()) {
      GivenValues given = new GivenValues();
      column.value().give(row, given);
      assertThat(given.types()).as(column.name()).containsExactly(column.type());
    }
  }

  @Test
  void eachColumnGivesOneValueOfItsType() {
    givesOneValueOfItsTypeForEachColumn(
        Tables.EVENTS, new ProcessedEvent((short) 1, 2, 3, 4, true, EVENT));
    givesOneValueOfItsTypeForEachColumn(
        Tables.REJECTED, new RejectedEvent((short) 1, 2, 3, 4, "r", "d", new byte[1], 1));
  }

  @Test
  void theFieldsOfAnEventAreThoseThatTheParserReads() {
    byte[] payload = StoredValues.payload(EVENT);
    assertThat(new String(payload, java.nio.charset.StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"ip\":\"127.0.0.1\",\"event_time\":\"1970-01-01T00:00:00.000001Z\",\"referrer\":\"r\","
                + "\"host\":\"h\",\"url\":\"u\",\"geodata\":\"{}\",\"user_agent\":\"a\"}");
  }
}
