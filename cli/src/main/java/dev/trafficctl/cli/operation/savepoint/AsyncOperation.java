package dev.trafficctl.cli.operation.savepoint;

import dev.trafficctl.cli.flink.AsyncResult;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.flink.TriggerId;
import dev.trafficctl.cli.journal.Asked;
import dev.trafficctl.cli.journal.Entry;
import dev.trafficctl.cli.journal.JobLock;
import dev.trafficctl.cli.journal.Operation;
import dev.trafficctl.cli.operation.change.FlinkDeadline;
import dev.trafficctl.cli.operation.change.Result;
import dev.trafficctl.cli.operation.change.Session;
import dev.trafficctl.cli.operation.change.TrackedOperation;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What is asked of Flink under a trigger id, written down before and after, and followed until it
 * is known how it ended.
 */
public final class AsyncOperation {
  /** Far more than are asked for while Flink remembers the first, which it does for 5 min. */
  private static final int MOST_ATTEMPTS = 1_000;

  private final Session session;
  private final String verb;
  private final BiFunction<JobId, TriggerId, AsyncResult> results;
  private final End end;
  private final Show show;
  private final String question;

  /** What is made of a result. */
  @FunctionalInterface
  public interface End {
    /** How the operation ended, or nothing while it goes on. */
    Optional<Result> of(
        TrackedOperation operation, Entry entry, AsyncResult result, FlinkDeadline deadline);
  }

  /** Tells how far an operation is, to somebody who watches. */
  @FunctionalInterface
  interface Show {
    /**
     * Tells it.
     *
     * @param timeout after what time Flink gives it up, or null if that is not known
     */
    void show(TrackedOperation operation, Duration timeout, FlinkDeadline deadline);
  }

  /**
   * Of one verb.
   *
   * @param results asks what has become of a trigger id
   * @param question what is not known when the end is not, such as {@code how the savepoint ends}
   */
  public AsyncOperation(
      Session session,
      String verb,
      BiFunction<JobId, TriggerId, AsyncResult> results,
      End end,
      Show show,
      String question) {
    this.session = session;
    this.verb = verb;
    this.results = results;
    this.end = end;
    this.show = show;
    this.question = question;
  }

  /**
   * Does it.
   *
   * @param kind what the trigger ids are made of: the verb, or with what tells it from another of
   *     the same verb
   * @param options what is written down besides what the plan says
   * @param detach whether not to wait for the end
   * @param request sends it under an id
   * @throws CommandException with {@link ExitCode#REFUSED} when somebody else is at it
   */
  public Result run(
      JobLock lock,
      SavepointPlan ready,
      String kind,
      Map<String, String> options,
      boolean detach,
      Consumer<TriggerId> request) {
    JobId job = ready.job().id();
    FlinkDeadline deadline = session.deadline();
    TriggerId trigger = next(kind, ready.job(), deadline);
    Asked asked = ready.asked(session, verb, trigger, options);
    return session.journaled(
        lock,
        asked,
        entry -> {
          TrackedOperation operation =
              new TrackedOperation(entry.id(), asked, session.clock().instant());
          Optional<Result> notBegun =
              new Trigger(session)
                  .send(
                      operation,
                      () -> request.accept(trigger),
                      () -> results.apply(job, trigger),
                      deadline);
          if (notBegun.isPresent()) {
            return notBegun.get();
          }
          session.done(entry, "triggered", Map.of());
          return detach ? detached(operation) : follow(operation, entry, ready.timeout(), deadline);
        });
  }

  /** Finds out how one ended whose process is gone. */
  public Result settle(Operation operation, Entry entry, FlinkDeadline deadline) {
    return follow(TrackedOperation.of(operation), entry, null, deadline);
  }

  /**
   * Looks whether somebody is doing another kind of it.
   *
   * @throws CommandException with {@link ExitCode#REFUSED} when somebody is
   */
  public void requireNone(String kind, JobSummary job) {
    next(kind, job, session.deadline());
  }

  /** Whether Flink knows a request of a kind for a job, whoever sent it, that has not failed. */
  public boolean isKnown(String kind, JobId job, FlinkDeadline deadline) {
    return !(first(
                kind,
                job,
                trigger -> deadline.ask(() -> results.apply(job, trigger)),
                result -> !(result instanceof AsyncResult.Failed),
                deadline)
            .result()
        instanceof AsyncResult.Missing);
  }

  /** The trigger id for the next attempt. */
  private TriggerId next(String kind, JobSummary job, FlinkDeadline deadline) {
    Attempt next =
        first(
            kind,
            job.id(),
            trigger -> results.apply(job.id(), trigger),
            result ->
                result instanceof AsyncResult.Missing || result instanceof AsyncResult.InProgress,
            deadline);
    if (next.result() instanceof AsyncResult.InProgress) {
      throw new CommandException(
          ExitCode.REFUSED,
          "somebody is doing a %s of %s already, from another machine or as another user; wait until it has ended: %s"
              .formatted(verb, Text.safe(job.name()), session.next().checkpoints(job.parameter())));
    }
    return next.trigger();
  }

  private record Attempt(TriggerId trigger, AsyncResult result) {}

  /**
   * The first attempt of a kind with a result that is looked for.
   *
   * @throws CommandException with {@link ExitCode#UNREACHABLE} when there is none among so many
   *     that no Flink remembers them, or until the time is over
   */
  private Attempt first(
      String kind,
      JobId job,
      Function<TriggerId, AsyncResult> ask,
      Predicate<AsyncResult> wanted,
      FlinkDeadline deadline) {
    int attempt = 0;
    do {
      TriggerId trigger = TriggerId.of(kind, job, ++attempt);
      AsyncResult result = ask.apply(trigger);
      if (wanted.test(result)) {
        return new Attempt(trigger, result);
      }
    } while (attempt < MOST_ATTEMPTS && !deadline.isOver());
    throw new CommandException(
        ExitCode.UNREACHABLE,
        "%s says that it knows the results of %s attempts at a %s of %s, and no end of them was found in %s; check that this is the address of Flink's REST API"
            .formatted(
                session.flink().address(),
                Text.number(attempt),
                verb,
                job,
                Text.age(deadline.elapsed())));
  }

  private Result follow(
      TrackedOperation operation, Entry entry, Duration timeout, FlinkDeadline deadline) {
    TriggerId trigger = operation.trigger();
    try {
      while (true) {
        AsyncResult result = deadline.ask(() -> results.apply(operation.jobId(), trigger));
        Optional<Result> ended = end.of(operation, entry, result, deadline);
        if (ended.isPresent()) {
          return new WrittenState(session).checked(operation, ended.get());
        }
        if (deadline.isOver()) {
          return goesOn(operation);
        }
        show.show(operation, timeout, deadline);
        deadline.pause();
      }
    } catch (CommandException e) {
      // Be it an error: it tells nothing of how the request ends.
      return operation.open(
          null,
          "%s%n%s is not known; find out with: %s"
              .formatted(e.getMessage(), question, session.next().resume(operation.id())));
    }
  }

  private Result goesOn(TrackedOperation operation) {
    return operation.open(
        null,
        "the %s of %s still goes on in Flink after %s; find out how it ended with: %s"
            .formatted(
                verb,
                operation.name(),
                Text.age(Duration.between(operation.at(), session.clock().instant())),
                session.next().resume(operation.id())));
  }

  private Result detached(TrackedOperation operation) {
    return new Result(
        operation.id(),
        operation.verb(),
        operation.name(),
        operation.jobId(),
        ExitCode.DONE,
        null,
        null,
        "the %s of %s goes on in Flink; ask for its path with: %s"
            .formatted(operation.verb(), operation.name(), session.next().resume(operation.id())),
        true);
  }
}
