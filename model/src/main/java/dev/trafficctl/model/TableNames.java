package dev.trafficctl.model;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The tables of one job. Each table of events has its own of rejected events beside it, so that two
 * jobs may write to two of them in one database; {@link Tables#SOURCES} is shared.
 *
 * @param events the name of the table of the events that passed the filter, as it is in the catalog
 */
public record TableNames(String events) implements Serializable {
  /** The most bytes of UTF-8 that the name of a table of events may have. */
  public static final int MAX_BYTES = 54;

  /** Those of a job that is not told otherwise. */
  public static final TableNames DEFAULT = new TableNames("processed_events");

  private static final String DEFAULT_REJECTED = "rejected_events";
  private static final String REJECTED = "_rejected";

  /**
   * From the name of the table of events, which may be any that Postgres can give a table and that
   * means that table alone. Its case counts.
   *
   * @throws IllegalArgumentException with what is wrong with it and what to do
   */
  public static TableNames parse(String name) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException(
          "is empty; give a name, or leave it out for %s".formatted(DEFAULT.events()));
    }
    if (name.codePoints().anyMatch(TableNames::isUnusable)) {
      throw new IllegalArgumentException(
          "has a control character or half a surrogate pair; give a name without them");
    }
    // Postgres cuts a name at 63 bytes, and two tables could become one.
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_BYTES) {
      throw new IllegalArgumentException(
          "'%s' has %d bytes; give a name of at most %d, so that Postgres has room for %s behind it"
              .formatted(name, bytes, MAX_BYTES, REJECTED));
    }
    int dot = name.indexOf('.');
    if (dot >= 0) {
      throw new IllegalArgumentException(
          "'%s' has a dot; give the name of the table alone, and its schema as ?currentSchema=... in --%s"
              .formatted(name, Setting.POSTGRES_URL.argument()));
    }
    if (name.startsWith("-")) {
      throw new IllegalArgumentException("'%s' begins with a dash; give another".formatted(name));
    }
    if (name.equals(Tables.SOURCES) || name.equals(DEFAULT_REJECTED) || name.endsWith(REJECTED)) {
      throw new IllegalArgumentException(
          "'%s' is the name of a table that is not one of events; give another".formatted(name));
    }
    return new TableNames(name);
  }

  private static boolean isUnusable(int character) {
    return Character.isISOControl(character) || Character.getType(character) == Character.SURROGATE;
  }

  /** The name of the table of the Kafka records that could not be stored as events. */
  public String rejected() {
    return equals(DEFAULT) ? DEFAULT_REJECTED : events + REJECTED;
  }

  /** The names of all three tables. */
  public List<String> all() {
    return List.of(Tables.SOURCES, events, rejected());
  }

  /** The command that makes these tables in a database, or brings them up to date. */
  public String apply() {
    String command = "trafficctl schema apply";
    return equals(DEFAULT) ? command : command + " --table " + ShellWord.of(events);
  }

  /**
   * A name as SQL has it wherever an identifier may be, also as a text that is read as one.
   *
   * @see <a
   *     href="https://www.postgresql.org/docs/18/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS">
   *     Identifiers</a>
   */
  public static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
