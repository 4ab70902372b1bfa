package dev.trafficctl.cli.operation.restart;

import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.kafka.TopicLog;
import dev.trafficctl.cli.operation.catalogue.Descent;
import dev.trafficctl.cli.operation.catalogue.JobFinder;
import dev.trafficctl.cli.operation.catalogue.KnownJob;
import dev.trafficctl.cli.operation.catalogue.NewestState;
import dev.trafficctl.cli.operation.catalogue.ReadTopic;
import dev.trafficctl.cli.operation.catalogue.TopicLookup;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.state.StateFile;
import dev.trafficctl.cli.state.StatePath;
import dev.trafficctl.cli.state.StateReading;
import dev.trafficctl.model.Settings;
import dev.trafficctl.model.StartDescription;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds the job that a restart replaces, be it that Flink no longer knows it. */
final class ReplacedJob {
  private final Cluster cluster;
  private final FlinkClient flink;
  private final NewestState states;
  private final Descent descent;
  private final StartChoice starts;
  private final RestartPlanner.Topics topics;

  ReplacedJob(
      Cluster cluster,
      NewestState states,
      Descent descent,
      StartChoice starts,
      RestartPlanner.Topics topics) {
    this.cluster = cluster;
    this.flink = cluster.flink();
    this.states = states;
    this.descent = descent;
    this.starts = starts;
    this.topics = topics;
  }

  /**
   * The name of the job that is meant, be it that Flink no longer knows it.
   *
   * @throws CommandException when none is found, or more than one
   */
  String name(RestartRequest request) {
    List<JobSummary> jobs = flink.jobs();
    if (request.job() != null) {
      return jobs.stream()
          .filter(job -> job.id().text().equals(request.job()))
          .findFirst()
          .map(JobSummary::name)
          .orElse(request.job());
    }
    List<String> names = new JobFinder(flink, null, cluster.next()).names(jobs);
    if (names.isEmpty()) {
      names = List.copyOf(namesInState(request));
    }
    if (names.size() == 1) {
      return names.get(0);
    }
    throw names.isEmpty() ? KnownJob.none(cluster) : JobFinder.ambiguous(names);
  }

  /** The {@code --kafka-url} that the job of this name has, if that is known without a state. */
  Optional<String> kafka(String jobName) {
    return descent.kafka(jobName, flink.jobs());
  }

  private Set<String> namesInState(RestartRequest request) {
    StatePath path = request.from().path();
    if (path != null
        && states.read(path) instanceof StateReading.Whole whole
        && whole.file().description() != null) {
      return Set.of(whole.file().description().jobName());
    }
    return states.jobNames();
  }

  /**
   * Everything that a restart of the job of this name is planned from: the one that runs is
   * replaced, else the newest.
   *
   * @throws CommandException when more than one runs
   */
  RestartScene scene(RestartRequest request, String jobName) {
    List<JobSummary> jobs = flink.jobs();
    List<JobSummary> named = jobs.stream().filter(job -> job.name().equals(jobName)).toList();
    List<JobSummary> live = named.stream().filter(job -> !job.ended()).toList();
    if (live.size() > 1) {
      throw new CommandException(
          ExitCode.REFUSED,
          "more than one job named "
              + Text.safe(jobName)
              + " runs: "
              + String.join(", ", live.stream().map(job -> job.id().text()).toList())
              + "; stop all but one by their ids first: "
              + cluster.next().stopOneById());
    }
    if (!live.isEmpty() && isId(request.job()) && !live.get(0).id().text().equals(request.job())) {
      throw new CommandException(
          ExitCode.REFUSED,
          "the job "
              + request.job()
              + " has ended, and another of its name runs: "
              + live.get(0).id()
              + "; give the name "
              + Text.safe(jobName)
              + " if that is the one to restart");
    }
    JobSummary replaced = named.stream().min(JobSummary.MEANT_FIRST).orElse(null);
    return new RestartScene(
        request,
        jobName,
        jobs,
        replaced,
        descent.ofRestart(request.settings(), request.changes(), jobName, jobs),
        new TopicLookup(state -> topic(request, jobName, jobs, state)),
        cluster.next());
  }

  private Optional<ReadTopic> topic(
      RestartRequest request, String jobName, List<JobSummary> jobs, StateFile state) {
    return descent
        .arguments(request.settings(), jobName, jobs)
        .or(() -> Optional.ofNullable(state.description()).map(StartDescription::arguments))
        .flatMap(arguments -> topic(arguments, request.changes()));
  }

  private Optional<ReadTopic> topic(List<String> arguments, Map<String, String> changes) {
    try {
      Settings settings = starts.settings(arguments, changes);
      try (TopicLog log = topics.open(settings)) {
        return Optional.of(new ReadTopic(settings.kafkaTopic(), log.id()));
      }
    } catch (CommandException e) {
      // Where the job begins to read is looked at later, and then this is told.
      return Optional.empty();
    }
  }

  private static boolean isId(String job) {
    return job != null && job.matches("[0-9a-f]{32}");
  }
}
