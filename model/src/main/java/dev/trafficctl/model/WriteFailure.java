package dev.trafficctl.model;

import java.util.regex.Pattern;

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

  /** The state of a statement that took longer than statement_timeout, or was cancelled. */
  public static final String CANCELLED = "57014";

  /** Where an error arose. */
  public enum Origin {
    /** In the server itself. */
    SERVER,
    /** In a function, such as that of a trigger; it may be the server's own error all the same. */
    FUNCTION,
    /** A function of PL/pgSQL has raised it of its own will, with a state of its own choice. */
    RAISED;

    /**
     * Where an error arose, in whatever language the server speaks.
     *
     * @param where the context that the server gives to the error, or null if it gives none
     * @param routine the routine of the server's source that reported it, or null
     * @see <a href="https://www.postgresql.org/docs/18/protocol-error-fields.html">the fields</a>
     */
    public static Origin of(String where, String routine) {
      if ("exec_stmt_raise".equals(routine)) {
        return RAISED;
      }
      return where != null && IN_A_FUNCTION.matcher(where).find() ? FUNCTION : SERVER;
    }
  }

  /** The names of the languages are the same in each translation, the word for function is not. */
  private static final Pattern IN_A_FUNCTION =
      Pattern.compile(" function |PL/|^(SQL-Funktion|fonction) ", Pattern.MULTILINE);

  /**
   * What a state means.
   *
   * @param state the SQLSTATE, five characters, or null if there is none
   * @param origin where the error arose: a function may raise any state, for one row or for every
   *     one, or meet what is the server's own
   */
  public static WriteFailure of(String state, Origin origin) {
    if (origin == Origin.RAISED) {
      return REFUSED;
    }
    return switch (state == null ? "" : state) {
      // Lock not available; idle-in-transaction time-out.
      case "55P03", "25P03" -> TRANSIENT;
      case CANCELLED -> UNAVAILABLE;
      default ->
          ofClass(
              state == null || state.length() < 2 ? "" : state.substring(0, 2),
              origin == Origin.FUNCTION);
    };
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
