package dev.trafficctl.cli.operation.stop;

import dev.trafficctl.cli.flink.Checkpoint;
import dev.trafficctl.cli.flink.Checkpoints;
import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.FlinkErrorException;
import dev.trafficctl.cli.flink.FlinkUnreachableException;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.journal.Asked;
import dev.trafficctl.cli.journal.Entry;
import dev.trafficctl.cli.journal.JobLock;
import dev.trafficctl.cli.journal.Operation;
import dev.trafficctl.cli.operation.catalogue.NewestState;
import dev.trafficctl.cli.operation.change.FlinkDeadline;
import dev.trafficctl.cli.operation.change.Follower;
import dev.trafficctl.cli.operation.change.Plan;
import dev.trafficctl.cli.operation.change.Prepared;
import dev.trafficctl.cli.operation.change.Result;
import dev.trafficctl.cli.operation.change.Session;
import dev.trafficctl.cli.operation.change.TrackedOperation;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.process.NextRestart;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Cancels a job without a savepoint; the newest retained checkpoint is the way back. */
public final class Cancel implements Follower {
  /** What it is called in the journal. */
  public static final String VERB = "cancel";

  private static final String CHECKPOINT = "newest-checkpoint";
  // A request that a process sent with its last breath has an effect by then.
  private static final Duration TO_HAVE_AN_EFFECT = Duration.ofSeconds(5);
  private static final Duration TO_BE_LISTED = Duration.ofSeconds(15);
  // What Flink tells of a job's checkpoints is up to 3 s old.
  private static final Duration TO_BE_NEW = Duration.ofMillis(3_500);

  private final Session session;
  private final FlinkClient flink;

  /** With what it works with. */
  public Cancel(Session session) {
    this.session = session;
    this.flink = session.flink();
  }

  /**
   * Looks what would be lost.
   *
   * @param discardState whether it may be done although nothing can be restored afterwards
   * @throws CommandException with {@link ExitCode#REFUSED} when nothing could be restored
   */
  public Prepared prepare(JobSummary job, boolean discardState) {
    boolean kept = flink.checkpointConfig(job.id()).retainedOnCancel();
    Optional<Checkpoints> checkpoints = flink.checkpoints(job.id());
    Optional<Checkpoint> wayBack =
        checkpoints.flatMap(
            all ->
                kept
                    ? all.newestRestorable()
                    : Optional.ofNullable(all.latestSavepoint()).filter(Checkpoint::restorable));
    Optional<String> restored =
        checkpoints
            .map(Checkpoints::restored)
            .filter(from -> kept || from.savepoint())
            .map(Checkpoints.Restored::path);
    List<String> steps = new ArrayList<>();
    steps.add("cancel %s (%s) without a savepoint".formatted(job.name(), job.id()));
    steps.add(
        kept
            ? "keep its checkpoints (RETAIN_ON_CANCELLATION)"
            : "let Flink delete all its checkpoints, as it is set to on cancel");
    if (wayBack.isPresent()) {
      Checkpoint newest = wayBack.get();
      steps.add(
          "lose no event: what was read since the %s %s, begun %s ago, is read again when the job is started from it"
              .formatted(
                  newest.savepoint() ? "savepoint" : "checkpoint",
                  newest.path(),
                  Text.age(Duration.between(newest.triggered(), session.clock().instant()))));
    } else if (restored.isPresent()) {
      steps.add(
          "lose no event: everything since %s, from which it was started, is read again when the job is started from it"
              .formatted(restored.get()));
    } else if (discardState) {
      steps.add("lose the job's state and its place in Kafka: there is nothing to restore");
    } else {
      throw new CommandException(
          ExitCode.REFUSED,
          "nothing could be restored after a cancel of %s: %s, and no savepoint is known; stop it with a savepoint: %s; or give --discard-state"
              .formatted(
                  Text.safe(job.name()),
                  kept
                      ? "it has completed no checkpoint yet"
                      : "Flink is set to delete its checkpoints on cancel",
                  session.next().stop(job.parameter())));
    }
    Plan plan =
        new Plan(
            VERB,
            session.cluster().shown(),
            job.name(),
            job.id(),
            "cancel the job " + job.name() + " without a savepoint",
            steps,
            List.of());
    String path = wayBack.map(Checkpoint::path).or(() -> restored).orElse(null);
    return new Prepared(plan, lock -> cancel(lock, job, path));
  }

  private Result cancel(JobLock lock, JobSummary job, String wayBack) {
    Map<String, String> options = new TreeMap<>();
    if (wayBack != null) {
      options.put(CHECKPOINT, wayBack);
    }
    Asked asked =
        new Asked(
            VERB, flink.address(), session.cluster().context(), job.id(), job.name(), options);
    return session.journaled(
        lock,
        asked,
        entry -> {
          TrackedOperation operation =
              new TrackedOperation(entry.id(), asked, session.clock().instant());
          FlinkDeadline deadline = session.deadline();
          try {
            flink.cancel(job.id());
            session.done(entry, "requested", Map.of());
          } catch (FlinkUnreachableException e) {
            if (!e.mayHaveArrived()) {
              return operation.ended(e.exitCode(), wayBack, e.getMessage() + "; nothing was done");
            }
            session.progress().step("the answer was lost; asking Flink what became of the job");
          } catch (FlinkErrorException e) {
            if (!FlinkDeadline.isPassing(e)) {
              // Somebody else may have stopped it meanwhile, and its checkpoints are gone.
              Optional<String> state = stateIfKnown(job.id(), deadline);
              return state.filter(now -> JobSummary.ended(now)).isPresent()
                  ? ended(operation, state.get(), wayBack, deadline)
                  : operation.ended(e.exitCode(), wayBack, e.getMessage() + "; nothing was done");
            }
          }
          return follow(operation, deadline);
        });
  }

  private Optional<String> stateIfKnown(JobId job, FlinkDeadline deadline) {
    try {
      return deadline.ask(() -> flink.jobState(job));
    } catch (CommandException e) {
      return Optional.empty();
    }
  }

  @Override
  public Result settle(Operation operation, Entry entry, FlinkDeadline deadline) {
    return follow(TrackedOperation.of(operation), deadline);
  }

  private Result follow(TrackedOperation operation, FlinkDeadline deadline) {
    String known = operation.options().get(CHECKPOINT);
    try {
      while (true) {
        Optional<String> state = deadline.ask(() -> flink.jobState(operation.jobId()));
        if (state.isEmpty()) {
          return operation.ended(
              ExitCode.OUTCOME_UNKNOWN,
              newestStored(operation).orElse(known),
              "Flink does not know %s any more: its JobManager was started anew, and the job does not run there%nstart it with: %s"
                  .formatted(
                      operation.shown(),
                      session
                          .next()
                          .restart(operation.parameter(), new NextRestart.Checkpoint(null))));
        }
        if (JobSummary.ended(state.get())) {
          return ended(operation, state.get(), known, deadline);
        }
        boolean untouched = !state.get().equals("CANCELLING") && !state.get().equals("FAILING");
        if (untouched && deadline.elapsed().compareTo(TO_HAVE_AN_EFFECT) > 0) {
          return operation.ended(
              ExitCode.FAILED,
              known,
              "%s was not cancelled: it is %s; try again: %s"
                  .formatted(
                      operation.shown(),
                      state.get(),
                      session.next().cancel(operation.parameter())));
        }
        if (deadline.isOver()) {
          return operation.open(
              known,
              "%s is still %s after %s; find out how it ended with: %s"
                  .formatted(
                      operation.shown(),
                      state.get(),
                      Text.age(deadline.elapsed()),
                      session.next().resume(operation.id())));
        }
        session.progress().update("the job is " + state.get());
        deadline.pause();
      }
    } catch (CommandException e) {
      // Be it an error: it tells nothing of how the request ends.
      return operation.open(
          known,
          e.getMessage()
              + "\nwhether the job was cancelled is not known; find out with: "
              + session.next().resume(operation.id()));
    }
  }

  private Result ended(
      TrackedOperation operation, String state, String known, FlinkDeadline deadline) {
    String path =
        newest(operation.jobId(), deadline.atMost(TO_BE_LISTED))
            .or(() -> newestStored(operation))
            .orElse(known);
    return state.equals("CANCELED")
        ? operation.ended(ExitCode.DONE, path, "cancelled " + operation.shown())
        : operation.ended(
            ExitCode.FAILED,
            state.equals("FINISHED") ? null : path,
            "%s was not cancelled: it had ended as %s before".formatted(operation.shown(), state));
  }

  /**
   * A checkpoint may have been completed after it was asked for and before the job ended, and
   * others deleted for it: only what is told some seconds later is the end of it.
   */
  private Optional<String> newest(JobId job, FlinkDeadline deadline) {
    session.sleeper().pause(TO_BE_NEW);
    try {
      return deadline
          .ask(() -> flink.checkpoints(job))
          .flatMap(Checkpoints::newestRestorable)
          .map(Checkpoint::path);
    } catch (CommandException e) {
      return Optional.empty();
    }
  }

  /**
   * What storage holds, where Flink has forgotten the job: the checkpoint that was the newest when
   * the cancel was asked for may have been deleted for a newer one.
   */
  private Optional<String> newestStored(TrackedOperation operation) {
    try {
      return new NewestState(session.cluster())
          .newestStoredCheckpoint(operation.job(), operation.jobId())
          .map(NewestState.Found::path);
    } catch (CommandException e) {
      return Optional.empty();
    }
  }
}
