package dev.trafficctl.cli.command.change;

import dev.trafficctl.cli.command.option.Interruption;
import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.journal.JobLock;
import dev.trafficctl.cli.journal.Journal;
import dev.trafficctl.cli.journal.Operation;
import dev.trafficctl.cli.operation.Reconciler;
import dev.trafficctl.cli.operation.change.Result;
import dev.trafficctl.cli.operation.change.Session;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.process.ExitCode;
import java.time.Duration;

/** Comes back to an operation whose process is gone. */
public final class Resuming {
  private final Environment environment;
  private final Journal journal;

  /** For the operations in a journal. */
  public Resuming(Environment environment, Journal journal) {
    this.environment = environment;
    this.journal = journal;
  }

  /**
   * The operation that is meant.
   *
   * @param id its id, or its trigger id
   * @throws CommandException when there is none
   */
  public Operation find(String id) {
    return journal.list().operations().stream()
        .filter(
            operation ->
                operation.id().equals(id) || id.equals(operation.asked().options().get("trigger")))
        .findFirst()
        .orElseThrow(
            () ->
                new CommandException(
                    ExitCode.FAILED,
                    "this user has begun no operation '"
                        + id
                        + "' from this machine; see: trafficctl operations"));
  }

  /**
   * Finishes it, or says how it ended.
   *
   * @param timeout how long it is waited for
   */
  public Result resume(Operation operation, Cluster on, Duration timeout) {
    if (isKnown(operation)) {
      return Result.known(operation);
    }
    Comeback comeback = new Comeback(environment.err());
    Session session = Session.of(on, environment, timeout, comeback);
    try (JobLock lock =
        journal.lock(operation.asked().flink(), operation.asked().job(), "operations resume")) {
      // Whoever had the lock before may have finished it.
      Operation now = find(operation.id());
      return isKnown(now)
          ? Result.known(now)
          : Interruption.call(
              comeback::interrupted, () -> new Reconciler(session).finish(lock, now));
    }
  }

  /** What could not be found out may be found out now. */
  private static boolean isKnown(Operation operation) {
    return !operation.open() && operation.ended().outcome() != ExitCode.OUTCOME_UNKNOWN;
  }
}
