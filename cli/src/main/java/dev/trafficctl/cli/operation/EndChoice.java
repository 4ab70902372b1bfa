package dev.trafficctl.cli.operation;

import dev.trafficctl.cli.CommandException;
import dev.trafficctl.cli.ExitCode;
import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.flink.Checkpoints;
import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.operation.RestartPlan.End;
import dev.trafficctl.cli.output.Text;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Chooses how a restart ends the job that runs: stopped with a savepoint if it is healthy, else
 * cancelled, and that only if something is left to go back to.
 */
final class EndChoice {
  private final Cluster cluster;
  private final FlinkClient flink;
  private final NewestState states;

  EndChoice(Cluster cluster, NewestState states) {
    this.cluster = cluster;
    this.flink = cluster.flink();
    this.states = states;
  }

  /**
   * How the job is brought to its end.
   *
   * @param warn is told what somebody should know of it, a line each
   * @throws CommandException when it would lose the way back
   */
  End end(RestartScene scene, Consumer<String> warn) {
    JobSummary job = scene.before();
    if (job == null || job.ended()) {
      return End.NONE;
    }
    boolean healthy =
        flink
            .job(job.id())
            .orElseThrow(
                () ->
                    new CommandException(
                        ExitCode.FAILED,
                        "Flink no longer knows the job %s (%s); nothing was changed; see: %s"
                            .formatted(Text.safe(job.name()), job.id(), cluster.command("jobs"))))
            .allTasksRun();
    if (healthy && !(scene.from() instanceof From.Checkpoint)) {
      return End.STOP;
    }
    if (!healthy) {
      warn.accept(
          "the job is "
              + job.state()
              + " and not all of its tasks run, so no savepoint can be taken: it is cancelled"
              + " instead");
    }
    if (!scene.from().stateIsGiven()) {
      requireWayBack(job);
    }
    return End.CANCEL;
  }

  private void requireWayBack(JobSummary job) {
    String why = null;
    if (!flink.checkpointConfig(job.id()).retainedOnCancel()) {
      why = "Flink deletes its checkpoints then";
    } else if (newestCheckpoint(job).isEmpty()) {
      why = "it has completed no checkpoint yet";
    }
    if (why != null) {
      throw new CommandException(
          ExitCode.REFUSED,
          "the job %s would have to be cancelled, and %s; give a savepoint to start from (--from-savepoint PATH), or give its state up first: %s"
              .formatted(
                  Text.safe(job.name()),
                  why,
                  cluster.command("cancel", job.name(), "--discard-state")));
    }
  }

  /** The newest checkpoint of a job, else what it was itself restored from. */
  private Optional<String> newestCheckpoint(JobSummary job) {
    Optional<NewestState.Found> newest = states.newestCheckpoint(job);
    if (newest.isPresent()) {
      return newest.map(NewestState.Found::path);
    }
    return flink.checkpoints(job.id()).map(Checkpoints::restored).map(Checkpoints.Restored::path);
  }
}
