package dev.trafficctl.cli.operation;

import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.JobConfig;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.journal.Journal;
import dev.trafficctl.cli.journal.Operation;
import dev.trafficctl.cli.state.StateFile;
import dev.trafficctl.model.StartDescription;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Finds out how a job was started, to start it again in the same way. */
final class StartSource {
  private final FlinkClient flink;
  private final Journal journal;

  StartSource(FlinkClient flink, Journal journal) {
    this.flink = flink;
    this.journal = journal;
  }

  /**
   * How a job was started.
   *
   * @param description what is known of it
   * @param from who tells it, in words
   */
  record Found(StartDescription description, String from) {}

  /**
   * Asks the newest jobs of the name that Flink remembers, then this machine's journal, then the
   * state that is restored, at last what a submission was asked with.
   *
   * @param jobs the jobs that Flink remembers
   * @param state what is restored, or null
   */
  Optional<Found> find(String jobName, List<JobSummary> jobs, StateFile state) {
    return fromFlink(jobName, jobs)
        .or(() -> fromJournal(jobName))
        .or(
            () ->
                Optional.ofNullable(state)
                    .map(StateFile::description)
                    .map(description -> new Found(description, "the state in " + state.path())))
        .or(() -> fromRequest(jobName));
  }

  private Optional<Found> fromFlink(String jobName, List<JobSummary> jobs) {
    // A start that failed has left a job that registered nothing.
    for (JobSummary job :
        jobs.stream()
            .filter(known -> known.name().equals(jobName))
            .sorted(Comparator.comparing(JobSummary::started).reversed())
            .toList()) {
      Optional<JobConfig> config = flink.jobConfig(job.id());
      if (config.isPresent() && config.get().userConfig().containsKey(StartDescription.ARGUMENTS)) {
        try {
          return Optional.of(
              new Found(
                  StartDescription.of(
                      jobName, config.get().parallelism(), config.get().userConfig()),
                  "the job " + job.id()));
        } catch (IllegalArgumentException e) {
          // An older one, the journal or the state may still tell.
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Found> fromJournal(String jobName) {
    return fromJournal(
        jobName,
        operation ->
            operation
                .detail(RestartOrder.START)
                .orElse(operation.asked().options().get(RestartOrder.START)));
  }

  /** What a submission was asked with lacks what the job takes from its environment. */
  private Optional<Found> fromRequest(String jobName) {
    return fromJournal(jobName, operation -> operation.asked().options().get(Submit.REQUEST));
  }

  private Optional<Found> fromJournal(String jobName, Function<Operation, String> start) {
    for (Operation operation : journal.list().operations()) {
      String description = start.apply(operation);
      if (description != null
          && operation.reached(ResumeRestart.STARTING)
          && operation.asked().isOf(flink.address(), jobName)) {
        try {
          return Optional.of(
              new Found(StartDescription.ofJson(description), "the journal, " + operation.id()));
        } catch (IllegalArgumentException e) {
          // An older one may still tell.
        }
      }
    }
    return Optional.empty();
  }
}
