package dev.trafficctl.cli.runbook;

/** Nothing is wrong: the job runs, and is to be stopped for a while. */
final class PlannedMaintenanceDrill implements Drill {
  @Override
  public String page() {
    return "planned-maintenance.md";
  }

  @Override
  public void cause(DrillStack stack) {
    stack.startJob();
  }
}
