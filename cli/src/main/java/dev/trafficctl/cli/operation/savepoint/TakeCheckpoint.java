package dev.trafficctl.cli.operation.savepoint;

import dev.trafficctl.cli.flink.AsyncResult;
import dev.trafficctl.cli.flink.Checkpoint;
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
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Takes a checkpoint of a job at once, besides those that it takes from time to time. */
public final class TakeCheckpoint implements Follower {
  /** What it is called in the journal and in trigger ids. */
  public static final String VERB = "checkpoint";

  // What Flink tells of checkpoints is up to 3 s old.
  private static final Duration TO_BE_LISTED = Duration.ofSeconds(15);

  private final Session session;
  private final FlinkClient flink;
  private final AsyncOperation triggered;

  /** With what it works with. */
  public TakeCheckpoint(Session session) {
    this.session = session;
    this.flink = session.flink();
    this.triggered =
        new AsyncOperation(
            session,
            VERB,
            flink.asyncOperations()::checkpointResult,
            this::end,
            this::show,
            "how the checkpoint ends");
  }

  /**
   * Looks whether it can be done.
   *
   * @throws CommandException when it cannot
   */
  public Prepared prepare(JobSummary job) {
    SavepointPlan ready = SavepointPlan.ofCheckpoint(session, job);
    Plan plan =
        new Plan(
            VERB,
            session.cluster().shown(),
            job.name(),
            job.id(),
            "take a checkpoint of the job " + job.name(),
            List.of("take a checkpoint of %s (%s), which runs on".formatted(job.name(), job.id())),
            ready.warnings());
    return new Prepared(plan, lock -> take(lock, ready));
  }

  private Result take(JobLock lock, SavepointPlan ready) {
    return triggered.run(
        lock,
        ready,
        VERB,
        Map.of(),
        false,
        trigger -> flink.asyncOperations().triggerCheckpoint(ready.job().id(), trigger));
  }

  @Override
  public Result settle(Operation operation, Entry entry, FlinkDeadline deadline) {
    return triggered.settle(operation, entry, deadline);
  }

  private Optional<Result> end(
      TrackedOperation operation, Entry entry, AsyncResult result, FlinkDeadline deadline) {
    if (result instanceof AsyncResult.Completed completed) {
      return Optional.of(
          completed.result().matches("\\d{1,18}")
              ? completed(operation, Long.parseLong(completed.result()), deadline)
              : withoutNumber(operation));
    }
    if (result instanceof AsyncResult.Failed failed) {
      return Optional.of(
          operation.ended(
              ExitCode.FAILED,
              null,
              "the checkpoint of %s failed: %s".formatted(operation.shown(), failed.cause())));
    }
    return result instanceof AsyncResult.Missing
        ? Optional.of(missing(operation, deadline.atMost(TO_BE_LISTED)))
        : Optional.empty();
  }

  private void show(TrackedOperation operation, Duration timeout, FlinkDeadline deadline) {
    session
        .progress()
        .update("%s of %s: %s".formatted(VERB, operation.name(), Text.age(deadline.elapsed())));
  }

  private Result completed(TrackedOperation operation, long id, FlinkDeadline all) {
    FlinkDeadline deadline = all.atMost(TO_BE_LISTED);
    Optional<Checkpoint> found =
        deadline.until(
            () -> find(operation, checkpoint -> checkpoint.id() == id, deadline),
            Optional::isPresent);
    if (found.isEmpty() && all.isOver()) {
      return result(
          operation,
          id,
          null,
          "; Flink does not tell yet where it lies; see: "
              + session.next().checkpoints(operation.parameter()));
    }
    String path = found.map(Checkpoint::path).orElse(null);
    return result(operation, id, path, where(path));
  }

  private static String where(String path) {
    return path == null ? "; it lies where it does not outlive the job" : "";
  }

  private Result withoutNumber(TrackedOperation operation) {
    return operation.ended(
        ExitCode.OUTCOME_UNKNOWN,
        null,
        "Flink says that the checkpoint of %s is complete, but not which it is; see: %s"
            .formatted(operation.shown(), session.next().checkpoints(operation.parameter())));
  }

  /** Any later checkpoint is as good as the one that was asked for. */
  private Result missing(TrackedOperation operation, FlinkDeadline deadline) {
    Optional<Checkpoint> newer = find(operation, operation::canHaveMade, deadline);
    return newer
        .map(
            checkpoint ->
                result(
                    operation,
                    checkpoint.id(),
                    checkpoint.path(),
                    ", as was found out afterwards; Flink does not know the request any more"
                        + where(checkpoint.path())))
        .orElseGet(
            () ->
                operation.ended(
                    ExitCode.OUTCOME_UNKNOWN,
                    null,
                    "whether a checkpoint of %s was taken is not known: Flink does not know the request (trigger id %s), and lists no newer checkpoint; see: %s"
                        .formatted(
                            operation.shown(),
                            operation.trigger(),
                            session.next().checkpoints(operation.parameter()))));
  }

  private Optional<Checkpoint> find(
      TrackedOperation operation, Predicate<Checkpoint> wanted, FlinkDeadline deadline) {
    return deadline.ask(() -> flink.checkpoints(operation.jobId())).stream()
        .flatMap(
            checkpoints ->
                Stream.concat(
                    checkpoints.history().stream(),
                    Stream.ofNullable(checkpoints.latestCompleted())))
        .filter(checkpoint -> !checkpoint.savepoint() && checkpoint.status().equals("COMPLETED"))
        .filter(wanted)
        .min(Comparator.comparingLong(Checkpoint::id));
  }

  private static Result result(TrackedOperation operation, long id, String path, String how) {
    return new Result(
        operation.id(),
        operation.verb(),
        operation.name(),
        operation.jobId(),
        ExitCode.DONE,
        id,
        path,
        "took checkpoint " + id + " of " + operation.shown() + how,
        false);
  }
}
