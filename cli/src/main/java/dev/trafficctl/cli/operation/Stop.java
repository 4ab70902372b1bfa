package dev.trafficctl.cli.operation;

import dev.trafficctl.cli.CommandException;
import dev.trafficctl.cli.ExitCode;
import dev.trafficctl.cli.flink.AsyncResult;
import dev.trafficctl.cli.flink.Checkpoint;
import dev.trafficctl.cli.flink.Checkpoints;
import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.flink.TriggerId;
import dev.trafficctl.cli.journal.Asked;
import dev.trafficctl.cli.journal.Entry;
import dev.trafficctl.cli.journal.JobLock;
import dev.trafficctl.cli.journal.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Stops a job with a savepoint (stop-with-savepoint, FLIP-34). There may be a savepoint or not, and
 * the job may have stopped or not: four outcomes, of which one is success.
 */
public final class Stop implements Follower {
  /** What it is called in the journal and in trigger ids. */
  public static final String VERB = "stop";

  // Flink completes the request when the job has ended; its word for the state follows at once.
  private static final Duration TO_END = Duration.ofSeconds(60);
  private static final Duration TO_COME_BACK = Duration.ofSeconds(15);
  // What Flink tells of a job's checkpoints is up to 3 s old.
  private static final Duration TO_BE_LISTED = Duration.ofSeconds(5);

  private final Session session;
  private final FlinkClient flink;

  /** With what it works with. */
  public Stop(Session session) {
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
    List<String> steps = new ArrayList<>();
    if (request.drain()) {
      steps.add(
          "declare the end of event time, so that windows and timers fire as if no event came any"
              + " more; only for a job that is not started again from this savepoint");
    }
    steps.add(
        "take a savepoint of %s (%s) to %s"
            .formatted(job.name(), job.id(), ready.shownDirectory(flink.address())));
    steps.add("commit the offsets to Kafka and stop the job; it ends as FINISHED");
    steps.add("let Flink delete the job's retained checkpoints; the savepoint is the way back");
    Plan plan =
        new Plan(
            VERB,
            session.cluster().shown(),
            job.name(),
            job.id(),
            (request.drain() ? "drain and stop the job " : "stop the job ") + job.name(),
            steps,
            ready.warnings());
    return new Prepared(plan, lock -> stop(lock, ready, request));
  }

  private Result stop(JobLock lock, SavepointPlan ready, SavepointRequest request) {
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
                          flink.triggerStop(job.id(), trigger, ready.directory(), request.drain()),
                      () -> flink.savepointResult(job.id(), trigger),
                      patience);
          if (notBegun.isPresent()) {
            return notBegun.get();
          }
          session.done(entry, "triggered", Map.of());
          return request.detach()
              ? TakeSavepoint.detached(operation)
              : follow(
                  operation,
                  entry,
                  patience,
                  new SavepointProgress(session, operation, ready.timeout(), patience));
        });
  }

  @Override
  public Result settle(Operation operation, Entry entry, Patience patience) {
    Tracked tracked = Tracked.of(operation);
    return follow(
        tracked, entry, patience, new SavepointProgress(session, tracked, null, patience));
  }

  private Result follow(
      Tracked operation, Entry entry, Patience patience, SavepointProgress progress) {
    String path = null;
    try {
      while (true) {
        AsyncResult result =
            patience.ask(() -> flink.savepointResult(operation.jobId(), operation.trigger()));
        if (result instanceof AsyncResult.Completed completed) {
          path = completed.result().isBlank() ? null : completed.result();
          return ended(operation, entry, path, "Flink says that it did", TO_END, true);
        }
        if (result instanceof AsyncResult.Failed failed) {
          path = failed.savepoint();
          return ended(operation, entry, path, failed.cause(), TO_COME_BACK, true);
        }
        if (result instanceof AsyncResult.Missing) {
          SavepointSearch.Found found = new SavepointSearch(flink).find(operation, patience);
          if (!found.goesOn()) {
            path = found.path();
            return ended(
                operation,
                entry,
                path,
                String.join(", ", found.seen()),
                path == null ? TO_COME_BACK : TO_END,
                found.certain());
          }
        }
        if (patience.isOver()) {
          return TakeSavepoint.goesOn(operation, session.clock().instant());
        }
        progress.show();
        patience.pause();
      }
    } catch (CommandException e) {
      // Be it an error: it tells nothing of how the request ends.
      return operation.open(
          path,
          "%s%n%s; find out with: %s"
              .formatted(
                  e.getMessage(),
                  path == null
                      ? "whether the job was stopped is not known"
                      : "the savepoint is complete, but whether the job has ended is not known",
                  operation.resume()));
    }
  }

  private Result ended(
      Tracked operation, Entry entry, String path, String why, Duration bound, boolean certain) {
    if (path != null) {
      session.done(entry, "savepoint complete", Map.of("path", path));
    }
    boolean failed = bound.equals(TO_COME_BACK);
    Optional<String> state =
        await(operation, bound, now -> JobSummary.ended(now) || (failed && now.equals("RUNNING")));
    boolean live = state.isPresent() && !JobSummary.ended(state.get());
    if (path == null && state.equals(Optional.of("FINISHED"))) {
      Optional<String> anothers = lastSavepoint(operation);
      if (anothers.isPresent()) {
        session.done(entry, "savepoint complete", Map.of("path", anothers.get()));
        return byAnother(operation, anothers.get());
      }
    }
    return path == null
        ? without(operation, state, live, why, certain)
        : with(operation, path, state, live, why);
  }

  private Result byAnother(Tracked operation, String path) {
    String stopped =
        "somebody else has stopped %s with a savepoint at the same time"
            .formatted(shown(operation));
    if (!Boolean.parseBoolean(operation.options().get(SavepointPlan.DRAIN))) {
      return operation.ended(ExitCode.DONE, path, stopped);
    }
    // Flink calls both kinds of stop SYNC_SAVEPOINT.
    return operation.ended(
        ExitCode.PARTLY_DONE,
        path,
        "%s; it was not drained by this request, and Flink does not tell whether it was by theirs%nif they did not drain it, start it from the savepoint with: %s%nand then drain it with: %s"
            .formatted(
                stopped,
                session.cluster().command("restart", operation.job(), "--from-savepoint", path),
                session.cluster().command("stop", operation.job(), "--drain")));
  }

  /**
   * The savepoint that a job which is FINISHED was stopped with by somebody else: the last of all
   * its checkpoints.
   */
  private Optional<String> lastSavepoint(Tracked operation) {
    Patience patience = session.patience(TO_BE_LISTED);
    while (true) {
      Optional<String> path =
          patience
              .ask(() -> flink.checkpoints(operation.jobId()))
              .flatMap(Checkpoints::newestRestorable)
              .filter(Checkpoint::savepoint)
              .map(Checkpoint::path);
      if (path.isPresent() || patience.isOver()) {
        return path;
      }
      patience.pause();
    }
  }

  /** The job's state once it is one that is waited for, or what it is when the time is over. */
  private Optional<String> await(Tracked operation, Duration bound, Predicate<String> wanted) {
    Patience patience = session.patience(bound);
    while (true) {
      Optional<String> state = patience.ask(() -> flink.jobState(operation.jobId()));
      if (state.isEmpty() || wanted.test(state.get()) || patience.isOver()) {
        return state;
      }
      session.progress().update("the job is " + state.get());
      patience.pause();
    }
  }

  private Result with(
      Tracked operation, String path, Optional<String> state, boolean live, String why) {
    if (state.equals(Optional.of("FINISHED"))) {
      return operation.ended(
          ExitCode.DONE, path, "stopped " + shown(operation) + " with a savepoint");
    }
    if (live) {
      return operation.ended(
          ExitCode.PARTLY_DONE,
          path,
          "the savepoint of %s is complete, but the job did not stop: %s%nit is %s; stop it with: %s"
              .formatted(
                  shown(operation),
                  why,
                  state.get(),
                  session.cluster().command("stop", operation.job())));
    }
    return operation.ended(
        ExitCode.PARTLY_DONE,
        path,
        "the savepoint of %s is complete, but the job %s: %s%nstart it from the savepoint with: %s"
            .formatted(
                shown(operation),
                state
                    .map(ended -> "ended as " + ended + " and not as FINISHED")
                    .orElse("is gone with its JobManager"),
                why,
                session.cluster().command("restart", operation.job(), "--from-savepoint", path)));
  }

  private Result without(
      Tracked operation, Optional<String> state, boolean live, String why, boolean certain) {
    if (live && certain) {
      return operation.ended(
          ExitCode.FAILED,
          null,
          "%s was not stopped: %s%nthere is no savepoint, and the job is %s"
              .formatted(shown(operation), why, state.get()));
    }
    if (live) {
      return operation.ended(
          ExitCode.OUTCOME_UNKNOWN,
          null,
          "%s was not stopped, it is %s; whether there is a savepoint is not known: %s%nlook where savepoints go: %s"
              .formatted(shown(operation), state.get(), why, operation.directory()));
    }
    return operation.ended(
        ExitCode.OUTCOME_UNKNOWN,
        null,
        "%s does not run any more (%s), and no savepoint is known: %s%n%s"
            .formatted(
                shown(operation), state.orElse("Flink does not know it"), why, wayBack(operation)));
  }

  private String wayBack(Tracked operation) {
    String restart =
        session.cluster().command("restart", operation.job(), "--from-checkpoint", "latest");
    try {
      Optional<Checkpoint> newest =
          flink.checkpoints(operation.jobId()).flatMap(Checkpoints::newestRestorable);
      if (newest.isPresent()) {
        return "the newest checkpoint is "
            + newest.get().path()
            + "; start it from there with: "
            + restart;
      }
    } catch (CommandException e) {
      // The command that is recommended then looks for itself.
    }
    return "see what is left with: "
        + session.cluster().command("checkpoints", operation.job())
        + "; start it from there with: "
        + restart;
  }

  private static String shown(Tracked operation) {
    return operation.name() + " (" + operation.jobId() + ")";
  }
}
