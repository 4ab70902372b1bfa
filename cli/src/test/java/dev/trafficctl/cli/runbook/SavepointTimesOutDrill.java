package dev.trafficctl.cli.runbook;

import java.util.Map;

/** Postgres takes so long for a batch that no savepoint is complete within the time-out. */
final class SavepointTimesOutDrill implements Drill {
  @Override
  public String page() {
    return "savepoint-times-out.md";
  }

  @Override
  public void cause(DrillStack stack) {
    stack.startJob(Map.of("execution.checkpointing.timeout", "10 s"), "10s");
    new SlowPostgres(stack).begin();
  }

  @Override
  public Map<String, Runnable> deeds(DrillStack stack) {
    return Map.of("Make Postgres fast again", () -> new SlowPostgres(stack).end());
  }

  @Override
  public void undo(DrillStack stack) {
    new SlowPostgres(stack).end();
  }
}
