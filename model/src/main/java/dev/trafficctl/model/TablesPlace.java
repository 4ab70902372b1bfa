package dev.trafficctl.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where a session of Postgres finds the job's tables: what tells them from tables of the same names
 * elsewhere, under whatever address the server is reached. The server itself says it.
 *
 * @param system the identifier that the database cluster got when it was made, which its physical
 *     replicas share; null where the user may not see it
 * @param database the name of the database
 * @param tables the tables that are found, by their plain names: each with its schema, in quotes
 *     where SQL needs them
 */
public record TablesPlace(String system, String database, SortedMap<String, String> tables) {
  private static final String WITH_SCHEMA =
      """
      (SELECT quote_ident(nspname) || '.' || quote_ident(relname) FROM pg_class
        JOIN pg_namespace ON pg_namespace.oid = relnamespace
        WHERE pg_class.oid = to_regclass(?))\
      """;
  private static final String FIND =
      """
      SELECT current_database(), has_function_privilege('pg_control_system()', 'EXECUTE')::text, %s\
      """
          .formatted(
              String.join(", ", Collections.nCopies(TableNames.DEFAULT.all().size(), WITH_SCHEMA)));
  private static final String SYSTEM = "SELECT system_identifier FROM pg_control_system()";
  private static final int BEFORE_TABLES = 2;

  /** With a map that does not change. */
  public TablesPlace {
    tables = Collections.unmodifiableSortedMap(new TreeMap<>(tables));
  }

  /** As the session of a connection has it; nothing is changed. */
  public static TablesPlace of(Connection connection, TableNames names) throws SQLException {
    List<String> all = names.all();
    String database;
    boolean maySeeSystem;
    SortedMap<String, String> tables = new TreeMap<>();
    try (PreparedStatement statement = connection.prepareStatement(FIND)) {
      for (int i = 0; i < all.size(); i++) {
        statement.setString(1 + i, TableNames.quoted(all.get(i)));
      }
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        database = row.getString(1);
        maySeeSystem = row.getString(2).equals("true");
        for (int i = 0; i < all.size(); i++) {
          String found = row.getString(BEFORE_TABLES + 1 + i);
          if (found != null) {
            tables.put(all.get(i), found);
          }
        }
      }
    }
    return new TablesPlace(maySeeSystem ? system(connection) : null, database, tables);
  }

  private static String system(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(SYSTEM)) {
      row.next();
      return row.getString(1);
    }
  }

  /** As one JSON object. */
  public String toJson() {
    ObjectNode node =
        JsonNodeFactory.instance.objectNode().put("system", system).put("database", database);
    ObjectNode found = node.putObject("tables");
    tables.forEach(found::put);
    return node.toString();
  }

  /**
   * From the text that {@link #toJson} makes.
   *
   * @throws IllegalArgumentException when it is something else
   */
  public static TablesPlace ofJson(String text) {
    JsonNode node;
    try {
      node = new JsonMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("it is not JSON", e);
    }
    if (!node.path("database").isTextual() || !node.path("tables").isObject()) {
      throw new IllegalArgumentException("it has no database and tables");
    }
    SortedMap<String, String> tables = new TreeMap<>();
    node.path("tables")
        .properties()
        .forEach(table -> tables.put(table.getKey(), table.getValue().asText()));
    return new TablesPlace(
        node.path("system").textValue(), node.path("database").textValue(), tables);
  }
}
