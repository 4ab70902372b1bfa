package dev.trafficctl.cli.postgres;

import dev.trafficctl.model.TablesPlace;

/**
 * What a session looks at, as the server says it.
 *
 * @param address where the server is by the URL
 * @param server the address at which the server took the connection, or null if it was no network
 * @param user the user
 * @param place where the tables are
 */
public record LookedAt(String address, String server, String user, TablesPlace place) {
  /** In words: {@code job@db:5432/traffic, tables public.processed_events, ...}. */
  public String shown() {
    String tables =
        place.tables().isEmpty()
            ? "none of the tables"
            : String.join(", ", place.tables().values());
    return user
        + "@"
        + address
        + "/"
        + place.database()
        + (server == null || server.equals(address) ? "" : " (at " + server + ")")
        + ": "
        + tables;
  }
}
