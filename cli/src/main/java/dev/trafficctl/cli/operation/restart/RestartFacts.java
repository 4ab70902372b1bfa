package dev.trafficctl.cli.operation.restart;

import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.kafka.StartPlan;

/**
 * What is known of a restart whose job before has ended.
 *
 * @param jobId the id of the new job, or null if there is none
 * @param wayBack the savepoint or checkpoint that was made as the job before ended, or null
 * @param restored what is restored, or null to start without state
 * @param partitions where each partition is read from, or null if that is not known
 */
record RestartFacts(JobId jobId, String wayBack, String restored, StartPlan partitions) {
  /** The same with a new job of this id, or with none. */
  RestartFacts with(JobId job) {
    return new RestartFacts(job, wayBack, restored, partitions);
  }
}
