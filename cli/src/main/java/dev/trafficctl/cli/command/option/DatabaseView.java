package dev.trafficctl.cli.command.option;

import dev.trafficctl.cli.operation.catalogue.OwnDatabase;
import dev.trafficctl.cli.postgres.LookedAt;
import java.util.SortedMap;

/**
 * The database that a command looked at, as programs get it.
 *
 * @param address where the server is by the URL
 * @param server where it took the connection, or null if that was no network
 * @param system the identifier of the database cluster, or null if the user may not see it
 * @param tables the tables with their schemas, by their plain names
 * @param ownOfJob whether it is the job's own, or null if that is not known
 */
public record DatabaseView(
    String address,
    String server,
    String system,
    String database,
    String user,
    SortedMap<String, String> tables,
    Boolean ownOfJob) {
  /** The same as a document. */
  public static DatabaseView of(OwnDatabase database) {
    LookedAt seen = database.lookedAt();
    return new DatabaseView(
        seen.address(),
        seen.server(),
        seen.place().system(),
        seen.place().database(),
        seen.user(),
        seen.place().tables(),
        database.same());
  }
}
