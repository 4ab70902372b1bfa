package dev.trafficctl.cli.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.flink.Checkpoints;
import dev.trafficctl.cli.flink.JobId;

/** The JobManager has crashed, and without high availability the job is gone with it. */
final class JobGoneDrill implements Drill {
  @Override
  public String page() {
    return "job-gone.md";
  }

  private JobId lost;

  @Override
  public void cause(DrillStack stack) {
    stack.deleteCheckpoints();
    stack.startJob();
    lost = stack.job().id();
    stack.parts().kill("jobmanager");
  }

  @Override
  public void check(DrillStack stack) {
    Checkpoints checkpoints = stack.flink().checkpoints(stack.job().id()).orElseThrow();
    assertThat(checkpoints.restored().path()).contains("/" + lost + "/chk-");
  }
}
