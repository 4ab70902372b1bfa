package dev.trafficctl.cli.operation;

import dev.trafficctl.cli.CommandException;
import dev.trafficctl.cli.ExitCode;
import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.flink.Submission;
import dev.trafficctl.cli.journal.Entry;
import dev.trafficctl.cli.journal.Operation;
import dev.trafficctl.cli.journal.Step;
import dev.trafficctl.cli.operation.RestartPlan.End;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Finds out how a restart ended whose process is gone, or finishes it. */
final class ResumeRestart implements Follower {
  /** The step before the job is stopped or cancelled. */
  static final String ENDING = "ending";

  /** The step before the new job is started. */
  static final String STARTING = "starting";

  /** The step when Flink has started it. */
  static final String STARTED = "started";

  /** The detail with the id of the new job. */
  static final String JOB_ID = "job-id";

  /** The detail with the savepoint or checkpoint that was made as the job before ended. */
  static final String ENDED = "ended";

  /** The detail with what is restored. */
  static final String RESTORE = "restore";

  /** The detail with the id of the uploaded jar. */
  static final String JAR_ID = "jar-id";

  // A request that was sent may still run the jar's main() for so long.
  private static final Duration TO_APPEAR = Duration.ofSeconds(60);

  private final Session session;
  private final FlinkClient flink;

  ResumeRestart(Session session) {
    this.session = session;
    this.flink = session.flink();
  }

  @Override
  public Result settle(Operation operation, Entry entry, Patience patience) {
    return follow(operation, entry, patience, false);
  }

  @Override
  public Result finish(Operation operation, Entry entry, Patience patience) {
    Result result = follow(operation, entry, patience, true);
    if (!result.open()) {
      // A process that was killed has left it in Flink's list.
      operation.detail(JAR_ID).ifPresent(Restart.submission(session)::discard);
    }
    return result;
  }

  private Result follow(Operation operation, Entry entry, Patience patience, boolean finish) {
    RestartOrder order =
        RestartOrder.of(
            operation.asked().job(), operation.asked().jobId(), operation.asked().options());
    Submission submission = Restart.submission(session);
    JobStart start = new JobStart(session, submission, order, entry, patience);
    if (operation.reached(STARTING)) {
      return started(operation, order, submission, start, patience, finish).result();
    }
    if (order.end() == End.NONE) {
      return finish
          ? begin(order, submission, start, null)
          : start.notYetStarted(null, order.restore()).result();
    }
    Optional<Operation> ending = operation.reached(ENDING) ? ending(operation) : Optional.empty();
    if (ending.isEmpty()) {
      return nothing(operation);
    }
    Result ended = ended(ending.get(), entry, patience);
    if (ended.open()) {
      return start.endingGoesOn(ended).result();
    }
    if (ended.outcome() != ExitCode.DONE) {
      return start.notEnded(ended).result();
    }
    return finish
        ? begin(order, submission, start, ended.path())
        : start
            .notYetStarted(ended.path(), order.restoresWhatEnds() ? ended.path() : order.restore())
            .result();
  }

  private static Result nothing(Operation operation) {
    return new Result(
        operation.id(),
        Restart.VERB,
        operation.asked().job(),
        operation.asked().jobId(),
        ExitCode.FAILED,
        null,
        null,
        "nothing was done to " + operation.asked().job(),
        false);
  }

  /** The stop or cancel that was a part of it. */
  private Optional<Operation> ending(Operation restart) {
    return session.journal().list().operations().stream()
        .filter(
            part ->
                (part.asked().verb().equals(Stop.VERB) || part.asked().verb().equals(Cancel.VERB))
                    && restart.asked().jobId().equals(part.asked().jobId())
                    && !part.at().isBefore(restart.at()))
        .reduce((newer, older) -> older);
  }

  private Result ended(Operation ending, Entry entry, Patience patience) {
    if (!ending.open()) {
      return new Result(
          ending.id(),
          ending.asked().verb(),
          ending.asked().job(),
          ending.asked().jobId(),
          ending.ended().outcome(),
          null,
          ending.ended().path(),
          ending.ended().message(),
          false);
    }
    Follower follower =
        ending.asked().verb().equals(Stop.VERB) ? new Stop(session) : new Cancel(session);
    return follower.settle(ending, entry, patience);
  }

  private Result begin(RestartOrder order, Submission submission, JobStart start, String ended) {
    String restore = order.restoresWhatEnds() ? ended : order.restore();
    session.progress().step("uploading " + order.jar());
    String jarId = submission.upload(order.jar());
    try {
      return start.run(jarId, ended, restore, null).result();
    } finally {
      submission.discard(jarId);
    }
  }

  private RestartResult started(
      Operation operation,
      RestartOrder order,
      Submission submission,
      JobStart start,
      Patience patience,
      boolean finish) {
    JobId id = new JobId(operation.detail(JOB_ID).orElseThrow());
    String ended = operation.detail(ENDED).orElse(null);
    String restore = operation.detail(RESTORE).orElse(null);
    Instant sent =
        operation.steps().stream()
            .filter(step -> step.name().equals(STARTING))
            .map(Step::at)
            .reduce((first, last) -> last)
            .orElseThrow();
    while (patience.ask(() -> flink.job(id)).isEmpty()) {
      if (session.clock().instant().isAfter(sent.plus(TO_APPEAR))) {
        return finish
            ? again(order, submission, start, ended, restore, id)
            : start.notYetStarted(ended, restore);
      }
      if (patience.isOver()) {
        return start.open("the job " + id + " may still be starting");
      }
      patience.pause();
    }
    Optional<CommandException> another =
        submission.another(
            order.start().jobName(), id, operation.by(), operation.id(), patience.left());
    return another.isPresent()
        ? start.another(another.get(), ended, restore)
        : start.watch(id, ended, restore, finish);
  }

  private RestartResult again(
      RestartOrder order,
      Submission submission,
      JobStart start,
      String ended,
      String restore,
      JobId id) {
    session.progress().step("uploading " + order.jar());
    String jarId = submission.upload(order.jar());
    try {
      return start.again(jarId, ended, restore, id);
    } finally {
      submission.discard(jarId);
    }
  }
}
