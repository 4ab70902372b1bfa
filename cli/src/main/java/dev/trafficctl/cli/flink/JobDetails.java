package dev.trafficctl.cli.flink;

import dev.trafficctl.cli.output.Text;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A job with its vertices. Flink renews what it tells of a job every {@code web.refresh-interval},
 * 3 s by default.
 *
 * @param id its id
 * @param name its name
 * @param state Flink's word for its state, such as {@code RUNNING}
 * @param started when it was started
 * @param stateSince when it entered each of the states that it has been in
 * @param maxParallelism the highest parallelism that its state can be restored with
 * @param vertices the chains of operators that it consists of
 * @param asOf what time the clock of the JobManager showed when it answered; it comes from no cache
 */
public record JobDetails(
    JobId id,
    String name,
    String state,
    Instant started,
    Map<String, Instant> stateSince,
    int maxParallelism,
    List<JobVertex> vertices,
    Instant asOf) {

  /** What names it in a command that is recommended: its name, or its id where that would not. */
  public String parameter() {
    return Text.takesForParameter(name) ? name : id.text();
  }

  /** Whether it will never run again. */
  public boolean ended() {
    return JobSummary.ended(state);
  }

  /** The highest parallelism of its vertices; 0 as long as it has none. */
  public int parallelism() {
    return vertices.stream().mapToInt(JobVertex::parallelism).max().orElse(0);
  }

  /** How many tasks it consists of. */
  public int tasks() {
    return vertices.stream().mapToInt(JobVertex::parallelism).sum();
  }

  /** How many of its tasks are in state RUNNING. */
  public int runningTasks() {
    return vertices.stream().mapToInt(JobVertex::running).sum();
  }

  /** Whether the job and every one of its tasks are in state RUNNING. */
  public boolean allTasksRun() {
    return state.equals("RUNNING")
        && !vertices.isEmpty()
        && vertices.stream().allMatch(vertex -> vertex.running() == vertex.parallelism());
  }
}
