package dev.trafficctl.cli.operation.restart;

import dev.trafficctl.cli.operation.catalogue.NewestState;
import dev.trafficctl.cli.operation.change.RestartPlan.End;
import dev.trafficctl.cli.operation.change.Restarted;
import dev.trafficctl.cli.operation.change.Result;
import dev.trafficctl.cli.operation.change.Session;
import dev.trafficctl.cli.operation.start.StartWatch;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.process.NextRestart;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** What is said of a restart that is over, how it is finished, and how it is undone. */
final class RestartWords {
  // The words of Flink's FileSystem and AbstractFsCheckpointStorageAccess, and of the job itself.
  private static final Pattern UNREADABLE =
      Pattern.compile(
          "Could not find a file system implementation|Cannot find checkpoint or savepoint"
              + "|Cannot find meta data file|the JobManager (cannot read the state|finds no savepoint)");

  private final Session session;
  private final RestartOrder order;
  private final RestartCommands commands;
  private final String operation;

  /**
   * With what a restart is done by.
   *
   * @param operation its id in the journal
   */
  RestartWords(Session session, RestartOrder order, String operation) {
    this.session = session;
    this.order = order;
    this.commands = order.commands(session.next());
    this.operation = operation;
  }

  /** The job before was not asked to end. */
  Result nothingDone() {
    return new Result(
        operation,
        Restart.VERB,
        order.jobName(),
        order.before(),
        ExitCode.FAILED,
        null,
        null,
        "nothing was done to " + order.jobName(),
        false);
  }

  /** The job before did not end as it should. */
  Result notEnded(Result ending) {
    return result(
        ended(ending), ending.outcome(), ending.message() + "\nno new job was started", false);
  }

  /**
   * The job before may still be on its way to its end: whoever comes back, comes to the restart.
   */
  Result endingGoesOn(Result ending) {
    return result(
        ended(ending),
        ExitCode.OUTCOME_UNKNOWN,
        ending.message().replace(ending.operation(), operation)
            + "\nno new job was started yet; that command also starts it",
        true);
  }

  private static RestartFacts ended(Result ending) {
    return new RestartFacts(null, ending.path(), null, null);
  }

  /** The state that was to come into being as the job before ended is not found. */
  Result nothingToRestore(RestartFacts facts) {
    return result(
        facts,
        ExitCode.PARTLY_DONE,
        "the job "
            + order.jobName()
            + " has ended, but was not started again: no checkpoint of it is found\nfind one: "
            + commands.next().checkpoints(order.jobName())
            + "\nthen this finishes it, with its path: "
            + commands.finishingFrom(order.jobName(), new NextRestart.Checkpoint("PATH")),
        false);
  }

  /** The job before has ended, and nothing was started. */
  Result notStarted(RestartFacts facts) {
    return result(
        facts,
        isUntouched() ? ExitCode.FAILED : ExitCode.PARTLY_DONE,
        "the job "
            + order.jobName()
            + (isUntouched() ? " was" : " has ended, but was")
            + " not started again\n"
            + finish(order.jobName(), false, "", facts),
        false);
  }

  /** The same, and why; it may also be that the outcome is not known. */
  Result notStarted(RestartFacts facts, CommandException e) {
    if (e.exitCode() == ExitCode.OUTCOME_UNKNOWN) {
      return result(
          facts, ExitCode.OUTCOME_UNKNOWN, e.getMessage() + "\nfind out with: " + resume(), true);
    }
    if (e.exitCode() == ExitCode.REFUSED) {
      return result(facts, ExitCode.REFUSED, e.getMessage(), false);
    }
    Optional<String> leftBehind = leftBehind(e.getMessage(), facts);
    return result(
        facts,
        isUntouched() ? e.exitCode() : ExitCode.PARTLY_DONE,
        (isUntouched()
                ? ""
                : "the job " + order.jobName() + " has ended, but was not started again: ")
            + leftBehind.orElse(e.getMessage())
            + "\n"
            + finish(order.jobName(), leftBehind.isPresent(), e.getMessage(), facts),
        false);
  }

  /** Whether the new job is there is not known yet. */
  Result mayBeStarting(RestartFacts facts) {
    return result(
        facts.with(null),
        ExitCode.OUTCOME_UNKNOWN,
        "the job %s may still be starting; find out with: %s".formatted(facts.jobId(), resume()),
        true);
  }

  /** The new job waits for slots, and nobody waits for it. */
  Result waitsForSlots(RestartFacts facts, StartWatch.Outcome.NotYet notYet) {
    return result(
        facts,
        ExitCode.PARTLY_DONE,
        "%s, %s (%s) was started; see: %s%n%s%s"
            .formatted(
                notYet.state(),
                order.start().jobName(),
                facts.jobId(),
                commands.next().status(facts.jobId().text()),
                notYet.missing().orElseThrow(),
                wayBack(facts)),
        false);
  }

  /** The time is over, and it is not clear whether the new job will run. */
  Result notYet(RestartFacts facts, StartWatch.Outcome.NotYet notYet, Duration watched) {
    return result(
        facts,
        ExitCode.OUTCOME_UNKNOWN,
        "%s, %s (%s) was started %d s ago; find out how it goes on with: %s%s%s"
            .formatted(
                notYet.state(),
                order.start().jobName(),
                facts.jobId(),
                watched.toSeconds(),
                resume(),
                notYet.missing().map(why -> "\n" + why).orElse(""),
                wayBack(facts)),
        true);
  }

  /** The new job was started, and Flink can no longer be asked. */
  Result notSeen(RestartFacts facts, CommandException e) {
    return result(
        facts,
        ExitCode.OUTCOME_UNKNOWN,
        "%s%n%s (%s) was started, but whether it runs is not known; find out with: %s"
            .formatted(e.getMessage(), order.start().jobName(), facts.jobId(), resume()),
        true);
  }

  /** The new job has failed, or fails again and again. */
  Result failed(RestartFacts facts, StartWatch.Outcome.Failed failed) {
    Optional<String> leftBehind = leftBehind(failed.cause(), facts);
    return result(
        facts,
        isUntouched() && !failed.live() ? ExitCode.FAILED : ExitCode.PARTLY_DONE,
        "the job %s (%s) %s: %s%nsee: %s%n%s"
            .formatted(
                order.start().jobName(),
                facts.jobId(),
                failed.live() ? "fails again and again" : "has failed",
                leftBehind.orElse(failed.cause()),
                commands.next().exceptions(facts.jobId().text()),
                finish(
                    failed.live() ? order.start().jobName() : order.jobName(),
                    leftBehind.isPresent(),
                    failed.cause(),
                    facts)),
        false);
  }

  /**
   * The new job runs from another state.
   *
   * @param from what Flink says that it was restored from
   */
  Result restoredFromAnother(RestartFacts facts, Optional<String> from) {
    return result(
        facts,
        ExitCode.OUTCOME_UNKNOWN,
        "the job %s runs, but Flink says that it was restored from %s and not from %s; see: %s"
            .formatted(
                facts.jobId(),
                from.orElse("nothing"),
                facts.restored(),
                commands.next().status(facts.jobId().text())),
        false);
  }

  /** The new job runs, and not it alone. */
  Result oneOfSeveral(RestartFacts facts, String others) {
    return result(facts, ExitCode.OUTCOME_UNKNOWN, others, false);
  }

  /** The new job runs. */
  Result runs(RestartFacts facts) {
    return result(
        facts,
        ExitCode.DONE,
        "all tasks of %s (%s) run%s"
            .formatted(order.start().jobName(), facts.jobId(), wayBack(facts)),
        false);
  }

  /** Whether there was no job to end. */
  private boolean isUntouched() {
    return order.end() == End.NONE;
  }

  private Optional<String> leftBehind(String cause, RestartFacts facts) {
    return new StateLeftBehind(new NewestState(session.cluster())).of(cause, facts.restored());
  }

  private String resume() {
    return commands.next().resume(operation);
  }

  /**
   * How it is finished, and how it is undone.
   *
   * @param job the name of the job that is replaced then: the new one if it is live, else the one
   *     before
   * @param withLess whether that leaves state behind
   * @param cause what Flink says
   */
  private String finish(String job, boolean withLess, String cause, RestartFacts facts) {
    String restored = facts.restored();
    String finishing;
    if (withLess) {
      finishing =
          "if that state may be lost, this finishes it: "
              + commands.finishingWithLess(job, restored);
    } else if (restored != null
        && !restored.equals(facts.wayBack())
        && UNREADABLE.matcher(cause).find()) {
      finishing =
          "with the path of a state that Flink can read, this finishes it: "
              + commands.finishingWithAnother(job, restored);
    } else {
      finishing = "once that is mended, this finishes it: " + commands.finishing(job, restored);
    }
    return finishing + wayBack(facts);
  }

  private String wayBack(RestartFacts facts) {
    return facts.wayBack() == null ? "" : "\nthe way back: " + commands.back(facts.wayBack());
  }

  private Result result(RestartFacts facts, ExitCode outcome, String message, boolean open) {
    return new Result(
            operation,
            Restart.VERB,
            order.start().jobName(),
            facts.jobId(),
            outcome,
            null,
            facts.wayBack(),
            message,
            open)
        .with(
            new Restarted(
                order.before(), order.start().parallelism(), facts.restored(), facts.partitions()));
  }
}
