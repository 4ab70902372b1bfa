package dev.trafficctl.model;

/**
 * What a statement that failed means for the rows that it should have written, by its SQLSTATE.
 *
 * @see <a href="https://www.postgresql.org/docs/18/errcodes-appendix.html">the codes of
 *     Postgres</a>
 */
public enum WriteFailure {
  /** The connection is gone, or another session was in the way: try again on a new connection. */
  TRANSIENT,
  /** Postgres cannot write just now; what helps is time. */
  UNAVAILABLE,
  /** A row is refused; whether for its own sake, or because the table takes none, is not said. */
  REFUSED,
  /** The table, or what the user may do with it, is not as it must be, whatever the row. */
  TABLE;

  /** The state for rows that a trigger took away, of which Postgres says nothing: no data. */
  public static final String TAKEN_AWAY = "02000";

  /**
   * What a state means.
   *
   * @param state the SQLSTATE, five characters, or null if there is none
   * @param fromFunction whether the error arose in a function, such as that of a trigger: it may
   *     raise any state that is not the server's own, for one row or for every one
   */
  public static WriteFailure of(String state, boolean fromFunction) {
    return switch (state == null ? "" : state) {
      // Lock not available; idle-in-transaction time-out.
      case "55P03", "25P03" -> TRANSIENT;
      // Cancelled, or took longer than statement_timeout.
      case "57014" -> UNAVAILABLE;
      default ->
          ofClass(state == null || state.length() < 2 ? "" : state.substring(0, 2), fromFunction);
    };
  }

  /**
   * Whether an error arose in a function.
   *
   * @param where the context that the server gives to the error, or null if it gives none
   */
  public static boolean isFromFunction(String where) {
    return where != null && where.contains(" function ");
  }

  private static WriteFailure ofClass(String stateClass, boolean fromFunction) {
    return switch (stateClass) {
      case "08", "40", "57" -> TRANSIENT;
      case "", "53", "58", "F0" -> UNAVAILABLE;
      case "25", "55", "XX" -> fromFunction ? REFUSED : UNAVAILABLE;
      case "0A", "28", "3D", "3F", "42" -> fromFunction ? REFUSED : TABLE;
      default -> REFUSED;
    };
  }
}
