package dev.trafficctl.cli.operation.change;

import dev.trafficctl.cli.journal.JobLock;
import java.util.function.Function;

/**
 * A change that nothing speaks against, of which nothing is done yet.
 *
 * @param plan what will be done
 * @param work does it
 */
public record Prepared(Plan plan, Function<JobLock, Result> work) {
  /**
   * Does it.
   *
   * @param lock the right to change the job; it was held before the change was prepared
   */
  public Result run(JobLock lock) {
    return work.apply(lock);
  }
}
