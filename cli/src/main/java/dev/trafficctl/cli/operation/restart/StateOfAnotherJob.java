package dev.trafficctl.cli.operation.restart;

import dev.trafficctl.cli.operation.catalogue.JobArguments;
import dev.trafficctl.cli.operation.catalogue.JobLine.Difference;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.state.StateFile;
import dev.trafficctl.model.Setting;
import java.util.List;
import java.util.function.Consumer;

/**
 * A state that, by what both tell, is of another job than the one that is started: with its place
 * in Kafka, events would be skipped of which that job has written no row.
 */
final class StateOfAnotherJob {
  /** The option that says that it is meant. */
  static final String OPTION = "--allow-state-of-another-job";

  private final RestartScene scene;

  /** With what is asked for. */
  StateOfAnotherJob(RestartScene scene) {
    this.scene = scene;
  }

  /**
   * Looks whether a state is of the job that is started.
   *
   * @param warn is told what differs, if that is asked for
   * @throws CommandException when something differs that nobody has asked for
   */
  void check(StateFile file, Consumer<String> warn) {
    List<Difference> differences = scene.line().differences(file.path(), null, file.description());
    if (differences.isEmpty()) {
      return;
    }
    RestartRequest request = scene.request();
    String whose =
        file.path()
            + " is the state of another job than the one that is started: "
            + String.join(", ", differences.stream().map(Difference::whole).toList());
    if (request.allowStateOfAnotherJob()
        || differences.stream().allMatch(difference -> isAskedFor(request, difference))) {
      warn.accept(whose);
      return;
    }
    throw new CommandException(
        ExitCode.REFUSED,
        "%s; nothing was changed%nif that is meant: %s"
            .formatted(whose, scene.next().restart(request.againFromAnotherJob(scene.jobName()))));
  }

  private static boolean isAskedFor(RestartRequest request, Difference difference) {
    Setting setting = difference.fact().setting();
    return request.changes().containsKey(setting.argument())
        || new JobArguments(request.settings()).given(setting).isPresent();
  }
}
