package dev.trafficctl.cli.operation;

import dev.trafficctl.cli.CommandException;
import dev.trafficctl.cli.ExitCode;
import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.flink.JobConfig;
import dev.trafficctl.cli.flink.JobFinder;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.journal.Journal;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.state.StateFile;
import dev.trafficctl.model.Settings;
import dev.trafficctl.model.SettingsException;
import dev.trafficctl.model.StartDescription;
import dev.trafficctl.model.StartingPosition;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * What is known of a job, whether it runs or not: from Flink, from this machine's journal, and from
 * its newest savepoint or checkpoint. Finding it changes nothing.
 *
 * @param name the job's name
 * @param settings those that it was started with
 * @param startingOffsets where it began to read, by partition, or null if it was restored or does
 *     not tell
 * @param newest its newest savepoint or checkpoint that can be read from here, or null
 */
public record KnownJob(
    String name, Settings settings, SortedMap<Integer, Long> startingOffsets, StateFile newest) {

  /**
   * Finds it.
   *
   * @param wanted its name or id, or null for the only one
   * @throws CommandException when none is found, more than one fits, or nothing tells how it was
   *     started
   */
  public static KnownJob find(Cluster cluster, Journal journal, String wanted) {
    List<JobSummary> jobs = cluster.flink().jobs();
    NewestState states = new NewestState(cluster);
    String name = name(cluster, wanted, states);
    StateFile newest =
        Stream.of(true, false)
            .flatMap(savepoint -> states.newest(name, savepoint, jobs).stream())
            .filter(found -> found.file() != null)
            .max(Comparator.comparing(NewestState.Found::at))
            .map(NewestState.Found::file)
            .orElse(null);
    StartSource.Found source =
        new StartSource(cluster.flink(), journal)
            .find(name, jobs, newest)
            .orElseThrow(
                () ->
                    new CommandException(
                        ExitCode.REFUSED,
                        "nothing tells how the job "
                            + Text.safe(name)
                            + " was started: neither Flink, nor the journal of this machine, nor a"
                            + " savepoint or checkpoint that can be read from here; see: "
                            + cluster.command("jobs", "--all")));
    return new KnownJob(
        name,
        settings(cluster, source.description()),
        startingOffsets(cluster, name, jobs).orElse(null),
        newest);
  }

  private static String name(Cluster cluster, String wanted, NewestState states) {
    Optional<JobSummary> job = new JobFinder(cluster.flink(), wanted, cluster.flags()).findAny();
    if (job.isPresent()) {
      return job.get().name();
    }
    if (wanted != null) {
      return wanted;
    }
    Set<String> names = states.jobNames();
    if (names.size() == 1) {
      return names.iterator().next();
    }
    throw new CommandException(
        names.isEmpty() ? ExitCode.FAILED : ExitCode.REFUSED,
        names.isEmpty()
            ? "Flink at " + cluster.flink().address() + " knows no job; give the job's name"
            : "more than one job is known: "
                + Text.safe(String.join(", ", names))
                + "; give the name of the one that you mean");
  }

  private static Settings settings(Cluster cluster, StartDescription description) {
    try {
      return Settings.parse(description.arguments(), cluster.environment());
    } catch (SettingsException e) {
      throw new CommandException(
          ExitCode.FAILED,
          "the job "
              + description.jobName()
              + " has other settings than this version knows: "
              + e.getMessage(),
          e);
    }
  }

  /** As the newest job of the name registered them; one that failed to start registered nothing. */
  private static Optional<SortedMap<Integer, Long>> startingOffsets(
      Cluster cluster, String name, List<JobSummary> jobs) {
    return jobs.stream()
        .filter(job -> job.name().equals(name))
        .sorted(Comparator.comparing(JobSummary::started).reversed())
        .flatMap(job -> cluster.flink().jobConfig(job.id()).map(JobConfig::userConfig).stream())
        .filter(parameters -> parameters.containsKey(StartDescription.ARGUMENTS))
        .findFirst()
        .map(parameters -> parameters.get(StartDescription.STARTING_OFFSETS))
        .flatMap(KnownJob::offsets);
  }

  private static Optional<SortedMap<Integer, Long>> offsets(String text) {
    try {
      return StartingPosition.parse(text) instanceof StartingPosition.Offsets offsets
          ? Optional.of(offsets.offsets())
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      // Written by another version.
      return Optional.empty();
    }
  }
}
