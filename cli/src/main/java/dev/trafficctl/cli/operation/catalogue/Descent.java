package dev.trafficctl.cli.operation.catalogue;

import dev.trafficctl.cli.flink.Checkpoints;
import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.journal.Journal;
import dev.trafficctl.cli.journal.Operation;
import dev.trafficctl.cli.journal.StartKeys;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.state.StatePath;
import dev.trafficctl.model.Setting;
import dev.trafficctl.model.StartDescription;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds out of which jobs a job goes on, from Flink and this machine's journal. */
public final class Descent {
  private final FlinkClient flink;
  private final Journal journal;
  private final boolean answers;

  /** With a Flink that answers. */
  public Descent(FlinkClient flink, Journal journal) {
    this(flink, journal, true);
  }

  private Descent(FlinkClient flink, Journal journal, boolean answers) {
    this.flink = flink;
    this.journal = journal;
    this.answers = answers;
  }

  /** From the journal alone, of a Flink that cannot be reached. */
  static Descent fromJournal(FlinkClient flink, Journal journal) {
    return new Descent(flink, journal, false);
  }

  /**
   * The line of the job that a restart replaces, and of the one that it starts.
   *
   * @param settings all settings of the job that is started, where these are given
   * @param changes settings of the job before that are changed, by name
   * @param jobs the jobs that Flink remembers
   */
  public JobLine ofRestart(
      List<String> settings, Map<String, String> changes, String jobName, List<JobSummary> jobs) {
    if (!settings.isEmpty()) {
      return JobLine.of(described(jobName, given(settings)));
    }
    Optional<StartSource.Found> found = started(jobName, jobs);
    if (found.isEmpty()) {
      return JobLine.ANY;
    }
    String name = changes.getOrDefault(Setting.JOB_NAME.argument(), jobName);
    JobArguments changed = new JobArguments(found.get().description().arguments());
    return of(found.get(), jobName).changed(described(name, changed.with(changes)));
  }

  /**
   * The arguments of the job that a restart starts, as far as they are known without a state.
   *
   * @param settings all of its settings, where these are given
   * @param jobs the jobs that Flink remembers
   */
  public Optional<List<String>> arguments(
      List<String> settings, String jobName, List<JobSummary> jobs) {
    return settings.isEmpty()
        ? started(jobName, jobs).map(found -> found.description().arguments())
        : Optional.of(settings);
  }

  /** The {@code --kafka-url} with which the newest job of a name was started, if that is known. */
  public Optional<String> kafka(String jobName, List<JobSummary> jobs) {
    return started(jobName, jobs)
        .flatMap(
            found -> new JobArguments(found.description().arguments()).given(Setting.KAFKA_URL));
  }

  private static JobArguments given(List<String> settings) {
    return new JobArguments(settings)
        .withDefault(Setting.KAFKA_TOPIC)
        .withDefault(Setting.KAFKA_GROUP);
  }

  /**
   * The line of a job.
   *
   * @param jobs the jobs that Flink remembers, of which those of the name are asked in this order
   */
  JobLine of(String jobName, List<JobSummary> jobs) {
    return started(jobName, jobs).map(found -> of(found, jobName)).orElse(JobLine.ANY);
  }

  private Optional<StartSource.Found> started(String jobName, List<JobSummary> jobs) {
    return new StartSource(flink, journal).started(jobName, StartSource.named(jobName, jobs));
  }

  private static StartDescription described(String jobName, JobArguments arguments) {
    return new StartDescription(jobName, 1, arguments.list(), null, null);
  }

  private JobLine of(StartSource.Found found, String jobName) {
    Map<JobId, Operation> starts = new HashMap<>();
    for (Operation operation : journal.list().operations()) {
      if (operation.asked().isOf(flink.address(), jobName)) {
        operation.detail(StartKeys.JOB_ID).ifPresent(id -> starts.put(new JobId(id), operation));
      }
    }
    Set<JobId> jobs = new HashSet<>();
    Set<StatePath> states = new HashSet<>();
    JobId job = found.job();
    while (job != null && jobs.add(job)) {
      restored(job).map(StatePath::of).ifPresent(states::add);
      Operation start = starts.get(job);
      boolean goesOn = start != null && start.detail(StartKeys.RESTORE).isPresent();
      if (!goesOn) {
        break;
      }
      start.detail(StartKeys.RESTORE).map(StatePath::of).ifPresent(states::add);
      start.detail(StartKeys.ENDED).map(StatePath::of).ifPresent(states::add);
      job = start.asked().jobId();
    }
    return JobLine.of(found.description()).with(jobs, states);
  }

  private Optional<String> restored(JobId job) {
    if (!answers) {
      return Optional.empty();
    }
    try {
      return flink.checkpoints(job).map(Checkpoints::restored).map(Checkpoints.Restored::path);
    } catch (CommandException e) {
      // What the journal tells is left.
      return Optional.empty();
    }
  }
}
