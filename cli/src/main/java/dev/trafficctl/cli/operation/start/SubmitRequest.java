package dev.trafficctl.cli.operation.start;

import dev.trafficctl.cli.operation.catalogue.JobArguments;
import dev.trafficctl.model.Setting;
import dev.trafficctl.model.StartDescription;
import java.nio.file.Path;
import java.util.List;

/**
 * What is asked of a submission.
 *
 * @param jar the job's jar
 * @param parallelism the job's parallelism, from 1
 * @param arguments what the job's {@code main} gets
 * @param detach whether it is not waited until the job's tasks run
 * @param allowMissingSlots whether slots that are missing will come, as the user says
 */
public record SubmitRequest(
    Path jar, int parallelism, List<String> arguments, boolean detach, boolean allowMissingSlots) {
  /** With a list that does not change. */
  public SubmitRequest {
    arguments = List.copyOf(arguments);
  }

  /** The name that the job will have. */
  public String jobName() {
    return new JobArguments(arguments).value(Setting.JOB_NAME).orElseThrow();
  }

  /** How the job is started, as far as the request tells: its environment may add settings. */
  StartDescription description() {
    return new StartDescription(jobName(), parallelism, arguments, null, null);
  }
}
