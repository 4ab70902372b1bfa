package dev.trafficctl.cli.operation.change;

import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.postgres.RejectedGroup;
import dev.trafficctl.cli.state.SavepointDisposal;
import java.util.List;

/**
 * What is about to be done.
 *
 * @param verb such as {@code stop}
 * @param cluster the cluster as it is named to users
 * @param job the name of the job
 * @param jobId the id of the job
 * @param what all of it in a few words, such as {@code stop the job traffic}
 * @param steps what is done, one after the other
 * @param warnings what may go wrong
 * @param restart all of it if it is a restart, or null
 * @param deletion what is deleted, or null
 * @param retry which rejected events are sent again, or null
 */
public record Plan(
    String verb,
    String cluster,
    String job,
    JobId jobId,
    String what,
    List<String> steps,
    List<String> warnings,
    RestartPlan restart,
    SavepointDisposal.Target deletion,
    List<RejectedGroup> retry) {
  /** Of what has no part of its own. */
  public Plan(
      String verb,
      String cluster,
      String job,
      JobId jobId,
      String what,
      List<String> steps,
      List<String> warnings) {
    this(verb, cluster, job, jobId, what, steps, warnings, null, null, null);
  }

  /** With lists that do not change. */
  public Plan {
    steps = List.copyOf(steps);
    warnings = List.copyOf(warnings);
    retry = retry == null ? null : List.copyOf(retry);
  }

  /** Whether there is nothing to do. */
  public boolean isEmpty() {
    return retry != null && retry.isEmpty();
  }

  /** The same of a restart. */
  public Plan restarting(RestartPlan all) {
    return new Plan(verb, cluster, job, jobId, what, steps, warnings, all, deletion, retry);
  }

  /** The same of a deletion. */
  public Plan deleting(SavepointDisposal.Target target) {
    return new Plan(verb, cluster, job, jobId, what, steps, warnings, restart, target, retry);
  }

  /** The same of rejected events that are sent again. */
  public Plan retrying(List<RejectedGroup> groups) {
    return new Plan(verb, cluster, job, jobId, what, steps, warnings, restart, deletion, groups);
  }
}
