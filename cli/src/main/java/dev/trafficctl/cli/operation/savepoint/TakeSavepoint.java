package dev.trafficctl.cli.operation.savepoint;

import dev.trafficctl.cli.flink.AsyncResult;
import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.journal.Entry;
import dev.trafficctl.cli.journal.JobLock;
import dev.trafficctl.cli.journal.Operation;
import dev.trafficctl.cli.operation.change.FlinkDeadline;
import dev.trafficctl.cli.operation.change.Follower;
import dev.trafficctl.cli.operation.change.Plan;
import dev.trafficctl.cli.operation.change.Prepared;
import dev.trafficctl.cli.operation.change.Result;
import dev.trafficctl.cli.operation.change.Session;
import dev.trafficctl.cli.operation.change.TrackedOperation;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Takes a savepoint of a job, which runs on. */
public final class TakeSavepoint implements Follower {
  /** What it is called in the journal and in trigger ids. */
  public static final String VERB = "savepoint";

  private final Session session;
  private final FlinkClient flink;
  private final AsyncOperation triggered;

  /** With what it works with. */
  public TakeSavepoint(Session session) {
    this.session = session;
    this.flink = session.flink();
    this.triggered =
        new AsyncOperation(
            session,
            VERB,
            flink.asyncOperations()::savepointResult,
            this::end,
            new SavepointProgress(session),
            "how the savepoint ends");
  }

  /**
   * Looks whether it can be done.
   *
   * @throws CommandException when it cannot
   */
  public Prepared prepare(JobSummary job, SavepointRequest request) {
    SavepointPlan ready = SavepointPlan.of(session, job, request.directory());
    Plan plan =
        new Plan(
            VERB,
            session.cluster().shown(),
            job.name(),
            job.id(),
            "take a savepoint of the job " + job.name(),
            List.of(
                "take a savepoint of %s (%s), which runs on, in the %s format to %s"
                    .formatted(
                        job.name(),
                        job.id(),
                        request.format().name().toLowerCase(Locale.ROOT),
                        ready.shownDirectory(flink.address()))),
            ready.warnings());
    return new Prepared(plan, lock -> take(lock, ready, request));
  }

  private Result take(JobLock lock, SavepointPlan ready, SavepointRequest request) {
    return triggered.run(
        lock,
        ready,
        VERB,
        SavepointPlan.options(request),
        request.detach(),
        trigger ->
            flink
                .asyncOperations()
                .triggerSavepoint(ready.job().id(), trigger, ready.directory(), request.format()));
  }

  @Override
  public Result settle(Operation operation, Entry entry, FlinkDeadline deadline) {
    return triggered.settle(operation, entry, deadline);
  }

  private Optional<Result> end(
      TrackedOperation operation, Entry entry, AsyncResult result, FlinkDeadline deadline) {
    if (result instanceof AsyncResult.Completed completed) {
      return Optional.of(completed(operation, completed.result()));
    }
    if (result instanceof AsyncResult.Failed failed) {
      return Optional.of(failed(operation, failed, deadline));
    }
    if (result instanceof AsyncResult.Missing) {
      SavepointSearch.Found found =
          new SavepointSearch(session.cluster(), session.clock()).find(operation, deadline);
      return found.goesOn() ? Optional.empty() : Optional.of(found(operation, found));
    }
    return Optional.empty();
  }

  private Result completed(TrackedOperation operation, String path) {
    return path.isBlank()
        ? operation.ended(
            ExitCode.OUTCOME_UNKNOWN,
            null,
            "Flink says that the savepoint is complete, but not where it is; look for it with: "
                + session.next().savepoints())
        : operation.ended(ExitCode.DONE, path, "took a savepoint of " + operation.shown());
  }

  private Result failed(
      TrackedOperation operation, AsyncResult.Failed failed, FlinkDeadline deadline) {
    String state = deadline.ask(() -> flink.jobState(operation.jobId())).orElse("gone");
    return operation.ended(
        ExitCode.FAILED,
        failed.savepoint(),
        "the savepoint of %s failed: %s%nthe job is %s%s"
            .formatted(
                operation.shown(),
                failed.cause(),
                state,
                failed.cause().contains("expired")
                    ? "; the savepoint took longer than Flink allows; see: "
                        + session.next().checkpoints(operation.parameter())
                    : ""));
  }

  private static Result found(TrackedOperation operation, SavepointSearch.Found found) {
    String seen = String.join(", ", found.seen());
    if (found.path() != null) {
      return operation.ended(
          ExitCode.DONE,
          found.path(),
          "took a savepoint of " + operation.shown() + ", as was found out afterwards: " + seen);
    }
    String job = found.state().map(state -> "the job is " + state).orElse("the job is gone");
    return found.certain()
        ? operation.ended(
            ExitCode.FAILED,
            null,
            "no savepoint of " + operation.shown() + " was taken: " + seen + "\n" + job)
        : operation.ended(
            ExitCode.OUTCOME_UNKNOWN,
            null,
            "whether a savepoint of "
                + operation.shown()
                + " was taken is not known: "
                + seen
                + "\n"
                + job
                + "; look where savepoints go: "
                + operation.directory());
  }
}
