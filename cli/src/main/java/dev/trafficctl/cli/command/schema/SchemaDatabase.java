package dev.trafficctl.cli.command.schema;

import dev.trafficctl.cli.command.option.ClusterOption;
import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.context.Destination;
import dev.trafficctl.cli.context.Overrides;
import dev.trafficctl.cli.postgres.JobDatabase;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.process.NextCommands;
import dev.trafficctl.model.TableNames;
import java.util.function.Supplier;

/**
 * The database that flags, environment and context say; no job is asked for its own.
 *
 * @param database the database
 * @param cluster the cluster to which it belongs, or null where flags name a database alone
 */
record SchemaDatabase(JobDatabase database, Cluster cluster) {
  /**
   * The one that is meant.
   *
   * @param chosen finds the cluster
   * @throws CommandException with {@link ExitCode#USAGE} when no database is said, or no user
   */
  static SchemaDatabase of(
      Environment environment, ClusterOption option, Supplier<Cluster> chosen, TableNames names) {
    Overrides given = option.overrides();
    Cluster cluster;
    try {
      cluster = chosen.get();
    } catch (CommandException e) {
      boolean alone = given.postgresUrl() != null && !option.isNamed();
      if (!alone || e.exitCode() != ExitCode.UNREACHABLE) {
        throw e;
      }
      return new SchemaDatabase(
          database(
              given.postgresUrl(),
              given.postgresUser() == null
                  ? environment.variables().get("POSTGRES_USER")
                  : given.postgresUser(),
              Destination.named(given.postgresUrl(), environment.variables()),
              names,
              environment.next()),
          null);
    }
    String url = cluster.postgresUrl();
    return new SchemaDatabase(
        database(
            url,
            cluster.postgresUser(),
            url == null ? null : Destination.named(url, cluster.environment()),
            names,
            cluster.next()),
        cluster);
  }

  private static JobDatabase database(
      String url, String user, Destination server, TableNames names, NextCommands next) {
    if (url == null || user == null) {
      throw new CommandException(
          ExitCode.USAGE,
          "no database is named; give --postgres-url and --postgres-user, or a context that has"
              + " them");
    }
    return new JobDatabase(server, user, names, next);
  }
}
