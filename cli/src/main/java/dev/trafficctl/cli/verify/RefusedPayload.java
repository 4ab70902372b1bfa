package dev.trafficctl.cli.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trafficctl.model.Column;
import dev.trafficctl.model.ProcessedEvent;
import dev.trafficctl.model.TableColumns;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Compares what is kept of an event that Postgres refused with the event, field by field: their
 * order is that of the columns, and need not be the same in every version.
 */
final class RefusedPayload {
  private static final JsonMapper JSON = new JsonMapper();

  private RefusedPayload() {}

  /**
   * The columns whose fields came after it was stored, though the event has a value for them;
   * nothing if it is another event.
   *
   * @param stored what is kept; an event of an earlier version lacks the fields that came later
   * @param expected what would be kept now
   * @param columns those of the table of events
   */
  static Optional<List<Column<?>>> later(
      byte[] stored, byte[] expected, TableColumns<ProcessedEvent> columns) {
    try {
      JsonNode kept = JSON.readTree(stored);
      ObjectNode event = (ObjectNode) JSON.readTree(expected);
      int version =
          columns.all().stream()
              .filter(column -> column.field() != null && kept.has(column.field()))
              .mapToInt(Column::since)
              .max()
              .orElse(1);
      List<Column<?>> later = new ArrayList<>();
      for (Column<ProcessedEvent> column : columns.all()) {
        if (column.field() != null
            && column.since() > version
            && !event.remove(column.field()).isNull()) {
          later.add(column);
        }
      }
      return event.equals(kept) ? Optional.of(later) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
