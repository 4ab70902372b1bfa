package dev.trafficctl.cli.output;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** A table of text: a header, columns two spaces apart, numbers to the right. */
public final class Table {
  private final List<String> header;
  private final List<List<?>> rows = new ArrayList<>();

  /** An empty table with the names of its columns. */
  public Table(String... header) {
    this.header = List.of(header);
  }

  /**
   * Adds a row: a cell is a {@link Long} or an {@link Integer}, shown with thousands separators;
   * null, shown as {@code -}; or anything else, shown as text.
   */
  public Table row(Object... cells) {
    List<Object> row = new ArrayList<>();
    for (Object cell : cells) {
      row.add(cell);
    }
    rows.add(row);
    return this;
  }

  /** Prints header and rows, a line each. */
  public void print(PrintWriter out) {
    int[] widths = new int[header.size()];
    boolean[] numeric = new boolean[header.size()];
    List<List<String>> lines = new ArrayList<>();
    lines.add(header);
    for (List<?> row : rows) {
      lines.add(row.stream().map(Table::text).toList());
    }
    for (int column = 0; column < widths.length; column++) {
      int at = column;
      widths[at] = lines.stream().mapToInt(line -> Text.columns(line.get(at))).max().orElse(0);
      numeric[at] =
          rows.stream().anyMatch(row -> row.get(at) instanceof Number)
              && rows.stream()
                  .allMatch(row -> row.get(at) == null || row.get(at) instanceof Number);
    }
    for (List<String> line : lines) {
      StringBuilder text = new StringBuilder();
      for (int column = 0; column < widths.length; column++) {
        String cell = line.get(column);
        String gap = " ".repeat(widths[column] - Text.columns(cell));
        text.append(column == 0 ? "" : "  ");
        text.append(numeric[column] ? gap + cell : cell + gap);
      }
      out.println(text.toString().stripTrailing());
    }
  }

  private static String text(Object cell) {
    if (cell == null) {
      return "-";
    }
    if (cell instanceof Long || cell instanceof Integer) {
      return Text.number(((Number) cell).longValue());
    }
    return Text.safe(cell.toString()).replace('\t', ' ');
  }
}
