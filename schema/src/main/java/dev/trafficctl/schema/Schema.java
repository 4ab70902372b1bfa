package dev.trafficctl.schema;

import dev.trafficctl.model.TableNames;
import dev.trafficctl.model.Tables;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The SQL files that make the tables, and that let the job's user write them. */
public final class Schema {
  /** One for each version, in their order; each changes the tables of the version before it. */
  static final List<String> FILES =
      IntStream.rangeClosed(1, Tables.VERSION).mapToObj("V%d.sql"::formatted).toList();

  private static final Pattern DEFAULT_NAMES =
      Pattern.compile(
          "\\b(%s|%s)\\b".formatted(TableNames.DEFAULT.events(), TableNames.DEFAULT.rejected()));

  private Schema() {}

  /**
   * The statements that bring tables of these names from one version of the schema to the newest
   * one, in one transaction.
   *
   * @param from the version that they are of, from 0 for none to {@link Tables#VERSION}
   */
  public static String sql(TableNames names, int from) {
    return FILES.subList(from, FILES.size()).stream()
        .map(file -> file(file, names))
        .collect(Collectors.joining("\n", "BEGIN;\n\n", "\nCOMMIT;\n"));
  }

  /** The statements of one of the files, for tables of these names. */
  static String file(String file, TableNames names) {
    String sql = text(file);
    return names.equals(TableNames.DEFAULT) ? sql : named(sql, names);
  }

  /**
   * The text of {@code grants.sql} for tables of these names: all that the job needs. It may be run
   * again and again.
   *
   * @param user the job's
   */
  public static String grants(TableNames names, String user) {
    return "SET trafficctl.job_user = '%s';\nSET trafficctl.job_table = '%s';\n\n%s"
        .formatted(quoted(user), quoted(names.events()), text("grants.sql"));
  }

  private static String quoted(String text) {
    return text.replace("'", "''");
  }

  private static String text(String name) {
    try (InputStream file = Schema.class.getResourceAsStream(name)) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The files have the default names as identifiers alone, in no string and no comment. */
  private static String named(String sql, TableNames names) {
    return DEFAULT_NAMES
        .matcher(sql)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    TableNames.quoted(
                        found.group().equals(TableNames.DEFAULT.events())
                            ? names.events()
                            : names.rejected())));
  }
}
