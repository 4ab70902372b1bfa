package dev.trafficctl.cli.command.option;

import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.operation.catalogue.JobFinder;
import picocli.CommandLine.Parameters;

/** The parameter that says which job is meant. */
public final class JobOption {
  @Parameters(
      arity = "0..1",
      paramLabel = "JOB",
      description =
          "The job's name or id; without it, the context's job, or the only one that runs.")
  String job;

  /** What was asked for on this cluster: a name or an id, or null for the only job. */
  public String wanted(Cluster cluster) {
    return job == null ? cluster.job() : job;
  }

  /** Finds the job that is meant on a cluster. */
  public JobFinder finder(Cluster cluster) {
    return new JobFinder(cluster.flink(), wanted(cluster), cluster.next());
  }

  /** The name or id as it was given, or null. */
  public String job() {
    return job;
  }
}
