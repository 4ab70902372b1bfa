package dev.trafficctl.cli.operation.stop;

import dev.trafficctl.cli.flink.AsyncResult;
import dev.trafficctl.cli.flink.Checkpoint;
import dev.trafficctl.cli.flink.Checkpoints;
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
import dev.trafficctl.cli.operation.savepoint.AsyncOperation;
import dev.trafficctl.cli.operation.savepoint.SavepointPlan;
import dev.trafficctl.cli.operation.savepoint.SavepointProgress;
import dev.trafficctl.cli.operation.savepoint.SavepointRequest;
import dev.trafficctl.cli.operation.savepoint.SavepointSearch;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.process.NextRestart;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Stops a job with a savepoint (stop-with-savepoint, FLIP-34). There may be a savepoint or not, and
 * the job may have stopped or not: four outcomes, of which one is success.
 */
public final class Stop implements Follower {
  /** What it is called in the journal and in trigger ids. */
  public static final String VERB = "stop";

  /** What it is called in trigger ids if the end of event time is declared first. */
  private static final String DRAIN = "stop-drain";

  // Flink completes the request when the job has ended; its word for the state follows at once.
  private static final Duration TO_END = Duration.ofSeconds(60);
  private static final Duration TO_COME_BACK = Duration.ofSeconds(15);
  // What Flink tells of a job's checkpoints is up to 3 s old.
  private static final Duration TO_BE_LISTED = Duration.ofSeconds(5);

  private final Session session;
  private final FlinkClient flink;
  private final AsyncOperation triggered;

  /** With what it works with. */
  public Stop(Session session) {
    this.session = session;
    this.flink = session.flink();
    this.triggered =
        new AsyncOperation(
            session,
            VERB,
            flink.asyncOperations()::savepointResult,
            this::end,
            new SavepointProgress(session),
            "whether the job was stopped");
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
    steps.add("stop the job; it ends as FINISHED");
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
    // With one id for both, Flink would take a drain for the stop that it knows already.
    triggered.requireNone(request.drain() ? VERB : DRAIN, ready.job());
    return triggered.run(
        lock,
        ready,
        request.drain() ? DRAIN : VERB,
        SavepointPlan.options(request),
        request.detach(),
        trigger ->
            flink
                .asyncOperations()
                .triggerStop(ready.job().id(), trigger, ready.directory(), request.drain()));
  }

  @Override
  public Result settle(Operation operation, Entry entry, FlinkDeadline deadline) {
    return triggered.settle(operation, entry, deadline);
  }

  private Optional<Result> end(
      TrackedOperation operation, Entry entry, AsyncResult result, FlinkDeadline deadline) {
    if (result instanceof AsyncResult.Completed completed) {
      String path = completed.result().isBlank() ? null : completed.result();
      return Optional.of(
          ended(
              operation, entry, path, "Flink says that it did", new Wait(deadline, TO_END), true));
    }
    if (result instanceof AsyncResult.Failed failed) {
      return Optional.of(
          ended(
              operation,
              entry,
              failed.savepoint(),
              failed.cause(),
              new Wait(deadline, TO_COME_BACK),
              true));
    }
    if (result instanceof AsyncResult.Missing) {
      SavepointSearch.Found found =
          new SavepointSearch(session.cluster(), session.clock()).find(operation, deadline);
      return found.goesOn()
          ? Optional.empty()
          : Optional.of(
              ended(
                  operation,
                  entry,
                  found.path(),
                  String.join(", ", found.seen()),
                  new Wait(deadline, found.path() == null ? TO_COME_BACK : TO_END),
                  found.certain()));
    }
    return Optional.empty();
  }

  /**
   * How long the job's state is waited for.
   *
   * @param all the time for all of the operation
   * @param state the time for the state, at most
   */
  private record Wait(FlinkDeadline all, Duration state) {
    boolean isOfFailedStop() {
      return state.equals(TO_COME_BACK);
    }

    /** Whether a state is one that stays. */
    boolean isSettled(Optional<String> now) {
      return now.isEmpty()
          || JobSummary.ended(now.get())
          || (isOfFailedStop() && now.get().equals("RUNNING"));
    }

    /** Whether a state was not waited for as long as it can take. */
    boolean isCutShort(Optional<String> now) {
      return !isSettled(now) && all.isOver();
    }
  }

  private Result ended(
      TrackedOperation operation,
      Entry entry,
      String path,
      String why,
      Wait wait,
      boolean certain) {
    if (path == null) {
      return without(operation, entry, why, wait, certain);
    }
    session.done(entry, "savepoint complete", Map.of("path", path));
    try {
      Optional<String> state = await(operation, wait);
      return wait.isCutShort(state)
          ? stillOn(operation, path, "the savepoint is complete, but ", state.get())
          : with(operation, path, state, why);
    } catch (CommandException e) {
      return operation.open(
          path,
          "%s%nthe savepoint is complete, but whether the job has ended is not known; find out with: %s"
              .formatted(e.getMessage(), session.next().resume(operation.id())));
    }
  }

  private Result stillOn(TrackedOperation operation, String path, String what, String state) {
    return operation.open(
        path,
        "%s%s is still %s; find out how it ended with: %s"
            .formatted(what, operation.shown(), state, session.next().resume(operation.id())));
  }

  private static boolean live(Optional<String> state) {
    return state.isPresent() && !JobSummary.ended(state.get());
  }

  /**
   * Somebody else was faster; whether what they did is what was asked for here is another matter.
   */
  private Result byAnother(TrackedOperation operation, String path, FlinkDeadline all) {
    boolean drain = Boolean.parseBoolean(operation.options().get(SavepointPlan.DRAIN));
    Optional<Boolean> drained = drainedByAnother(operation, all.atMost(TO_BE_LISTED));
    String how =
        "somebody else has %s %s with a savepoint at the same time"
            .formatted(
                drained.orElse(false) ? "drained and stopped" : "stopped", operation.shown());
    String restart = session.next().restart(operation.parameter(), new NextRestart.Savepoint(path));
    if (drain && drained.orElse(false)) {
      return operation.ended(ExitCode.DONE, path, how);
    }
    if (drain) {
      return operation.ended(
          ExitCode.PARTLY_DONE,
          path,
          "%s; %sstart it from the savepoint with: %s%nand then drain it with: %s"
              .formatted(
                  how,
                  drained.isPresent()
                      ? "it was not drained%n".formatted()
                      : "it was not drained by this request, and Flink does not tell whether it was by theirs%nif they did not drain it, "
                          .formatted(),
                  restart,
                  session.next().drain(operation.parameter())));
    }
    if (drained.orElse(false)) {
      return operation.ended(
          ExitCode.PARTLY_DONE,
          path,
          "%s; a drain was not asked for here: windows and timers have fired as if no event came any more%nlook at what they wrote, and whether the job was to end for good, before you start it from the savepoint with: %s"
              .formatted(how, restart));
    }
    return operation.ended(
        ExitCode.DONE,
        path,
        drained.isPresent() ? how : how + "; Flink does not tell whether they drained it");
  }

  /**
   * Whether the job was drained by who stopped it, or nothing when that is not known. Flink calls
   * both kinds of stop SYNC_SAVEPOINT; only the trigger ids of this program tell them apart.
   */
  private Optional<Boolean> drainedByAnother(TrackedOperation operation, FlinkDeadline deadline) {
    try {
      if (triggered.isKnown(DRAIN, operation.jobId(), deadline)) {
        return Optional.of(true);
      }
      return triggered.isKnown(VERB, operation.jobId(), deadline)
          ? Optional.of(false)
          : Optional.empty();
    } catch (CommandException e) {
      return Optional.empty();
    }
  }

  /**
   * The savepoint that a job which is FINISHED was stopped with by somebody else: the last of all
   * its checkpoints.
   */
  private Optional<String> lastSavepoint(TrackedOperation operation, FlinkDeadline deadline) {
    return deadline.until(
        () ->
            deadline
                .ask(() -> flink.checkpoints(operation.jobId()))
                .flatMap(Checkpoints::newestRestorable)
                .filter(Checkpoint::savepoint)
                .map(Checkpoint::path),
        Optional::isPresent);
  }

  /** The job's state once it is one that stays, or what it is when the time is over. */
  private Optional<String> await(TrackedOperation operation, Wait wait) {
    FlinkDeadline deadline = wait.all().atMost(wait.state());
    return deadline.until(
        () -> deadline.ask(() -> flink.jobState(operation.jobId())),
        wait::isSettled,
        state -> session.progress().update("the job is " + state.get()));
  }

  private Result with(TrackedOperation operation, String path, Optional<String> state, String why) {
    if (state.equals(Optional.of("FINISHED"))) {
      return operation.ended(
          ExitCode.DONE, path, "stopped " + operation.shown() + " with a savepoint");
    }
    if (live(state)) {
      return operation.ended(
          ExitCode.PARTLY_DONE,
          path,
          "the savepoint of %s is complete, but the job did not stop: %s%nit is %s; stop it with: %s"
              .formatted(
                  operation.shown(), why, state.get(), session.next().stop(operation.parameter())));
    }
    return operation.ended(
        ExitCode.PARTLY_DONE,
        path,
        "the savepoint of %s is complete, but the job %s: %s%nstart it from the savepoint with: %s"
            .formatted(
                operation.shown(),
                state
                    .map(ended -> "ended as " + ended + " and not as FINISHED")
                    .orElse("is gone with its JobManager"),
                why,
                session.next().restart(operation.parameter(), new NextRestart.Savepoint(path))));
  }

  private Result without(
      TrackedOperation operation, Entry entry, String why, Wait wait, boolean certain) {
    Optional<String> state = await(operation, wait);
    if (wait.isCutShort(state)) {
      return stillOn(operation, null, why + "; ", state.get());
    }
    if (state.equals(Optional.of("FINISHED"))) {
      Optional<String> anothers = lastSavepoint(operation, wait.all().atMost(TO_BE_LISTED));
      if (anothers.isPresent()) {
        session.done(entry, "savepoint complete", Map.of("path", anothers.get()));
        return byAnother(operation, anothers.get(), wait.all());
      }
    }
    boolean live = live(state);
    if (live && certain) {
      return operation.ended(
          ExitCode.FAILED,
          null,
          "%s was not stopped: %s%nthere is no savepoint, and the job is %s"
              .formatted(operation.shown(), why, state.get()));
    }
    if (live) {
      return operation.ended(
          ExitCode.OUTCOME_UNKNOWN,
          null,
          "%s was not stopped, it is %s; whether there is a savepoint is not known: %s%nlook where savepoints go: %s"
              .formatted(operation.shown(), state.get(), why, operation.directory()));
    }
    return operation.ended(
        ExitCode.OUTCOME_UNKNOWN,
        null,
        "%s does not run any more (%s), and no savepoint is known: %s%n%s"
            .formatted(
                operation.shown(),
                state.orElse("Flink does not know it"),
                why,
                wayBack(operation)));
  }

  private String wayBack(TrackedOperation operation) {
    try {
      Optional<Checkpoint> newest =
          flink.checkpoints(operation.jobId()).flatMap(Checkpoints::newestRestorable);
      if (newest.isPresent()) {
        boolean savepoint = newest.get().savepoint();
        return "the newest %s is %s; start it from there with: %s"
            .formatted(
                savepoint ? "savepoint" : "checkpoint",
                newest.get().path(),
                restart(operation, savepoint));
      }
    } catch (CommandException e) {
      // The command that is recommended then looks for itself.
    }
    return "see what is left with: "
        + session.next().checkpoints(operation.parameter())
        + "; start it from there with: "
        + restart(operation, false);
  }

  private String restart(TrackedOperation operation, boolean savepoint) {
    return session.next().restart(operation.parameter(), NextRestart.Start.state(savepoint, null));
  }
}
