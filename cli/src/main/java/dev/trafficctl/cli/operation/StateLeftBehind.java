package dev.trafficctl.cli.operation;

import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.state.OperatorEntry;
import dev.trafficctl.cli.state.StateReading;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Recognises that Flink restored nothing because an operator of the state is not in the job. */
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
        states.read(restored) instanceof StateReading.Whole whole
            ? whole.file().operators()
            : List.of();
    return operators.stream()
        .filter(operator -> operator.id().equals(id) && operator.uid() != null)
        .findFirst()
        .map(operator -> Text.safe(operator.uid()) + " (" + id + ")")
        .orElse(id);
  }
}
