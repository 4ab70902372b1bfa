package dev.trafficctl.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TablesTest {
  private static final WebEvent EVENT =
      new WebEvent(
          new byte[] {127, 0, 0, 1},
          1,
          "https://example.org/a",
          "example.com",
          "/b",
          "{}",
          "curl/8.5");

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
  void theVersionIsThatOfTheNewestColumn() {
    Column<ProcessedEvent> first = Column.named("a", ColumnType.TEXT, "x").filled();
    Column<ProcessedEvent> third = Column.named("c", ColumnType.TEXT, "x").since(3).filled();
    Column<ProcessedEvent> second = Column.named("b", ColumnType.TEXT, "x").since(2).filled();
    assertThat(new TableColumns<>(List.of(first, third, second), Tables.KEY).version())
        .isEqualTo(3);
    assertThat(Tables.VERSION)
        .isEqualTo(
            Stream.of(Tables.SOURCES_COLUMNS, Tables.EVENTS, Tables.REJECTED)
                .flatMap(columns -> columns.all().stream())
                .mapToInt(Column::since)
                .max()
                .orElseThrow());
  }

  @Test
  void theEventAsJsonHasEachFieldOnce() throws IOException {
    JsonNode payload = new JsonMapper().readTree(StoredValues.payload(EVENT));
    assertThat(payload.properties())
        .extracting(field -> field.getKey() + "=" + field.getValue().asText())
        .startsWith(
            "ip=127.0.0.1",
            "event_time=1970-01-01T00:00:00.000001Z",
            "referrer=https://example.org/a",
            "host=example.com",
            "url=/b",
            "geodata={}",
            "user_agent=curl/8.5");
    assertThat(payload.properties())
        .extracting(Map.Entry::getKey)
        .containsExactlyElementsOf(
            Tables.EVENTS.all().stream().map(Column::field).filter(Objects::nonNull).toList());
  }
}
