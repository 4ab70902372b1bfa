package dev.trafficctl.cli.operation.restart;

import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.operation.rescale.Rescale;
import dev.trafficctl.cli.operation.start.SlotCheck;
import dev.trafficctl.cli.operation.start.Submit;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.model.StartDescription;
import java.util.Map;

/**
 * The last of what is looked at before a job is ended so that another can take its place: the new
 * job's own {@code main} is run where it will run, with the very arguments, up to the point where
 * it would start the job. So the job itself tells what it would tell after the end.
 *
 * <p>This is all that can be known before, in the order in which it is looked at:
 *
 * <ol>
 *   <li>what the options and settings are by themselves: the command line, {@code Settings}
 *   <li>that the state can be read whole: {@link RestoreChoice}
 *   <li>that the state was taken with the same max parallelism, and that it and the job can have
 *       the parallelism: {@link StartChoice}
 *   <li>that there are slots for it: {@link SlotCheck}, which {@link Submit} and {@link Rescale}
 *       ask as well
 *   <li>that the jar is the one that can be expected: {@link JarCheck}
 *   <li>that its operators take all of the state: {@link StateLeftBehind}
 *   <li>that Kafka still has what is read first, and of the same topic: {@link StartOffsets}
 *   <li>that no other job of the name runs: {@code Submission}
 *   <li>that the JobManager reaches Kafka and Postgres, is known to them, and finds topic and
 *       tables there as the job needs them, that it finds the state through its own file systems,
 *       or whatever else another jar wants: this
 * </ol>
 *
 * <p>A start for which no job is ended needs none of it: it is its own rehearsal.
 */
final class Rehearsal {
  // What tells a main() that state is restored; Flink itself does not look at it here.
  private static final String RESTORES = "execution.state-recovery.path";

  private final FlinkClient flink;

  /** With the Flink that the job will run on. */
  Rehearsal(FlinkClient flink) {
    this.flink = flink;
  }

  /**
   * Returns if the job could start.
   *
   * @param jarId the jar as Flink has it
   * @param start how the job will be started
   * @param restore what will be restored, or null if that is not there yet or nothing is
   * @param restores whether state will be restored
   * @throws CommandException with {@link ExitCode#REFUSED} when it could not, and {@link
   *     ExitCode#UNREACHABLE} when Flink, Kafka or Postgres does not answer
   */
  void run(String jarId, StartDescription start, String restore, boolean restores) {
    Map<String, String> configuration =
        restores
            ? Map.of(RESTORES, restore == null ? StartDescription.STATE_TO_COME : restore)
            : Map.of();
    try {
      flink.jars().plan(jarId, start.parallelism(), start.arguments(), configuration);
    } catch (CommandException e) {
      throw new CommandException(
          e.exitCode() == ExitCode.UNREACHABLE ? ExitCode.UNREACHABLE : ExitCode.REFUSED,
          e.getMessage() + "\nthe new job could not be started, so nothing was changed",
          e);
    }
  }
}
