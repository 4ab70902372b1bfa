package dev.trafficctl.cli.operation.restart;

import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.journal.Entry;
import dev.trafficctl.cli.journal.Operation;
import dev.trafficctl.cli.journal.StartKeys;
import dev.trafficctl.cli.operation.change.FlinkDeadline;
import dev.trafficctl.cli.operation.change.Follower;
import dev.trafficctl.cli.operation.change.RestartPlan.End;
import dev.trafficctl.cli.operation.change.Result;
import dev.trafficctl.cli.operation.change.Session;
import dev.trafficctl.cli.operation.start.Submission;
import java.util.Optional;

/** Finds out how a restart ended whose process is gone, or finishes it. */
public final class ResumeRestart implements Follower {
  private final Session session;

  /** With what an operation works with. */
  public ResumeRestart(Session session) {
    this.session = session;
  }

  @Override
  public Result settle(Operation operation, Entry entry, FlinkDeadline deadline) {
    return follow(operation, entry, deadline, false);
  }

  @Override
  public Result finish(Operation operation, Entry entry, FlinkDeadline deadline) {
    Result result = follow(operation, entry, deadline, true);
    if (!result.open()) {
      // A process that was killed has left it in Flink's list.
      operation.detail(RestartSteps.JAR_ID).ifPresent(Submission.of(session)::discard);
    }
    return result;
  }

  private Result follow(Operation operation, Entry entry, FlinkDeadline deadline, boolean starts) {
    RestartOrder order =
        RestartOrder.of(
            operation.asked().job(), operation.asked().jobId(), operation.asked().options());
    return new RestartSteps(
            session, order, entry, new RestartSteps.Ways(null, null, null, starts, deadline))
        .from(at(operation, order));
  }

  /** The last step in the journal. */
  private RestartSteps.At at(Operation operation, RestartOrder order) {
    if (operation.reached(StartKeys.STARTING)) {
      return new RestartSteps.At.Starting(
          operation,
          new RestartFacts(
              new JobId(operation.detail(StartKeys.JOB_ID).orElseThrow()),
              operation.detail(StartKeys.ENDED).orElse(null),
              operation.detail(StartKeys.RESTORE).orElse(null),
              null));
    }
    if (order.end() == End.NONE) {
      return new RestartSteps.At.Ended(null);
    }
    Optional<Operation> part =
        operation.reached(RestartSteps.ENDING) ? part(operation) : Optional.empty();
    return part.isPresent() ? new RestartSteps.At.Ending(part.get()) : new RestartSteps.At.Begun();
  }

  /** The stop or cancel that is a part of it, which is written down before Flink is asked. */
  private Optional<Operation> part(Operation restart) {
    return session.journal().list().operations().stream()
        .filter(part -> restart.id().equals(part.parent()))
        .findFirst();
  }
}
