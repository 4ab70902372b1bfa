package dev.trafficctl.cli.operation.savepoint;

import dev.trafficctl.cli.flink.AsyncResult;
import dev.trafficctl.cli.flink.FlinkErrorException;
import dev.trafficctl.cli.flink.FlinkUnreachableException;
import dev.trafficctl.cli.operation.change.FlinkDeadline;
import dev.trafficctl.cli.operation.change.Result;
import dev.trafficctl.cli.operation.change.Session;
import dev.trafficctl.cli.operation.change.TrackedOperation;
import dev.trafficctl.cli.output.Progress;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.process.NextCommands;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Sends a request that carries a trigger id, until Flink has it. It can be sent as often as needed:
 * under one id Flink does it once.
 */
final class Trigger {
  private final Progress progress;
  private final NextCommands next;

  Trigger(Session session) {
    this.progress = session.progress();
    this.next = session.next();
  }

  /**
   * Sends it.
   *
   * @param result asks what has become of the trigger id
   * @return how the operation ended, if it did not begin; nothing when Flink has the request
   */
  Optional<Result> send(
      TrackedOperation operation,
      Runnable request,
      Supplier<AsyncResult> result,
      FlinkDeadline deadline) {
    boolean mayHaveArrived = false;
    while (true) {
      try {
        request.run();
        return Optional.empty();
      } catch (FlinkUnreachableException | FlinkErrorException e) {
        boolean lost = isLost(e);
        if (!mayHaveArrived && !lost) {
          return Optional.of(
              operation.ended(e.exitCode(), null, e.getMessage() + "; nothing was done"));
        }
        if (!FlinkDeadline.isPassing(e)) {
          // Flink refuses the repetition; what became of the first one is found out in other ways.
          return Optional.empty();
        }
        if (!mayHaveArrived) {
          progress.step("the answer was lost; asking Flink whether it has the request");
        }
        mayHaveArrived = true;
      }
      try {
        if (!(deadline.ask(result) instanceof AsyncResult.Missing)) {
          return Optional.empty();
        }
      } catch (CommandException e) {
        return Optional.of(unknown(operation, e.getMessage()));
      }
      if (deadline.isOver()) {
        return Optional.of(unknown(operation, "Flink does not take the request"));
      }
      deadline.pause();
    }
  }

  private static boolean isLost(CommandException e) {
    return e instanceof FlinkUnreachableException unreachable
        ? unreachable.mayHaveArrived()
        : e instanceof FlinkErrorException error
            && error.status() >= 500
            && error.exitCode() != ExitCode.UNREACHABLE;
  }

  private Result unknown(TrackedOperation operation, String why) {
    return operation.open(
        null,
        why
            + "\nwhether the "
            + operation.verb()
            + " was begun is not known; find out with: "
            + next.resume(operation.id()));
  }
}
