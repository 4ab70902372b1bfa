package dev.trafficctl.cli.flink;

import dev.trafficctl.cli.output.Text;
import java.time.Instant;
import java.util.Comparator;
import java.util.Set;

/**
 * A job in the list of jobs.
 *
 * @param id its id
 * @param name its name, which other jobs may have too
 * @param state Flink's word for its state, such as {@code RUNNING}
 * @param started when it was started
 * @param changed when its state changed last
 * @param tasks how many tasks it consists of
 * @param runningTasks how many of those are in state RUNNING
 */
public record JobSummary(
    JobId id,
    String name,
    String state,
    Instant started,
    Instant changed,
    int tasks,
    int runningTasks) {
  /**
   * Of several jobs of one name the one that is meant first: what runs before what has ended, and
   * of these the one that was started last.
   */
  public static final Comparator<JobSummary> MEANT_FIRST =
      Comparator.comparing((JobSummary job) -> job.ended())
          .thenComparing(JobSummary::started, Comparator.reverseOrder());

  private static final Set<String> ENDED = Set.of("FINISHED", "CANCELED", "FAILED");

  /** What names it in a command that is recommended: its name, or its id where that would not. */
  public String parameter() {
    return Text.takesForParameter(name) ? name : id.text();
  }

  /** Whether the job will never run again. */
  public boolean ended() {
    return ENDED.contains(state);
  }

  /** Whether a job in this state will never run again. */
  public static boolean ended(String state) {
    return ENDED.contains(state);
  }
}
