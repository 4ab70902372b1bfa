package dev.trafficctl.cli.operation.savepoint;

import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.operation.catalogue.JobLine;
import dev.trafficctl.cli.operation.catalogue.NewestState;
import dev.trafficctl.cli.operation.catalogue.Place;
import dev.trafficctl.cli.operation.change.Result;
import dev.trafficctl.cli.operation.change.Session;
import dev.trafficctl.cli.operation.change.TrackedOperation;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.process.NextRestart;
import dev.trafficctl.cli.state.PluginFileSystems;
import dev.trafficctl.cli.state.StatePath;
import dev.trafficctl.cli.state.StateReader;
import dev.trafficctl.cli.state.StateReading;
import java.util.Optional;

/**
 * Looks whether a savepoint or checkpoint is there that Flink says it has written: its word alone
 * is no way back.
 */
final class WrittenState {
  private final Session session;
  private final StateReader reader;

  WrittenState(Session session) {
    this.session = session;
    this.reader = new StateReader(PluginFileSystems.of(session.cluster()));
  }

  /**
   * How an operation ended, once it was looked at what it has written.
   *
   * @param told how it ended by what Flink says
   * @return the same where it is there; with a word, if it is done, where that cannot be seen from
   *     this machine; without the path, and not as done, where it is not there
   */
  Result checked(TrackedOperation operation, Result told) {
    if (told.path() == null || told.open()) {
      return told;
    }
    StateReading reading = reader.readWritten(told.path());
    if (reading instanceof StateReading.Elsewhere elsewhere) {
      return unchecked(told, elsewhere.problem());
    }
    if (reading instanceof StateReading.Broken broken) {
      return broken(operation, told, broken.problem());
    }
    return told;
  }

  /** Success alone needs the word: whoever is told what is left to be done looks again there. */
  private static Result unchecked(Result told, String why) {
    return told.outcome() == ExitCode.DONE
        ? with(told, ExitCode.DONE, told.path(), told.message() + "\nnot checked: " + why)
        : told;
  }

  private Result broken(TrackedOperation operation, Result told, String problem) {
    boolean local = StatePath.of(told.path()).local().isPresent();
    if (local && !Place.isHere(session.flink().address())) {
      // On another machine a directory of the same name can be another directory.
      return unchecked(told, problem + " on this machine, and Flink runs on another");
    }
    if (isReplaced(operation, told)) {
      return with(
          told,
          told.outcome(),
          null,
          told.message() + "\nFlink has deleted it since, for a newer one");
    }
    boolean done = told.outcome() == ExitCode.DONE;
    return with(
        told,
        done ? ExitCode.PARTLY_DONE : told.outcome(),
        null,
        "%sFlink says that the %s of %s has written %s, but %s%s%n%s"
            .formatted(
                done ? "" : told.message().lines().findFirst().orElse("") + "\n",
                operation.verb(),
                operation.shown(),
                told.path(),
                problem,
                local ? "; if Flink runs in a container, look whether it is there" : "",
                whatIsLeft(operation)));
  }

  private static Result with(Result told, ExitCode outcome, String path, String message) {
    return new Result(
        told.operation(),
        told.verb(),
        told.job(),
        told.jobId(),
        outcome,
        told.checkpoint(),
        path,
        message,
        false);
  }

  /** A checkpoint is deleted when there are newer ones. */
  private boolean isReplaced(TrackedOperation operation, Result told) {
    if (told.checkpoint() == null) {
      return false;
    }
    try {
      return session.flink().checkpoints(operation.jobId()).stream()
          .flatMap(checkpoints -> checkpoints.all())
          .anyMatch(
              checkpoint ->
                  !checkpoint.savepoint()
                      && checkpoint.status().equals("COMPLETED")
                      && checkpoint.id() > told.checkpoint());
    } catch (CommandException e) {
      return false;
    }
  }

  private String whatIsLeft(TrackedOperation operation) {
    Optional<String> state = state(operation);
    String job = "the job is " + state.orElse("not known to Flink");
    if (state.isPresent() && !JobSummary.ended(state.get())) {
      return job + "; try again: " + session.next().again(operation.verb(), operation.parameter());
    }
    return job
        + "\n"
        + newest(operation)
            .map(
                found ->
                    "the newest state that is there is %s, of %s; start it from there with: %s"
                        .formatted(found.path(), found.at(), restart(operation, found)))
            .orElseGet(
                () ->
                    "no other state is found that can be read from here; see: "
                        + session.next().checkpoints(operation.parameter()));
  }

  private String restart(TrackedOperation operation, NewestState.Found found) {
    return session
        .next()
        .restart(
            operation.parameter(), NextRestart.Start.state(found.file().savepoint(), found.path()));
  }

  private Optional<String> state(TrackedOperation operation) {
    try {
      return session.flink().jobState(operation.jobId());
    } catch (CommandException e) {
      return Optional.of("in a state that Flink does not tell (" + Text.oneLine(e) + ")");
    }
  }

  private Optional<NewestState.Found> newest(TrackedOperation operation) {
    try {
      return new NewestState(session.cluster())
          .newest(operation.job(), session.flink().jobs(), JobLine.ANY);
    } catch (CommandException e) {
      return Optional.empty();
    }
  }
}
