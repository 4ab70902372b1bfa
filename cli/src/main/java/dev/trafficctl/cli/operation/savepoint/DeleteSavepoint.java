package dev.trafficctl.cli.operation.savepoint;

import dev.trafficctl.cli.journal.Asked;
import dev.trafficctl.cli.journal.Entry;
import dev.trafficctl.cli.journal.JobLock;
import dev.trafficctl.cli.journal.Operation;
import dev.trafficctl.cli.operation.catalogue.LastWayBack;
import dev.trafficctl.cli.operation.catalogue.NewestState;
import dev.trafficctl.cli.operation.change.Change;
import dev.trafficctl.cli.operation.change.FlinkDeadline;
import dev.trafficctl.cli.operation.change.Follower;
import dev.trafficctl.cli.operation.change.Plan;
import dev.trafficctl.cli.operation.change.Prepared;
import dev.trafficctl.cli.operation.change.Result;
import dev.trafficctl.cli.operation.change.Session;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.state.SavepointDisposal;
import dev.trafficctl.cli.state.StatePath;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Deletes a savepoint through Flink. */
public final class DeleteSavepoint implements Follower {
  /** What it is called in the journal. */
  public static final String VERB = "savepoint-delete";

  private static final String PATH = "path";
  private static final String LAST_WAY_BACK = "last-way-back";
  // A request that a process sent with its last breath has an effect by then.
  private static final Duration TO_HAVE_AN_EFFECT = Duration.ofSeconds(60);

  private final Session session;
  private final SavepointDisposal disposal;

  /** With what it works with. */
  public DeleteSavepoint(Session session) {
    this.session = session;
    this.disposal = new SavepointDisposal(session.cluster(), session.clock(), session.sleeper());
  }

  /**
   * The deletion of a savepoint.
   *
   * @param lastWayBack whether it may be the newest state of a job that does not run
   */
  public Change change(StatePath path, boolean lastWayBack) {
    return new Change() {
      @Override
      public String verb() {
        return VERB;
      }

      @Override
      public String job() {
        return owner(check(path, lastWayBack));
      }

      @Override
      public Prepared prepare() {
        SavepointDisposal.Target target = check(path, lastWayBack);
        return new Prepared(
            new Plan(
                    VERB,
                    session.cluster().shown(),
                    owner(target),
                    null,
                    "delete " + target.path(),
                    List.of(),
                    List.of())
                .deleting(target),
            lock -> run(lock, target, lastWayBack));
      }
    };
  }

  /**
   * Makes sure that a path is that of a savepoint which nobody needs.
   *
   * @param lastWayBack whether it may be the newest state of a job that does not run
   * @throws CommandException with {@link ExitCode#REFUSED} when it is not
   */
  private SavepointDisposal.Target check(StatePath path, boolean lastWayBack) {
    SavepointDisposal.Target target =
        disposal.check(new NewestState(session.cluster()).passedOn(path));
    if (!lastWayBack) {
      new LastWayBack(session.cluster(), session.journal()).refuse(target);
    }
    return target;
  }

  /** The name of the job that it belongs to, or its path if nothing tells. */
  private static String owner(SavepointDisposal.Target target) {
    return target.jobName() == null ? target.path() : target.jobName();
  }

  /**
   * Deletes it.
   *
   * @param lock the right to change its owner; it was held before the savepoint was checked
   * @param lastWayBack whether it may be the newest state of a job that does not run
   */
  private Result run(JobLock lock, SavepointDisposal.Target target, boolean lastWayBack) {
    Asked asked =
        new Asked(
            VERB,
            session.flink().address(),
            session.cluster().context(),
            null,
            owner(target),
            Map.of(PATH, target.path(), LAST_WAY_BACK, Boolean.toString(lastWayBack)));
    return session.journaled(
        lock,
        asked,
        entry -> {
          try {
            disposal.delete(target, session.timeout());
          } catch (CommandException e) {
            return ended(entry.id(), asked, e.exitCode(), e.getMessage());
          }
          return ended(entry.id(), asked, ExitCode.DONE, "deleted " + target.path());
        });
  }

  @Override
  public Result settle(Operation operation, Entry entry, FlinkDeadline deadline) {
    Asked asked = operation.asked();
    String path = asked.options().get(PATH);
    if (path == null) {
      throw new IllegalArgumentException("no " + PATH);
    }
    if (!SavepointDisposal.isSeenFromHere(path)) {
      return ended(
          operation.id(),
          asked,
          ExitCode.OUTCOME_UNKNOWN,
          "whether %s was deleted cannot be seen from this machine; to delete what may be left of it is no harm: %s"
              .formatted(path, again(asked)));
    }
    Instant known = operation.at().plus(TO_HAVE_AN_EFFECT);
    while (SavepointDisposal.isThere(path) && session.clock().instant().isBefore(known)) {
      if (deadline.isOver()) {
        return new Result(
            operation.id(),
            VERB,
            asked.job(),
            null,
            ExitCode.OUTCOME_UNKNOWN,
            null,
            null,
            "Flink may still be deleting "
                + path
                + "; find out with: "
                + session.next().resume(operation.id()),
            true);
      }
      deadline.pause();
    }
    return SavepointDisposal.isThere(path)
        ? ended(
            operation.id(),
            asked,
            ExitCode.FAILED,
            "%s was not deleted, or not all of it; again: %s".formatted(path, again(asked)))
        : ended(operation.id(), asked, ExitCode.DONE, "deleted " + path);
  }

  private String again(Asked asked) {
    return session
        .next()
        .deleteSavepoint(
            asked.options().get(PATH), Boolean.parseBoolean(asked.options().get(LAST_WAY_BACK)));
  }

  private static Result ended(String id, Asked asked, ExitCode outcome, String message) {
    return new Result(id, VERB, asked.job(), null, outcome, null, null, message, false);
  }
}
