package dev.trafficctl.cli.operation.restart;

import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.operation.catalogue.JobLine;
import dev.trafficctl.cli.operation.catalogue.TopicLookup;
import dev.trafficctl.cli.process.NextCommands;
import java.util.List;

/**
 * What a restart is planned from: what is asked for, and what Flink knows of the job.
 *
 * @param request what is asked for
 * @param jobName the name of the job that is replaced
 * @param jobs the jobs that Flink remembers
 * @param before the job that is replaced, as Flink remembers it, or null if it does not
 * @param line whose states the new job may be restored from
 * @param topic the topic that the new job is to read
 * @param next what is typed next about the cluster
 */
record RestartScene(
    RestartRequest request,
    String jobName,
    List<JobSummary> jobs,
    JobSummary before,
    JobLine line,
    TopicLookup topic,
    NextCommands next) {
  /** With a copy of the list. */
  RestartScene {
    jobs = List.copyOf(jobs);
  }

  /** From where the job is started again. */
  From from() {
    return request.from();
  }
}
