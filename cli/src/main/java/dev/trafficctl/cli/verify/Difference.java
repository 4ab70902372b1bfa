package dev.trafficctl.cli.verify;

import java.util.List;

/**
 * A row that is not as it should be.
 *
 * @param kind in which way
 * @param table the table
 * @param partition its place in Kafka
 * @param offset its place in Kafka
 * @param why what Kafka has there, in a few words
 * @param changes the columns that differ; empty unless the kind is {@link Kind#ALTERED}
 */
public record Difference(
    Kind kind, String table, int partition, long offset, String why, List<Change> changes) {
  /** With a list that does not change. */
  public Difference {
    changes = List.copyOf(changes);
  }

  /** In which way a row is not as it should be. */
  public enum Kind {
    /** It should be there, and is not. */
    MISSING,
    /** It is there, and should not be. */
    UNEXPECTED,
    /** It is there once more. */
    DUPLICATE,
    /** It is there with other values. */
    ALTERED
  }

  /**
   * A column that differs. Long values are cut to where they begin to differ.
   *
   * @param column its name
   * @param expected what should be there; null for a null
   * @param stored what is there; null for a null
   */
  public record Change(String column, String expected, String stored) {
    private static final int LONGEST = 200;
    private static final int BEFORE = 20;

    static Change of(String column, String expected, String stored) {
      int common = 0;
      if (expected != null && stored != null) {
        int shorter = Math.min(expected.length(), stored.length());
        while (common < shorter && expected.charAt(common) == stored.charAt(common)) {
          common++;
        }
      }
      boolean isLong = length(expected) > LONGEST || length(stored) > LONGEST;
      int from = isLong ? Math.max(0, common - BEFORE) : 0;
      return new Change(column, cut(expected, from), cut(stored, from));
    }

    private static int length(String text) {
      return text == null ? 0 : text.length();
    }

    private static String cut(String text, int from) {
      if (text == null) {
        return null;
      }
      int to = Math.min(text.length(), from + LONGEST);
      return (from > 0 ? "…" : "") + text.substring(from, to) + (to < text.length() ? "…" : "");
    }
  }
}
