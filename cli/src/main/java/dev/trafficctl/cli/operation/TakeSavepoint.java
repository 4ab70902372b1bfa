package dev.trafficctl.cli.operation;

import dev.trafficctl.cli.CommandException;
import dev.trafficctl.cli.ExitCode;
import dev.trafficctl.cli.flink.AsyncResult;
import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.flink.TriggerId;
import dev.trafficctl.cli.journal.Asked;
import dev.trafficctl.cli.journal.Entry;
import dev.trafficctl.cli.journal.JobLock;
import dev.trafficctl.cli.journal.Operation;
import dev.trafficctl.cli.output.Text;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Takes a savepoint of a job, which runs on. */
public final class TakeSavepoint implements Follower {
  /** What it is called in the journal and in trigger ids. */
  public static final String VERB = "savepoint";

  private final Session session;
  private final FlinkClient flink;

  /** With what it works with. */
  public TakeSavepoint(Session session) {
    this.session = session;
    this.flink = session.flink();
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
    JobSummary job = ready.job();
    TriggerId trigger =
        SavepointPlan.nextTrigger(session, VERB, job, id -> flink.savepointResult(job.id(), id));
    Asked asked = ready.asked(session, VERB, trigger, SavepointPlan.options(request));
    return session.journaled(
        lock,
        asked,
        entry -> {
          Tracked operation = new Tracked(entry.id(), asked, session.clock().instant());
          Patience patience = session.patience();
          Optional<Result> notBegun =
              new Trigger(session.progress())
                  .send(
                      operation,
                      () ->
                          flink.triggerSavepoint(
                              job.id(), trigger, ready.directory(), request.format()),
                      () -> flink.savepointResult(job.id(), trigger),
                      patience);
          if (notBegun.isPresent()) {
            return notBegun.get();
          }
          session.done(entry, "triggered", Map.of());
          if (request.detach()) {
            return detached(operation);
          }
          return follow(
              operation,
              patience,
              new SavepointProgress(session, operation, ready.timeout(), patience));
        });
  }

  static Result detached(Tracked operation) {
    return new Result(
        operation.id(),
        operation.verb(),
        operation.name(),
        operation.jobId(),
        ExitCode.DONE,
        null,
        null,
        "the %s of %s goes on in Flink; ask for its path with: %s"
            .formatted(operation.verb(), operation.name(), operation.resume()),
        true);
  }

  @Override
  public Result settle(Operation operation, Entry entry, Patience patience) {
    Tracked tracked = Tracked.of(operation);
    return follow(tracked, patience, new SavepointProgress(session, tracked, null, patience));
  }

  private Result follow(Tracked operation, Patience patience, SavepointProgress progress) {
    try {
      while (true) {
        AsyncResult result =
            patience.ask(() -> flink.savepointResult(operation.jobId(), operation.trigger()));
        if (result instanceof AsyncResult.Completed completed) {
          return completed(operation, completed.result());
        }
        if (result instanceof AsyncResult.Failed failed) {
          return failed(operation, failed, patience);
        }
        if (result instanceof AsyncResult.Missing) {
          SavepointSearch.Found found = new SavepointSearch(flink).find(operation, patience);
          if (!found.goesOn()) {
            return found(operation, found);
          }
        }
        if (patience.isOver()) {
          return goesOn(operation, session.clock().instant());
        }
        progress.show();
        patience.pause();
      }
    } catch (CommandException e) {
      // Be it an error: it tells nothing of how the request ends.
      return operation.open(
          null,
          e.getMessage()
              + "\nhow the savepoint ends is not known; find out with: "
              + operation.resume());
    }
  }

  static Result goesOn(Tracked operation, Instant now) {
    return operation.open(
        null,
        "the %s of %s still goes on in Flink after %s; find out how it ended with: %s"
            .formatted(
                operation.verb(),
                operation.name(),
                Text.age(Duration.between(operation.at(), now)),
                operation.resume()));
  }

  private Result completed(Tracked operation, String path) {
    return path.isBlank()
        ? operation.ended(
            ExitCode.OUTCOME_UNKNOWN,
            null,
            "Flink says that the savepoint is complete, but not where it is; look for it with: "
                + session.cluster().command("savepoint", "list"))
        : operation.ended(ExitCode.DONE, path, "took a savepoint of " + shown(operation));
  }

  private Result failed(Tracked operation, AsyncResult.Failed failed, Patience patience) {
    String state = patience.ask(() -> flink.jobState(operation.jobId())).orElse("gone");
    return operation.ended(
        ExitCode.FAILED,
        failed.savepoint(),
        "the savepoint of %s failed: %s%nthe job is %s%s"
            .formatted(
                shown(operation),
                failed.cause(),
                state,
                failed.cause().contains("expired")
                    ? "; the savepoint took longer than Flink allows; see: "
                        + session.cluster().command("checkpoints", operation.job())
                    : ""));
  }

  private static Result found(Tracked operation, SavepointSearch.Found found) {
    String seen = String.join(", ", found.seen());
    if (found.path() != null) {
      return operation.ended(
          ExitCode.DONE,
          found.path(),
          "took a savepoint of " + shown(operation) + ", as was found out afterwards: " + seen);
    }
    String job = found.state().map(state -> "the job is " + state).orElse("the job is gone");
    return found.certain()
        ? operation.ended(
            ExitCode.FAILED,
            null,
            "no savepoint of " + shown(operation) + " was taken: " + seen + "\n" + job)
        : operation.ended(
            ExitCode.OUTCOME_UNKNOWN,
            null,
            "whether a savepoint of "
                + shown(operation)
                + " was taken is not known: "
                + seen
                + "\n"
                + job
                + "; look where savepoints go: "
                + operation.directory());
  }

  private static String shown(Tracked operation) {
    return operation.name() + " (" + operation.jobId() + ")";
  }
}
