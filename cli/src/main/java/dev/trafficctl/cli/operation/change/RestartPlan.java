package dev.trafficctl.cli.operation.change;

import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.kafka.StartPlan;
import dev.trafficctl.model.StartDescription;
import java.nio.file.Path;
import java.util.List;

/**
 * What a restart will do.
 *
 * @param jobName the name of the job that is replaced
 * @param before the job that is replaced, as Flink remembers it, or null if it does not
 * @param end how that job is brought to its end
 * @param start how the new job is started; its arguments hold every setting
 * @param previous how it was started before, as far as that is known
 * @param source who told how the job was started before
 * @param jar the jar that is started
 * @param restore what is restored: a path; null to start without state, and as long as the
 *     savepoint or checkpoint is not known because it comes into being as the job ends
 * @param restoresWhatEnds whether the savepoint or checkpoint is restored that is the newest once
 *     the job has ended
 * @param allowNonRestoredState whether state that no operator takes may be left behind
 * @param partitions where each partition is read from, as far as that is known before the job ends;
 *     null if Kafka or the state cannot be read from here
 * @param warnings what somebody should know before it is done, a line each
 */
public record RestartPlan(
    String jobName,
    JobSummary before,
    End end,
    StartDescription start,
    StartDescription previous,
    String source,
    Path jar,
    String restore,
    boolean restoresWhatEnds,
    boolean allowNonRestoredState,
    StartPlan partitions,
    List<String> warnings) {
  /** With a copy of the list. */
  public RestartPlan {
    warnings = List.copyOf(warnings);
  }

  /** How a job is brought to its end. */
  public enum End {
    /** It has ended, or Flink does not know it: nothing is done. */
    NONE,
    /** It is stopped with a savepoint. */
    STOP,
    /** It is cancelled; its retained checkpoints stay. */
    CANCEL
  }

  /** The id of the job that is replaced, or null. */
  public JobId beforeId() {
    return before == null ? null : before.id();
  }

  /** The steps, in words, a line each. */
  public List<String> steps() {
    String job = jobName + (before == null ? "" : " (" + before.id() + ")");
    String ending =
        switch (end) {
          case NONE ->
              before == null
                  ? "nothing to stop: Flink knows no job " + jobName
                  : "nothing to stop: the job " + job + " is " + before.state();
          case STOP -> "stop the job " + job + " with a savepoint";
          case CANCEL -> "cancel the job " + job + "; its retained checkpoints stay";
        };
    String starting = "start " + start.jobName() + " with parallelism " + start.parallelism();
    String from;
    if (restoresWhatEnds) {
      from = end == End.STOP ? " from that savepoint" : " from its newest checkpoint";
    } else if (restore != null) {
      from = " from " + restore;
    } else {
      from = " without state, from the offsets below";
    }
    return List.of(ending, starting + from, "wait until all of its tasks run");
  }
}
