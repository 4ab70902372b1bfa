package dev.trafficctl.cli.operation.restart;

import dev.trafficctl.cli.operation.catalogue.NewestState;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.state.JarOperators;
import dev.trafficctl.cli.state.OperatorEntry;
import dev.trafficctl.cli.state.OperatorMatch;
import dev.trafficctl.cli.state.StateFile;
import dev.trafficctl.cli.state.StatePath;
import dev.trafficctl.cli.state.StateReading;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * State of an operator that is not in the job which is started: Flink then refuses the start. It is
 * found before anything is stopped where the state can be read and the jar lists its operators, and
 * recognised in what Flink says otherwise.
 */
final class StateLeftBehind {
  // The words of StateAssignmentOperation and Checkpoints, which name the first operator only.
  private static final Pattern NO_SUCH_OPERATOR =
      Pattern.compile("Cannot map checkpoint/savepoint state for operator ([0-9a-f]{32})");

  private final NewestState states;

  /** With who reads what is restored. */
  StateLeftBehind(NewestState states) {
    this.states = states;
  }

  /**
   * Looks whether the jar's operators take all state that is restored. Of a savepoint that is not
   * there yet, the job's newest checkpoint tells which operators have state. What cannot be read is
   * left for Flink to find out.
   *
   * @param warn is told what is left behind, if that is allowed
   * @throws CommandException when something would be left behind, and nobody has allowed it
   */
  void check(RestartScene scene, Restored restored, Consumer<String> warn) {
    StateFile file = restored.file();
    RestartRequest request = scene.request();
    Optional<SortedSet<String>> uids =
        file == null ? Optional.empty() : JarOperators.of(request.jar());
    if (uids.isEmpty()) {
      return;
    }
    List<OperatorMatch> matches = OperatorMatch.of(file.operators(), uids.get());
    List<String> left =
        matches.stream()
            .filter(match -> match.fate() == OperatorMatch.Fate.LEFT_OVER)
            .map(match -> shown(match.entry()))
            .toList();
    if (left.isEmpty()) {
      return;
    }
    String whose =
        "state of the operator%s %s, which the job in %s does not have%s"
            .formatted(
                left.size() == 1 ? "" : "s",
                String.join(", ", left),
                request.jar(),
                matches.stream().anyMatch(match -> match.fate().isInStateAndJar())
                    ? ""
                    : ", and of no operator that it has: it is the state of another job");
    if (request.allowNonRestoredState()) {
      warn.accept("left behind for good: the " + whose);
      return;
    }
    throw new CommandException(
        ExitCode.REFUSED,
        "%s holds %s; nothing was changed; --allow-non-restored-state leaves that state behind for good%nif that state may be lost: %s"
            .formatted(
                file.path(), whose, scene.next().restart(request.againWithLess(scene.jobName()))));
  }

  /**
   * What is wrong, in a line.
   *
   * @param cause what Flink says
   * @param restored what is restored, or null
   * @return nothing when Flink says something else
   */
  Optional<String> of(String cause, String restored) {
    Matcher operator = NO_SUCH_OPERATOR.matcher(cause);
    return restored != null && operator.find()
        ? Optional.of(
            "%s holds state of the operator %s, which the job does not have; --allow-non-restored-state leaves that state behind for good"
                .formatted(restored, shown(operator.group(1), restored)))
        : Optional.empty();
  }

  /** The id, and the uid if the state tells it. */
  private String shown(String id, String restored) {
    List<OperatorEntry> operators =
        states.read(StatePath.of(restored)) instanceof StateReading.Whole whole
            ? whole.file().operators()
            : List.of();
    return operators.stream()
        .filter(operator -> operator.id().equals(id))
        .findFirst()
        .map(StateLeftBehind::shown)
        .orElse(id);
  }

  private static String shown(OperatorEntry operator) {
    return operator.uid() == null
        ? operator.id()
        : Text.safe(operator.uid()) + " (" + operator.id() + ")";
  }
}
