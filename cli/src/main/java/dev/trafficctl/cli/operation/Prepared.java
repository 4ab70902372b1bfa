package dev.trafficctl.cli.operation;

import dev.trafficctl.cli.journal.JobLock;

/** A change that nothing speaks against, of which nothing is done yet. */
public interface Prepared {
  /** What will be done. */
  Plan plan();

  /**
   * Does it.
   *
   * @param lock the right to change the job; it was held before the change was prepared
   */
  Result run(JobLock lock);
}
