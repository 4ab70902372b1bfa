package dev.trafficctl.cli.verify;

import dev.trafficctl.cli.output.Text;

/**
 * Rows that were written before a column came, by a job of a version that did not know it. They
 * hold null where they would hold a value now, and that is no difference.
 *
 * @param table the table
 * @param column the column that came later
 * @param version the version of the schema that has it first, from 2
 * @param rows how many there are, from 1
 */
public record EarlierRows(String table, String column, int version, long rows) {
  /** What is to be known of them, in words. */
  String note() {
    return "%s of %s %s written before column %s came (schema version %d), and %s no value there: %s"
        .formatted(
            rows == 1 ? "1 row" : Text.number(rows) + " rows",
            table,
            rows == 1 ? "was" : "were",
            column,
            version,
            rows == 1 ? "has" : "have",
            rows == 1 ? "it is no difference" : "they are no differences");
  }

  /** The same with the rows of others, which lack the same column. */
  EarlierRows plus(EarlierRows others) {
    return new EarlierRows(table, column, version, rows + others.rows);
  }
}
