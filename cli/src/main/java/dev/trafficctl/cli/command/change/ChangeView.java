package dev.trafficctl.cli.command.change;

import dev.trafficctl.cli.operation.change.Plan;
import dev.trafficctl.cli.operation.change.Result;
import dev.trafficctl.cli.operation.change.Session;
import dev.trafficctl.cli.output.Format;
import dev.trafficctl.cli.process.Environment;

/** How a change is shown: what is planned, what is about to be done, and what came of it. */
public class ChangeView {
  protected final Environment environment;
  protected final Format format;

  /** For results in a form. */
  public ChangeView(Environment environment, Format format) {
    this.environment = environment;
    this.format = format;
  }

  /** Shows a plan that is not carried out. */
  public void plan(Plan plan) {
    PlanView.print(plan, format, environment.out());
  }

  /** Says what somebody should know before it is done. */
  public void begins(Plan plan, Session session) {
    plan.warnings().forEach(warning -> session.progress().step("warning: " + warning));
  }

  /** Shows what came of it. */
  public void ended(Plan plan, Result result) {
    ResultView.print(result, format, environment);
  }
}
