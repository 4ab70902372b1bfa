package dev.trafficctl.model;

import java.util.Optional;
import org.postgresql.PGProperty;
import org.postgresql.util.PGPropertyUtil;

/**
 * The parameters of a JDBC URL for Postgres. The driver passes over those that it does not know, so
 * that a misspelt one, such as {@code pwd}, does nothing but carry its value into whatever keeps
 * the URL.
 */
final class JdbcParameters {
  private static final int LONGEST_NAME = 40;

  private JdbcParameters() {}

  /** What is wrong with the first that the driver does not know, without its value. */
  static Optional<String> problem(String url) {
    int query = url.indexOf('?');
    if (!url.startsWith("jdbc:postgresql:") || query < 0) {
      return Optional.empty();
    }
    for (String parameter : url.substring(query + 1).split("&", -1)) {
      int equals = parameter.indexOf('=');
      String name = equals < 0 ? parameter : parameter.substring(0, equals);
      if (!parameter.isEmpty() && !isKnown(name)) {
        return Optional.of(
            "has a parameter %s that the Postgres driver does not know, and that could be a secret; take it out, or correct its name (upper and lower case count)"
                .formatted(shown(name)));
      }
    }
    return Optional.empty();
  }

  /** The driver takes a name as it is, without decoding it. */
  private static boolean isKnown(String name) {
    return PGProperty.forName(PGPropertyUtil.translatePGServiceToPGProperty(name)) != null;
  }

  private static String shown(String name) {
    String safe = name.replaceAll("[^\\p{Graph}]", "?");
    return safe.length() > LONGEST_NAME ? safe.substring(0, LONGEST_NAME) + "..." : safe;
  }
}
