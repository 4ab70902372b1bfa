package dev.trafficctl.cli.command.option;

import dev.trafficctl.cli.operation.catalogue.KnownJob;
import dev.trafficctl.cli.operation.catalogue.OwnDatabase;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.postgres.EventTables;
import dev.trafficctl.cli.postgres.JobDatabase;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.model.Settings;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Option;

/** The option with which another database than the job's is meant, and the words that name it. */
public final class OtherDatabaseOption {
  private final Environment environment;

  @Option(
      names = OwnDatabase.FLAG,
      description =
          "Look at the database that flags and context say, although the job writes to another"
              + " one; refused without it.")
  boolean other;

  OtherDatabaseOption(Environment environment) {
    this.environment = environment;
  }

  /** Whether another database than the job's is meant. */
  public boolean given() {
    return other;
  }

  /**
   * Makes sure that a database is the one that is meant, and says on stderr which one it is.
   *
   * @param doing what is done with it, such as {@code comparing with}
   * @param again the same command with another URL of Postgres
   */
  public OwnDatabase check(
      String doing,
      KnownJob job,
      Settings settings,
      JobDatabase database,
      EventTables tables,
      UnaryOperator<String> again) {
    OwnDatabase own = OwnDatabase.check(job, settings, database, tables, again, other);
    environment.err().println(doing + " " + Text.safe(own.lookedAt().shown()));
    JobDatabase.warning(database.url())
        .ifPresent(text -> environment.err().println("warning: " + Text.safe(text)));
    own.notes().forEach(note -> environment.err().println("note: " + Text.safe(note)));
    environment.err().flush();
    return own;
  }
}
