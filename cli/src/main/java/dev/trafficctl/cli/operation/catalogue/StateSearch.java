package dev.trafficctl.cli.operation.catalogue;

import static java.lang.Boolean.FALSE;

import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.flink.Checkpoints;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.state.KnownState;
import dev.trafficctl.cli.state.PluginFileSystems;
import dev.trafficctl.cli.state.StateCatalogue;
import dev.trafficctl.cli.state.StateDirectories;
import dev.trafficctl.cli.state.StateReader;
import dev.trafficctl.cli.state.StateStorage;
import dev.trafficctl.cli.state.StoredState;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the checkpoints and savepoints of a job, from Flink while it knows the job, and from
 * storage: also when the job is gone, and Flink with it.
 */
public final class StateSearch {
  private final Cluster cluster;
  private final String job;
  private final String storage;
  private final PluginFileSystems plugins;

  /**
   * What to look for.
   *
   * @param cluster where to ask, or null if there is only storage
   * @param job the name or id of the job, or null for the only one
   * @param storage a directory to search, or null for those of the cluster
   * @param plugins the file systems that can be read besides the local one, or null
   */
  public StateSearch(Cluster cluster, String job, String storage, PluginFileSystems plugins) {
    this.cluster = cluster;
    this.job = job;
    this.storage = storage;
    this.plugins = plugins;
  }

  /**
   * What was found.
   *
   * @param job the job as Flink knows it, or null
   * @param reached whether Flink was asked, and answered
   * @param missing why Flink alone does not do: it was not asked, does not know the job, or
   *     remembers nothing that can be restored; null if it does
   * @param searched the directories that were searched
   * @param unreachable a sentence for each directory that could not be searched
   * @param states the newest first
   */
  public record Found(
      JobSummary job,
      boolean reached,
      String missing,
      List<String> searched,
      List<String> unreachable,
      List<KnownState> states) {}

  /**
   * Looks. Storage is searched if a directory was given, if Flink does not know the job, or if it
   * remembers nothing of it that can be restored.
   *
   * @param always whether storage is searched in any case
   * @throws CommandException when neither Flink can be asked nor a directory is known, when more
   *     than one job fits, or when a directory cannot be looked into
   */
  public Found find(boolean always) {
    StateCatalogue catalogue = new StateCatalogue();
    Inventory inventory = new Inventory(new StateReader(plugins));
    JobSummary known = null;
    String missing = cluster == null ? "there is no Flink to ask" : null;
    boolean reached = false;
    Set<String> directories = given();
    if (cluster != null) {
      try {
        List<JobSummary> jobs = cluster.flink().jobs();
        known = new JobFinder(cluster.flink(), job, cluster.next()).findAny(jobs).orElse(null);
        reached = true;
        if (known != null) {
          remember(catalogue, known);
        }
        missing = missing(known, inventory.of(catalogue.newestFirst()));
        rememberNamesakes(catalogue, known, jobs);
        if (storage == null && (missing != null || always)) {
          directories = new LinkedHashSet<>(StateDirectories.of(cluster).all());
        }
      } catch (CommandException e) {
        if (e.exitCode() != ExitCode.UNREACHABLE) {
          throw e;
        }
        if (directories.isEmpty()) {
          throw new CommandException(
              e.exitCode(),
              e.getMessage()
                  + "; to see what lies in storage, name the directory with --storage DIR",
              e);
        }
        reached = false;
        missing = e.getMessage();
      }
    }
    List<String> searched = new ArrayList<>();
    List<String> unreachable = new ArrayList<>();
    if (storage != null || missing != null || always) {
      for (String directory : directories) {
        StateStorage place = new StateStorage(directory, plugins);
        place.problem().ifPresentOrElse(unreachable::add, () -> searched.add(directory));
        for (StoredState state : place.list()) {
          if (mayFit(state)) {
            catalogue.store(state);
          }
        }
      }
    }
    JobSummary found = known;
    return new Found(
        known,
        reached,
        missing,
        searched,
        unreachable,
        inventory.of(catalogue.newestFirst()).stream()
            .filter(state -> fits(state, found))
            .toList());
  }

  private String missing(JobSummary known, List<KnownState> states) {
    if (known == null) {
      return "Flink at "
          + cluster.flink().address()
          + " knows no job"
          + (job == null ? "" : " " + job);
    }
    boolean restorable = states.stream().anyMatch(state -> !FALSE.equals(state.restorable()));
    return restorable
        ? null
        : "Flink remembers nothing of "
            + known.name()
            + " ("
            + known.id()
            + ") that can be restored";
  }

  private Set<String> given() {
    return storage == null
        ? new LinkedHashSet<>(StateDirectories.given(cluster).all())
        : new LinkedHashSet<>(Set.of(storage));
  }

  /** A job that was started again has another id; its newest state may be of the one before. */
  private void rememberNamesakes(
      StateCatalogue catalogue, JobSummary known, List<JobSummary> jobs) {
    if (known != null && !known.id().text().equals(job)) {
      jobs.stream()
          .filter(other -> other.name().equals(known.name()) && !other.id().equals(known.id()))
          .forEach(other -> remember(catalogue, other));
    }
  }

  private void remember(StateCatalogue catalogue, JobSummary known) {
    Optional<Checkpoints> checkpoints = cluster.flink().checkpoints(known.id());
    checkpoints.ifPresent(all -> catalogue.remember(known, all));
  }

  /** Whether it is worth reading, as far as its name tells. */
  private boolean mayFit(StoredState state) {
    return job == null || !job.matches("[0-9a-f]{32}") || job.startsWith(state.jobId());
  }

  private boolean fits(KnownState state, JobSummary known) {
    if (state.remembered() || job == null || job.matches("[0-9a-f]{32}")) {
      return true;
    }
    // The name of a savepoint has but the beginning of an id, which another job may share.
    return state.jobName() == null
        ? known != null && known.id().text().startsWith(state.jobId())
        : job.equals(state.jobName());
  }
}
