package dev.trafficctl.model;

import java.util.regex.Pattern;
import org.postgresql.util.ServerErrorMessage;

/**
 * Row-level security of a table, whose policies hide rows from a user, or refuse them, without a
 * word to those who read.
 *
 * @see <a href="https://www.postgresql.org/docs/18/ddl-rowsecurity.html">Row security policies</a>
 */
public final class RowSecurity {
  /**
   * Has Postgres fail a statement where row-level security applies to the user, rather than leave
   * out what the user may not see, until the transaction ends.
   */
  public static final String REFUSED_IN_TRANSACTION = "SET LOCAL row_security = off";

  private static final Pattern PLAIN = Pattern.compile("[a-z_][a-z0-9_]*");

  private RowSecurity() {}

  /**
   * Whether Postgres fails a statement because row-level security applies to its user.
   *
   * @param error what it says, or null for nothing; told by the routine of the server, which has no
   *     language
   */
  public static boolean isCauseOf(ServerErrorMessage error) {
    if (error == null || error.getRoutine() == null) {
      return false;
    }
    return switch (error.getRoutine()) {
      case "check_enable_rls" -> true;
      case "ExecWithCheckOptions" -> "42501".equals(error.getSQLState());
      case "DoCopy" -> "0A000".equals(error.getSQLState());
      default -> false;
    };
  }

  /**
   * What a superuser does so that a user may see and write every row.
   *
   * @param user the user's name
   */
  public static String remedy(String user) {
    return bypass(PLAIN.matcher(user).matches() ? user : TableNames.quoted(user))
        + ", or disable row-level security of the table";
  }

  /**
   * The statement with which a superuser lets a user see and write every row.
   *
   * @param user the user's name, as SQL takes it
   */
  static String bypass(String user) {
    return "ALTER ROLE %s BYPASSRLS".formatted(user);
  }
}
