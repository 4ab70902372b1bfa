package dev.trafficctl.cli.command;

import dev.trafficctl.cli.CommandException;
import dev.trafficctl.cli.Environment;
import dev.trafficctl.cli.ExitCode;
import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.journal.JobLock;
import dev.trafficctl.cli.operation.Plan;
import dev.trafficctl.cli.operation.Prepared;
import dev.trafficctl.cli.operation.Result;
import dev.trafficctl.cli.operation.Session;
import dev.trafficctl.cli.operation.Settle;
import dev.trafficctl.cli.output.Text;
import java.util.Optional;
import java.util.function.BiFunction;
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
   * Changes the job that is meant: lock, settle what is open, look whether it can be done, ask for
   * confirmation, do it, show what came of it.
   *
   * @param verb what the change is called in the journal
   * @param prepare looks whether it can be done
   * @return the exit code
   */
  int run(String verb, BiFunction<Session, JobSummary, Prepared> prepare) {
    Cluster on = cluster.cluster();
    Comeback comeback = new Comeback(environment.err());
    Session session = Session.of(on, environment, timeout.timeout, comeback);
    JobSummary found = job.finder(on).live();
    if (plan) {
      PlanView.print(prepare.apply(session, found).plan(), output.format, environment.out());
      return ExitCode.DONE.number();
    }
    try (JobLock lock = session.journal().lock(on.flink().address(), found.name(), verb)) {
      new Settle(session).before(lock);
      requireLive(on, found);
      Prepared prepared = prepare.apply(session, found);
      Plan planned = prepared.plan();
      planned.warnings().forEach(warning -> session.progress().step("warning: " + warning));
      confirmation.confirm(on, found.name(), planned.what());
      Result result = Interruption.call(comeback::interrupted, () -> prepared.run(lock));
      ResultView.print(result, output.format, environment);
      return result.outcome().number();
    }
  }

  /** The list of jobs is up to 3 s old; whoever had the lock before may have ended the job. */
  private static void requireLive(Cluster on, JobSummary job) {
    Optional<String> state = on.flink().jobState(job.id());
    if (state.isEmpty() || JobSummary.ended(state.get())) {
      throw new CommandException(
          ExitCode.FAILED,
          "the job %s (%s) does not run: it is %s; start it again with: %s"
              .formatted(
                  Text.safe(job.name()),
                  job.id(),
                  state.orElse("gone"),
                  on.command("restart", job.parameter())));
    }
  }
}
