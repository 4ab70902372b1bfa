package dev.trafficctl.cli.runbook;

/** Postgres is down, so that the job fails and is restarted again and again. */
final class JobRestartingDrill implements Drill {
  @Override
  public String page() {
    return "job-restarting.md";
  }

  @Override
  public void cause(DrillStack stack) {
    stack.startJob();
    stack.parts().stop("postgres");
    DrillStack.await("the job restarts", () -> stack.job().state().equals("RESTARTING"));
  }
}
