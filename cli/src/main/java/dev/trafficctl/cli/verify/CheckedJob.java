package dev.trafficctl.cli.verify;

import dev.trafficctl.cli.CommandException;
import dev.trafficctl.cli.ExitCode;
import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.flink.JobConfig;
import dev.trafficctl.cli.flink.JobFinder;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.journal.Journal;
import dev.trafficctl.cli.operation.KnownJob;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.state.StateFile;
import dev.trafficctl.model.Settings;
import dev.trafficctl.model.SettingsException;
import dev.trafficctl.model.StartDescription;
import dev.trafficctl.model.StartingPosition;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The job whose rows are checked, whether it runs or not: what Flink, this machine's journal and
 * its newest savepoint or checkpoint tell of it. Finding it changes nothing.
 *
 * @param name the job's name
 * @param settings those that it was started with
 * @param startingOffsets where it began to read, by partition, or null if it was restored or does
 *     not tell
 * @param newest its newest savepoint or checkpoint that can be read from here, or null
 */
public record CheckedJob(
    String name, Settings settings, SortedMap<Integer, Long> startingOffsets, StateFile newest) {

  /**
   * Finds it.
   *
   * @param wanted its name or id, or null for the only one
   * @throws CommandException when none is found, more than one fits, or nothing tells how it was
   *     started
   */
  public static CheckedJob find(Cluster cluster, Journal journal, String wanted) {
    List<JobSummary> jobs = cluster.flink().jobs();
    String name =
        new JobFinder(cluster.flink(), wanted, cluster.flags())
            .findAny()
            .map(JobSummary::name)
            .orElse(wanted);
    KnownJob known =
        KnownJob.find(cluster, journal, name, jobs)
            .filter(job -> job.start() != null)
            .orElseThrow(() -> nothingKnown(cluster, name));
    return new CheckedJob(
        known.name(),
        settings(cluster, known.start()),
        startingOffsets(cluster, known.name(), jobs).orElse(null),
        known.state());
  }

  private static CommandException nothingKnown(Cluster cluster, String name) {
    return name == null
        ? new CommandException(
            ExitCode.FAILED,
            "Flink at " + cluster.flink().address() + " knows no job; give the job's name")
        : new CommandException(
            ExitCode.REFUSED,
            "nothing tells how the job "
                + Text.safe(name)
                + " was started: neither Flink, nor the journal of this machine, nor a"
                + " savepoint or checkpoint that can be read from here; see: "
                + cluster.command("jobs", "--all"));
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
        .flatMap(CheckedJob::offsets);
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
