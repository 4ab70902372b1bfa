package dev.trafficctl.cli.flink;

import java.util.Set;

/**
 * A job in the list of jobs.
 *
 * @param id its id
 * @param name its name, which other jobs may have too
 * @param state Flink's word for its state, such as {@code RUNNING}
 */
public record JobSummary(JobId id, String name, String state) {
  private static final Set<String> ENDED = Set.of("FINISHED", "CANCELED", "FAILED");

  /** Whether the job will never run again. */
  public boolean ended() {
    return ENDED.contains(state);
  }
}
