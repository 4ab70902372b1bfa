package dev.trafficctl.cli.command.change;

import dev.trafficctl.cli.command.option.ClusterOption;
import dev.trafficctl.cli.command.option.FormatOption;
import dev.trafficctl.cli.command.option.JobOption;
import dev.trafficctl.cli.command.option.TimeoutOption;
import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.operation.change.Change;
import dev.trafficctl.cli.operation.change.JobChange;
import dev.trafficctl.cli.operation.change.Prepared;
import dev.trafficctl.cli.operation.change.Session;
import dev.trafficctl.cli.output.Format;
import dev.trafficctl.cli.process.Environment;
import java.util.function.BiFunction;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every command that changes a job which runs, and the way such a command goes. */
public final class ChangeOptions {
  private final Environment environment;
  @Mixin ClusterOption cluster;
  @Mixin JobOption job;
  @Mixin TimeoutOption timeout;
  @Mixin Confirmation confirmation;
  @Mixin FormatOption output;

  @Option(names = "--plan", description = "Show what would be done, and change nothing.")
  boolean plan;

  ChangeOptions(Environment environment) {
    this.environment = environment;
  }

  /**
   * Changes the job that is meant.
   *
   * @param verb what the change is called in the journal
   * @param preparing looks whether it can be done
   * @return the exit code
   */
  public int run(String verb, BiFunction<Session, JobSummary, Prepared> preparing) {
    Cluster on = cluster.cluster();
    return run(
        on,
        new ChangeView(environment, output.format()),
        session ->
            new JobChange(
                session, verb, job.finder(on).live(), found -> preparing.apply(session, found)));
  }

  /**
   * Changes something, told in its own way.
   *
   * @return the exit code
   */
  public int run(Cluster on, ChangeView view, Function<Session, Change> change) {
    return new ChangeRun(environment, confirmation, view, plan).run(on, timeout.timeout(), change);
  }

  /** The options that say which cluster is meant. */
  public ClusterOption cluster() {
    return cluster;
  }

  /** The parameter that says which job is meant. */
  public JobOption job() {
    return job;
  }

  /** The form in which the result is wanted. */
  public Format format() {
    return output.format();
  }
}
