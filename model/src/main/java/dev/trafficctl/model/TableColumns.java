package dev.trafficctl.model;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The columns of one of the job's tables.
 *
 * @param <R> what a row is made of
 */
public final class TableColumns<R> {
  private final List<Column<R>> all;
  private final List<Column<R>> written;
  private final List<String> key;

  /**
   * Of a table.
   *
   * @param all in the order in which rows are written
   * @param key the names of those that together name a row
   */
  public TableColumns(List<Column<R>> all, List<String> key) {
    this.all = List.copyOf(all);
    this.written = all.stream().filter(Column::isWritten).toList();
    this.key = List.copyOf(key);
  }

  /** All, in their order. */
  public List<Column<R>> all() {
    return all;
  }

  /** Those that the job writes, in their order. */
  public List<Column<R>> written() {
    return written;
  }

  /** The names of those that together name a row. */
  public List<String> key() {
    return key;
  }

  /** The names of those that the job writes, as SQL lists them. */
  public String writtenNames() {
    return written.stream().map(Column::name).collect(Collectors.joining(", "));
  }

  /** The version of the schema that has all of them first, from 1. */
  public int version() {
    return all.stream().mapToInt(Column::since).max().orElse(1);
  }

  /** The names of the key, as SQL lists them. */
  public String keyNames() {
    return String.join(", ", key);
  }

  /** The one of a name. */
  public Optional<Column<R>> find(String name) {
    return all.stream().filter(column -> column.name().equals(name)).findFirst();
  }

  /**
   * At which place among those that the job writes one is, from 0.
   *
   * @throws IllegalArgumentException when there is none of that name
   */
  public int index(String name) {
    for (int i = 0; i < written.size(); i++) {
      if (written.get(i).name().equals(name)) {
        return i;
      }
    }
    throw new IllegalArgumentException("the job writes no column " + name);
  }
}
