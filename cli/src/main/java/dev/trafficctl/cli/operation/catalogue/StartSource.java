package dev.trafficctl.cli.operation.catalogue;

import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.JobConfig;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.journal.Journal;
import dev.trafficctl.cli.journal.Operation;
import dev.trafficctl.cli.journal.StartKeys;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.state.StateFile;
import dev.trafficctl.model.StartDescription;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Finds out how a job was started, to start it again in the same way. */
public final class StartSource {
  private final FlinkClient flink;
  private final Journal journal;

  /** With whom to ask. */
  public StartSource(FlinkClient flink, Journal journal) {
    this.flink = flink;
    this.journal = journal;
  }

  /**
   * How a job was started.
   *
   * @param description what is known of it
   * @param from who tells it, in words
   * @param job the job that was started so, or null if that is not known
   */
  public record Found(StartDescription description, String from, JobId job) {}

  /**
   * Those of its name among the jobs that Flink remembers, what runs before what has ended, and the
   * newest first: a start that failed has left a job that tells nothing, and an older one may.
   */
  public static List<JobSummary> named(String jobName, List<JobSummary> jobs) {
    return jobs.stream()
        .filter(job -> job.name().equals(jobName))
        .sorted(JobSummary.MEANT_FIRST)
        .toList();
  }

  /**
   * Asks jobs of the name that Flink remembers, then this machine's journal, then a state, at last
   * how the job was to be started and was not, and what a submission was asked with.
   *
   * @param jobs which jobs to ask, in this order
   * @param newest finds the state when it is needed; null if there is none
   */
  public Optional<Found> find(String jobName, List<JobSummary> jobs, Supplier<StateFile> newest) {
    return started(jobName, jobs)
        .or(
            () ->
                Optional.ofNullable(newest.get())
                    .filter(state -> state.description() != null)
                    .map(
                        state ->
                            new Found(state.description(), "the state in " + state.path(), null)))
        .or(() -> fromJournal(jobName, operation -> true))
        .or(() -> fromRequest(jobName));
  }

  /**
   * The same of a job that is known to have started, without a state to ask.
   *
   * @param jobs which jobs to ask, in this order
   */
  Optional<Found> started(String jobName, List<JobSummary> jobs) {
    return fromFlink(jobName, jobs).or(() -> fromJournal(jobName, StartSource::mayHaveStarted));
  }

  private Optional<Found> fromFlink(String jobName, List<JobSummary> jobs) {
    for (JobSummary job : jobs) {
      Optional<StartDescription> told = told(flink, jobName, job.id());
      if (told.isPresent()) {
        return Optional.of(new Found(told.get(), "the job " + job.id(), job.id()));
      }
    }
    return Optional.empty();
  }

  /** How a job of a name was started, as Flink tells; nothing if it does not. */
  static Optional<StartDescription> told(FlinkClient flink, String jobName, JobId job) {
    Optional<JobConfig> config = flink.jobConfig(job);
    if (config.isEmpty() || !config.get().userConfig().containsKey(StartDescription.ARGUMENTS)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          StartDescription.of(jobName, config.get().parallelism(), config.get().userConfig()));
    } catch (IllegalArgumentException e) {
      // An older one, the journal or the state may still tell.
      return Optional.empty();
    }
  }

  /** Settings with which a start was refused, such as an address that is wrong, say little. */
  private static boolean mayHaveStarted(Operation operation) {
    return operation.open()
        || operation.reached(StartKeys.STARTED)
        || operation.ended().outcome() == ExitCode.DONE
        || operation.ended().outcome() == ExitCode.OUTCOME_UNKNOWN;
  }

  private Optional<Found> fromJournal(String jobName, Predicate<Operation> wanted) {
    return fromJournal(
        jobName,
        wanted,
        operation ->
            operation
                .detail(StartKeys.START)
                .orElse(operation.asked().options().get(StartKeys.START)));
  }

  /** What a submission was asked with lacks what the job takes from its environment. */
  private Optional<Found> fromRequest(String jobName) {
    return fromJournal(
        jobName,
        operation -> true,
        operation -> operation.asked().options().get(StartKeys.REQUEST));
  }

  private Optional<Found> fromJournal(
      String jobName, Predicate<Operation> wanted, Function<Operation, String> start) {
    for (Operation operation : journal.list().operations()) {
      String description = start.apply(operation);
      if (description != null
          && operation.reached(StartKeys.STARTING)
          && wanted.test(operation)
          && operation.asked().isOf(flink.address(), jobName)) {
        try {
          return Optional.of(
              new Found(
                  StartDescription.ofJson(description),
                  "the journal, " + operation.id(),
                  operation.detail(StartKeys.JOB_ID).map(JobId::new).orElse(null)));
        } catch (IllegalArgumentException e) {
          // An older one may still tell.
        }
      }
    }
    return Optional.empty();
  }
}
