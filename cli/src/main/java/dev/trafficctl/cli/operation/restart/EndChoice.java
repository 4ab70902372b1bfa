package dev.trafficctl.cli.operation.restart;

import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.flink.Checkpoints;
import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.JobDetails;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.operation.catalogue.NewestState;
import dev.trafficctl.cli.operation.change.RestartPlan.End;
import dev.trafficctl.cli.operation.change.Session;
import dev.trafficctl.cli.operation.savepoint.AllTasks;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Chooses how a restart ends the job that runs: stopped with a savepoint if it is healthy, else
 * cancelled, and that only if something is left to go back to.
 */
final class EndChoice {
  private final Cluster cluster;
  private final FlinkClient flink;
  private final AllTasks tasks;
  private final NewestState states;

  EndChoice(Session session, NewestState states) {
    this.cluster = session.cluster();
    this.flink = session.flink();
    this.tasks = new AllTasks(session);
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
    boolean cancelIsAskedFor = scene.from() instanceof From.Checkpoint;
    // What Flink tells just after a start is from before it: no job is cancelled for that.
    JobDetails seen =
        (cancelIsAskedFor ? flink.job(job.id()) : tasks.look(job.id()))
            .orElseThrow(
                () ->
                    new CommandException(
                        ExitCode.FAILED,
                        "Flink no longer knows the job %s (%s); nothing was changed; see: %s"
                            .formatted(Text.safe(job.name()), job.id(), cluster.next().jobs())));
    if (seen.ended()) {
      throw new CommandException(
          ExitCode.FAILED,
          "the job %s (%s) has just ended, it is %s; nothing was changed; see how it ended: %s; then give the same command again"
              .formatted(
                  Text.safe(job.name()),
                  job.id(),
                  seen.state(),
                  cluster.next().status(job.id().text())));
    }
    if (seen.allTasksRun() && !cancelIsAskedFor) {
      return End.STOP;
    }
    if (!cancelIsAskedFor) {
      warn.accept(
          "the job is "
              + seen.state()
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
                  cluster.next().cancelDiscardingState(job.parameter())));
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
