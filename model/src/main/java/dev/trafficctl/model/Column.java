package dev.trafficctl.model;

/**
 * A column of one of the job's tables: all that is said of it in one place.
 *
 * @param name its name
 * @param type its type
 * @param required whether it is NOT NULL
 * @param since the version of the schema that has it first, from 1
 * @param field the field of an event that it holds, by its name in JSON; null if it holds none
 * @param example a value that it may well have, as Postgres reads it
 * @param value what it holds in a row; null if Postgres itself fills it
 * @param <R> what a row is made of
 */
public record Column<R>(
    String name,
    ColumnType type,
    boolean required,
    int since,
    String field,
    String example,
    Value<R> value) {

  /** How the value of a row is found. */
  @FunctionalInterface
  public interface Value<R> {
    /** Gives the value to the method for the column's type. */
    void give(R row, ColumnValues to);
  }

  /**
   * Begins to say what a column is: from version 1 of the schema on, it may be null.
   *
   * @param example a value that it may well have, as Postgres reads it
   */
  static Draft named(String name, ColumnType type, String example) {
    return new Draft(name, type, false, 1, null, example);
  }

  /** A column of which it is not yet said where its values come from. */
  record Draft(
      String name, ColumnType type, boolean required, int since, String field, String example) {
    /** It is NOT NULL. */
    Draft notNull() {
      return new Draft(name, type, true, since, field, example);
    }

    /** It holds a field of the event, which has this name in JSON. */
    Draft field(String json) {
      return new Draft(name, type, required, since, json, example);
    }

    /** A later version of the schema has it first. */
    Draft since(int version) {
      return new Draft(name, type, required, version, field, example);
    }

    /** The job writes it. */
    <R> Column<R> from(Value<R> value) {
      return new Column<>(name, type, required, since, field, example, value);
    }

    /** Postgres itself fills it. */
    <R> Column<R> filled() {
      return from(null);
    }
  }

  /** Whether the job writes it. */
  public boolean isWritten() {
    return value != null;
  }
}
