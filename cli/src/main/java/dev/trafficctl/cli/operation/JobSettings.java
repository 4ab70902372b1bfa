package dev.trafficctl.cli.operation;

import dev.trafficctl.cli.CommandException;
import dev.trafficctl.cli.ExitCode;
import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.flink.JobFinder;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.journal.Journal;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.state.StateFile;
import dev.trafficctl.model.Settings;
import dev.trafficctl.model.SettingsException;
import dev.trafficctl.model.StartDescription;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds out the settings of a job, be it that it runs, has ended or is known from its state. */
public final class JobSettings {
  private final Cluster cluster;
  private final Journal journal;

  /** With the cluster of the job, and what this machine did to it before. */
  public JobSettings(Cluster cluster, Journal journal) {
    this.cluster = cluster;
    this.journal = journal;
  }

  /**
   * The settings of a job: as Flink tells them, else this machine's journal, else its newest state.
   *
   * @param wanted the job's name or id, or null for the only one
   * @throws CommandException when nothing tells them, or more than one job fits
   */
  public Settings of(String wanted) {
    List<JobSummary> jobs = cluster.flink().jobs();
    Optional<JobSummary> known = new JobFinder(cluster.flink(), wanted, cluster.flags()).findAny();
    if (known.isEmpty() && wanted == null) {
      throw new CommandException(
          ExitCode.FAILED,
          "Flink at "
              + cluster.flink().address()
              + " knows no job; give the name of the one that you mean");
    }
    String name = known.map(JobSummary::name).orElse(wanted);
    StartSource source = new StartSource(cluster.flink(), journal);
    return source
        .find(name, jobs, null)
        .or(() -> source.find(name, jobs, newestState(name, jobs)))
        .map(found -> parse(found.description(), cluster.environment()))
        .orElseThrow(
            () ->
                new CommandException(
                    ExitCode.FAILED,
                    "nothing tells the settings of the job "
                        + Text.safe(name)
                        + "; see: "
                        + cluster.command("jobs", "--all")));
  }

  private StateFile newestState(String name, List<JobSummary> jobs) {
    NewestState states = new NewestState(cluster);
    return Stream.of(false, true)
        .flatMap(savepoint -> states.newest(name, savepoint, jobs).stream())
        .map(NewestState.Found::file)
        .filter(file -> file != null && file.description() != null)
        .findFirst()
        .orElse(null);
  }

  /**
   * The settings in a description.
   *
   * @param environment where it is looked whether there is a key for Kafka
   * @throws CommandException when they are none
   */
  public static Settings parse(StartDescription description, Map<String, String> environment) {
    try {
      return Settings.parse(description.arguments(), environment);
    } catch (SettingsException e) {
      throw new CommandException(
          ExitCode.FAILED,
          "the settings of the job "
              + Text.safe(description.jobName())
              + " cannot be used: "
              + e.getMessage().lines().findFirst().orElse(""),
          e);
    }
  }
}
