package dev.trafficctl.cli.runbook;

import java.util.List;

/** The drills, one for each page of {@code runbooks/}. */
final class Drills {
  private Drills() {}

  static List<Drill> all() {
    return List.of(
        new PlannedMaintenanceDrill(),
        new JobRestartingDrill(),
        new JobGoneDrill(),
        new ReplayDrill(),
        new SavepointTimesOutDrill(),
        new StopHangsDrill());
  }
}
