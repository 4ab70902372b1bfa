package dev.trafficctl.cli.operation;

import dev.trafficctl.cli.journal.Entry;
import dev.trafficctl.cli.journal.JobLock;
import dev.trafficctl.cli.journal.Operation;
import dev.trafficctl.cli.operation.change.BrokenOffException;
import dev.trafficctl.cli.operation.change.Follower;
import dev.trafficctl.cli.operation.change.Result;
import dev.trafficctl.cli.operation.change.Session;
import dev.trafficctl.cli.operation.rejected.RetryRejected;
import dev.trafficctl.cli.operation.rescale.Rescale;
import dev.trafficctl.cli.operation.restart.Restart;
import dev.trafficctl.cli.operation.restart.ResumeRestart;
import dev.trafficctl.cli.operation.savepoint.DeleteSavepoint;
import dev.trafficctl.cli.operation.savepoint.TakeCheckpoint;
import dev.trafficctl.cli.operation.savepoint.TakeSavepoint;
import dev.trafficctl.cli.operation.start.Submit;
import dev.trafficctl.cli.operation.stop.Cancel;
import dev.trafficctl.cli.operation.stop.Stop;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import java.nio.file.InvalidPathException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** Finds out how operations ended whose process is gone: killed, or cut off from Flink. */
public final class Reconciler {
  // Enough for what is all but done; a change must not wait long for another.
  private static final Duration SHORT = Duration.ofSeconds(10);

  private final Session session;
  private final Map<String, Follower> followers = new HashMap<>();

  /**
   * With what it works with; knows savepoint, stop, cancel, checkpoint, rescale, restart and
   * submit.
   */
  public Reconciler(Session session) {
    this.session = session;
    with(TakeSavepoint.VERB, new TakeSavepoint(session));
    with(Stop.VERB, new Stop(session));
    with(Cancel.VERB, new Cancel(session));
    with(TakeCheckpoint.VERB, new TakeCheckpoint(session));
    with(Rescale.VERB, new Rescale(session));
    with(Restart.VERB, new ResumeRestart(session));
    with(Submit.VERB, new Submit(session));
    with(DeleteSavepoint.VERB, new DeleteSavepoint(session));
    with(RetryRejected.VERB, new RetryRejected(session));
  }

  /** Knows another verb. */
  public Reconciler with(String verb, Follower follower) {
    followers.put(verb, follower);
    return this;
  }

  /**
   * Settles what is open of a job before something else is done to it. It only asks.
   *
   * @throws CommandException with {@link ExitCode#REFUSED} when one of them still goes on
   */
  public void before(JobLock lock) {
    for (Operation operation : session.journal().open(lock.flink(), lock.job())) {
      session
          .progress()
          .step(
              "finding out how %s ended, which %s began at %s"
                  .formatted(operation.id(), operation.by(), operation.at()));
      Result result =
          settle(
              lock,
              operation,
              entry -> follower(operation).settle(operation, entry, session.deadline(SHORT)));
      if (result.open()) {
        throw new CommandException(
            ExitCode.REFUSED,
            "%s of %s by %s is not at its end; first finish it with: %s"
                .formatted(
                    operation.asked().verb(),
                    operation.asked().job(),
                    operation.by(),
                    session.next().resume(operation.id())));
      }
      session.tell(operation.id() + ": " + result.message());
      if (result.path() != null) {
        session.progress().step(operation.id() + ": " + result.path());
      }
    }
  }

  /** Brings one operation to an end, and answers with how it ended. */
  public Result finish(JobLock lock, Operation operation) {
    Result result =
        settle(
            lock,
            operation,
            entry -> follower(operation).finish(operation, entry, session.deadline()));
    if (!result.open()) {
      endParts(lock, operation);
    }
    return result;
  }

  /** The stop or cancel with which a restart began has an entry of its own. */
  private void endParts(JobLock lock, Operation whole) {
    for (Operation part : session.journal().open(lock.flink(), lock.job())) {
      if (whole.id().equals(part.parent())) {
        try {
          settle(lock, part, entry -> follower(part).settle(part, entry, session.deadline(SHORT)));
        } catch (CommandException e) {
          // It stays open, and the next change of the job asks again.
        }
      }
    }
  }

  private Result settle(JobLock lock, Operation operation, Function<Entry, Result> work) {
    try (Entry entry = session.journal().reopen(lock, operation)) {
      return session.ended(entry, work);
    } catch (InvalidPathException e) {
      throw brokenOff(operation, e);
    } catch (IllegalArgumentException e) {
      throw new CommandException(
          ExitCode.FAILED,
          "the journal is damaged: %s does not say all that its %s needs (%s); look at the job yourself, then move the file away: %s"
              .formatted(
                  operation.id(),
                  operation.asked().verb(),
                  e.getMessage(),
                  session.next().operation(operation.id())),
          e);
    } catch (CommandException e) {
      throw e;
    } catch (RuntimeException | Error e) {
      throw brokenOff(operation, e);
    }
  }

  private CommandException brokenOff(Operation operation, Throwable cause) {
    return new BrokenOffException(
        operation.id(),
        operation.asked().verb() + " of " + Text.safe(operation.asked().job()),
        cause,
        session.next());
  }

  private Follower follower(Operation operation) {
    Follower follower = followers.get(operation.asked().verb());
    if (follower == null) {
      throw new CommandException(
          ExitCode.REFUSED,
          "this version does not know what to do with %s, a %s; use the trafficctl that began it"
              .formatted(operation.id(), operation.asked().verb()));
    }
    return follower;
  }
}
