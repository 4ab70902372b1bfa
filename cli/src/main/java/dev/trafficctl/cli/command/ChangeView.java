package dev.trafficctl.cli.command;

import dev.trafficctl.cli.operation.Plan;
import dev.trafficctl.cli.operation.Result;
import dev.trafficctl.cli.operation.Session;
import dev.trafficctl.cli.output.Format;
import dev.trafficctl.cli.process.Environment;

/** How a change is shown: what is planned, what is about to be done, and what came of it. */
class ChangeView {
  final Environment environment;
  final Format format;

  ChangeView(Environment environment, Format format) {
    this.environment = environment;
    this.format = format;
  }

  /** Shows a plan that is not carried out. */
  void plan(Plan plan) {
    PlanView.print(plan, format, environment.out());
  }

  /** Says what somebody should know before it is done. */
  void begins(Plan plan, Session session) {
    plan.warnings().forEach(warning -> session.progress().step("warning: " + warning));
  }

  /** Shows what came of it. */
  void ended(Plan plan, Result result) {
    ResultView.print(result, format, environment);
  }
}
