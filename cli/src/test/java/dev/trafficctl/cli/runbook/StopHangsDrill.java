package dev.trafficctl.cli.runbook;

import java.util.Map;

/** Postgres takes so long for a batch that a stop with a savepoint seems to hang. */
final class StopHangsDrill implements Drill {
  @Override
  public String page() {
    return "stop-hangs.md";
  }

  @Override
  public void cause(DrillStack stack) {
    stack.startJob();
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
