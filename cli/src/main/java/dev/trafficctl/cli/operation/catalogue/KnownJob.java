package dev.trafficctl.cli.operation.catalogue;

import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.flink.JobConfig;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.journal.Journal;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.process.NextRestart;
import dev.trafficctl.cli.state.StateFile;
import dev.trafficctl.model.Settings;
import dev.trafficctl.model.SettingsException;
import dev.trafficctl.model.StartDescription;
import dev.trafficctl.model.StartingPosition;
import dev.trafficctl.model.TablesPlace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * One job, whether it runs, has ended, or is forgotten by Flink: what Flink, this machine's journal
 * and its newest savepoint or checkpoint tell of it. Nothing is changed, and nothing is looked up
 * before it is asked for.
 */
public final class KnownJob {
  private final Cluster cluster;
  private final Journal journal;
  private final JobFinder finder;
  private final String name;
  // Those of its name in Flink: the one that is meant, then the others, the newest first.
  private final List<JobSummary> jobs;
  private Optional<StartDescription> start;
  private Optional<StateFile> newestState;

  private KnownJob(
      Cluster cluster, Journal journal, JobFinder finder, String name, List<JobSummary> jobs) {
    this.cluster = cluster;
    this.journal = journal;
    this.finder = finder;
    this.name = name;
    this.jobs = jobs;
  }

  /**
   * Finds it: of those in Flink the one that runs, else the newest; if Flink knows none, the only
   * one of which there is a savepoint or checkpoint.
   *
   * @param wanted its name or id, or null for the only one
   * @return nothing when no job is wanted by name, and none is found
   * @throws CommandException when more than one fits, or Flink cannot be asked
   */
  public static Optional<KnownJob> find(Cluster cluster, Journal journal, String wanted) {
    JobFinder finder = new JobFinder(cluster.flink(), wanted, cluster.next());
    List<JobSummary> all = cluster.flink().jobs();
    JobSummary meant = finder.findAny(all).orElse(null);
    String name = meant != null ? meant.name() : wanted != null ? wanted : onlyName(cluster);
    if (name == null) {
      return Optional.empty();
    }
    List<JobSummary> jobs = new ArrayList<>(StartSource.named(name, all));
    if (jobs.remove(meant)) {
      jobs.add(0, meant);
    }
    return Optional.of(new KnownJob(cluster, journal, finder, name, jobs));
  }

  /**
   * Finds it, as {@link #find} does.
   *
   * @throws CommandException when none is found, or more than one fits
   */
  public static KnownJob get(Cluster cluster, Journal journal, String wanted) {
    return find(cluster, journal, wanted).orElseThrow(() -> none(cluster));
  }

  /** What is said when no job is wanted by name, and none is found. */
  public static CommandException none(Cluster cluster) {
    return new CommandException(
        ExitCode.FAILED,
        "Flink at "
            + cluster.flink().address()
            + " knows no job, and no state of one is found; give the job's name");
  }

  private static String onlyName(Cluster cluster) {
    Set<String> names = new NewestState(cluster).jobNames();
    if (names.size() > 1) {
      throw JobFinder.ambiguous(names);
    }
    return names.stream().findFirst().orElse(null);
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** The job as Flink knows it, if it has not ended. */
  public Optional<JobSummary> running() {
    return jobs.stream().limit(1).filter(job -> !job.ended()).findFirst();
  }

  /** How it was started, as Flink tells, else the journal, else its newest state. */
  public Optional<StartDescription> start() {
    if (start == null) {
      StartSource source = new StartSource(cluster.flink(), journal);
      start =
          source
              .find(name, jobs, () -> newestState().orElse(null))
              .map(StartSource.Found::description);
    }
    return start;
  }

  /**
   * The settings that it was started with.
   *
   * @param otherwise what to do when nothing tells them, in words
   * @throws CommandException when nothing tells them, or this version does not know them
   */
  public Settings settings(String otherwise) {
    return parse(start().orElseThrow(() -> untold(otherwise)), cluster.environment());
  }

  private CommandException untold(String otherwise) {
    return jobs.isEmpty()
        ? finder.unknown()
        : new CommandException(
            ExitCode.REFUSED,
            "nothing tells how the job "
                + Text.safe(name)
                + " was started: neither Flink, nor the journal of this machine, nor a savepoint"
                + " or checkpoint that can be read from here; "
                + otherwise);
  }

  /**
   * The settings in a description.
   *
   * @param environment where it is looked whether there is a key for Kafka
   * @throws CommandException when they are none
   */
  public static Settings parse(StartDescription description, Map<String, String> environment) {
    try {
      return Settings.parse(JobArguments.of(description).list(), environment);
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

  /**
   * Its newest savepoint or checkpoint that can be read from here; not one of another job of its
   * name.
   *
   * @throws CommandException with {@link ExitCode#REFUSED} when nothing else tells which of more
   *     than one job of its name is meant
   */
  public Optional<StateFile> newestState() {
    if (newestState == null) {
      JobLine line = new Descent(cluster.flink(), journal).of(name, jobs);
      NewestState states = new NewestState(cluster);
      if (line.equals(JobLine.ANY)) {
        requireOne(states.owners(name, jobs));
      }
      newestState = states.newestFile(name, jobs, line);
    }
    return newestState;
  }

  private void requireOne(List<NewestState.Owner> owners) {
    if (owners.size() > 1) {
      throw new CommandException(
          ExitCode.REFUSED,
          "nothing tells how the job %s was started, and there are states of %d jobs of that name; start the one that is meant:\n%s"
              .formatted(
                  Text.safe(name),
                  owners.size(),
                  String.join("\n", owners.stream().map(this::start).toList())));
    }
  }

  private String start(NewestState.Owner owner) {
    String path = owner.newest().path();
    return "%s  (%s, of %s)"
        .formatted(
            cluster
                .next()
                .restart(name, NextRestart.Start.state(owner.newest().file().savepoint(), path)),
            owner.line().words(),
            owner.newest().at());
  }

  /** Where it began to read, by partition; nothing if it was restored or does not tell. */
  public Optional<SortedMap<Integer, Long>> startingOffsets() {
    return registered(StartDescription.STARTING_OFFSETS).flatMap(KnownJob::offsets);
  }

  /** Where it found its tables when it was started; nothing if it does not tell. */
  public Optional<TablesPlace> tables() {
    return registered(StartDescription.POSTGRES_TABLES).flatMap(KnownJob::place);
  }

  private Optional<String> registered(String parameter) {
    return jobs.stream()
        .flatMap(job -> cluster.flink().jobConfig(job.id()).map(JobConfig::userConfig).stream())
        // A start that failed has left a job that registered nothing.
        .filter(parameters -> parameters.containsKey(StartDescription.ARGUMENTS))
        .findFirst()
        .map(parameters -> parameters.get(parameter));
  }

  private static Optional<TablesPlace> place(String text) {
    try {
      return Optional.of(TablesPlace.ofJson(text));
    } catch (IllegalArgumentException e) {
      // Written by another version.
      return Optional.empty();
    }
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
