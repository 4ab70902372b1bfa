package dev.trafficctl.cli.command.change;

import dev.trafficctl.cli.command.option.Interruption;
import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.journal.JobLock;
import dev.trafficctl.cli.operation.Reconciler;
import dev.trafficctl.cli.operation.change.Change;
import dev.trafficctl.cli.operation.change.Plan;
import dev.trafficctl.cli.operation.change.Prepared;
import dev.trafficctl.cli.operation.change.Result;
import dev.trafficctl.cli.operation.change.Session;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.process.ExitCode;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * The way that every change goes: lock, settle what is open, look whether it can be done, ask for
 * confirmation, do it so that whoever leaves with Ctrl-C is told how to come back, show what came
 * of it. Where there is nothing to do it ends with a plan that says so.
 */
public final class ChangeRun {
  private final Environment environment;
  private final Confirmation confirmation;
  private final ChangeView view;
  private final boolean planOnly;

  /**
   * With how it is asked for and shown.
   *
   * @param planOnly whether only the plan is shown, and nothing changed
   */
  public ChangeRun(
      Environment environment, Confirmation confirmation, ChangeView view, boolean planOnly) {
    this.environment = environment;
    this.confirmation = confirmation;
    this.view = view;
    this.planOnly = planOnly;
  }

  /**
   * Goes it.
   *
   * @param timeout how long the change is waited for
   * @param asked finds what is to be changed
   * @return the exit code
   */
  public int run(Cluster on, Duration timeout, Function<Session, Change> asked) {
    Comeback comeback = new Comeback(environment.err());
    Session session = Session.of(on, environment, timeout, comeback);
    Change change = asked.apply(session);
    if (planOnly) {
      return planned(change.prepare().plan());
    }
    Optional<Plan> nothing = change.nothing();
    if (nothing.isPresent()) {
      return planned(nothing.get());
    }
    String job = change.job();
    try (JobLock lock = session.journal().lock(on.flink().address(), job, change.verb())) {
      new Reconciler(session).before(lock);
      Prepared prepared = change.prepare();
      if (prepared.plan().isEmpty()) {
        return planned(prepared.plan());
      }
      view.begins(prepared.plan(), session);
      confirmation.confirm(on, job, prepared.plan().what());
      if (prepared.stoppable()) {
        return Interruption.stopping(() -> shown(prepared.plan(), prepared.run(lock)));
      }
      return shown(
          prepared.plan(), Interruption.call(comeback::interrupted, () -> prepared.run(lock)));
    }
  }

  private int planned(Plan plan) {
    view.plan(plan);
    return ExitCode.DONE.number();
  }

  private int shown(Plan plan, Result result) {
    view.ended(plan, result);
    return result.outcome().number();
  }
}
