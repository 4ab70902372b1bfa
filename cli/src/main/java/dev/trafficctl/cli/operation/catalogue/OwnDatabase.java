package dev.trafficctl.cli.operation.catalogue;

import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.postgres.EventTables;
import dev.trafficctl.cli.postgres.JobDatabase;
import dev.trafficctl.cli.postgres.LookedAt;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.model.Settings;
import dev.trafficctl.model.TablesPlace;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Whether the database that a command looks at is the one that a job writes to.
 *
 * <p>An address does not tell: the job in a container knows its database as {@code postgres:5432},
 * which is 127.0.0.1:5432 for the operator, and in Kubernetes it is a service name here and a
 * forwarded port there. So the job registers what the server itself says: the identifier of the
 * database cluster, the database, and the schemas of the tables. Where that is not known of a job
 * (Flink has forgotten it, an older version started it, or its user may not see the identifier),
 * what both URLs name is compared, and an address that differs is told.
 *
 * @param lookedAt what the command looks at
 * @param same whether it is the job's own; null if the address differs and nothing more is known
 * @param notes what is to be known about it
 */
public record OwnDatabase(LookedAt lookedAt, Boolean same, List<String> notes) {
  /** The flag that means another database than the job's. */
  public static final String FLAG = "--other-database";

  /** With a list that does not change. */
  public OwnDatabase {
    notes = List.copyOf(notes);
  }

  /**
   * Looks.
   *
   * @param again the same command with another URL of Postgres
   * @param otherMeant whether the user has said that another database is meant
   * @throws CommandException with {@link ExitCode#REFUSED} if it is another, and not meant
   */
  public static OwnDatabase check(
      KnownJob job,
      Settings settings,
      JobDatabase database,
      EventTables tables,
      UnaryOperator<String> again,
      boolean otherMeant) {
    LookedAt seen = tables.lookedAt(database);
    JobDatabase own = JobDatabase.own(settings, database.next());
    Optional<TablesPlace> told = job.tables();
    String difference =
        told.map(place -> difference(place, seen.place()))
            .orElseGet(() -> difference(own, database, tables, seen));
    if (difference != null) {
      String words =
          "%s%s not where the job %s writes: %s"
              .formatted(
                  seen.shown(),
                  seen.place().tables().isEmpty() ? ", and that is" : " is",
                  Text.safe(job.name()),
                  difference);
      if (!otherMeant) {
        throw new CommandException(
            ExitCode.REFUSED,
            words
                + "; "
                + remedy(database.url(), settings.postgresUrl(), again)
                + ", or give "
                + FLAG
                + " if it is meant");
      }
      return new OwnDatabase(seen, false, List.of(words));
    }
    boolean known =
        told.map(TablesPlace::system).isPresent() && seen.place().system() != null
            || own.address().equals(database.address());
    List<String> notes = new ArrayList<>();
    if (!known) {
      notes.add(
          "the job %s writes to %s; that it is the same server as %s is not known, its address alone differs"
              .formatted(Text.safe(job.name()), own, database.address()));
    }
    return new OwnDatabase(seen, known ? true : null, notes);
  }

  /** Neither URL holds a password: no setting may. */
  private static String remedy(String given, String own, UnaryOperator<String> again) {
    return given.equals(own)
        ? "the job's own --postgres-url, %s, leads elsewhere from here: give the one that is right from this machine"
            .formatted(Text.argument(own))
        : "this is --postgres-url %s, and the job's own is %s: %s"
            .formatted(Text.argument(given), Text.argument(own), again.apply(own));
  }

  private static String difference(TablesPlace own, TablesPlace seen) {
    boolean otherSystem =
        own.system() != null && seen.system() != null && !own.system().equals(seen.system());
    if (otherSystem) {
      return "its database cluster has the identifier %s, and this one %s"
          .formatted(own.system(), seen.system());
    }
    if (!own.database().equals(seen.database())) {
      return "its database is " + own.database();
    }
    return own.tables().equals(seen.tables()) ? null : tables(own);
  }

  private static String difference(
      JobDatabase own, JobDatabase given, EventTables tables, LookedAt seen) {
    if (!own.database().equals(given.database())) {
      return "its database is " + own.database();
    }
    if (Objects.equals(own.searchPath(), given.searchPath())) {
      return null;
    }
    TablesPlace place = tables.placeBy(own.searchPath());
    return place.tables().equals(seen.place().tables()) ? null : tables(place);
  }

  private static String tables(TablesPlace own) {
    return own.tables().isEmpty()
        ? "with its search_path there are none of the tables"
        : "its tables are " + String.join(", ", own.tables().values());
  }
}
