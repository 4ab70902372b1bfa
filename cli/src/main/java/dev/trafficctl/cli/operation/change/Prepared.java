package dev.trafficctl.cli.operation.change;

import dev.trafficctl.cli.journal.JobLock;
import java.util.function.Function;

/**
 * A change that nothing speaks against, of which nothing is done yet.
 *
 * @param plan what will be done
 * @param work does it
 * @param stoppable whether it comes to an early end of its own, with a result, soon after its
 *     thread is interrupted; else it goes on in Flink, whoever waits for it
 */
public record Prepared(Plan plan, Function<JobLock, Result> work, boolean stoppable) {
  /** What goes on in Flink. */
  public Prepared(Plan plan, Function<JobLock, Result> work) {
    this(plan, work, false);
  }

  /**
   * Does it.
   *
   * @param lock the right to change the job; it was held before the change was prepared
   */
  public Result run(JobLock lock) {
    return work.apply(lock);
  }
}
