package dev.trafficctl.cli.operation.catalogue;

import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.flink.Checkpoints;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.state.PluginFileSystems;
import dev.trafficctl.cli.state.StateCatalogue;
import dev.trafficctl.cli.state.StateCatalogue.Entry;
import dev.trafficctl.cli.state.StateDirectories;
import dev.trafficctl.cli.state.StateFile;
import dev.trafficctl.cli.state.StateOrder;
import dev.trafficctl.cli.state.StatePath;
import dev.trafficctl.cli.state.StateReader;
import dev.trafficctl.cli.state.StateReading;
import dev.trafficctl.cli.state.StateStorage;
import dev.trafficctl.cli.state.StoredState;
import dev.trafficctl.model.StartDescription;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds savepoints and checkpoints, in what Flink remembers and in storage, and looks whether they
 * can be restored.
 */
public final class NewestState {
  /** The newest first, as {@code savepoint list} and {@code checkpoints} have them. */
  static final Comparator<Found> NEWEST_FOUND_FIRST =
      StateOrder.newestFirst(Found::at, Found::path);

  private final Cluster cluster;
  private final PluginFileSystems plugins;
  private final StateReader reader;
  private StateDirectories directories;

  /** Among the states of a cluster. */
  public NewestState(Cluster cluster) {
    this.cluster = cluster;
    this.plugins = PluginFileSystems.of(cluster);
    this.reader = new StateReader(plugins);
  }

  /**
   * A savepoint or checkpoint to restore.
   *
   * @param path where it lies, as Flink takes it
   * @param at when it was complete, or null if that is not known
   * @param file what is in it, or null if that cannot be read from here
   * @param unread why it cannot be read, or null
   */
  public record Found(String path, Instant at, StateFile file, String unread) {}

  /**
   * What was found.
   *
   * @param found the newest one of a job's line and topic, or nothing
   * @param otherJobs in what each newer one differs that is of another job
   * @param otherTopics of which topic each newer one is that is of another
   */
  public record Newest(Optional<Found> found, List<String> otherJobs, List<String> otherTopics) {
    /** One that nothing was passed over for. */
    public static Newest of(Optional<Found> found) {
      return new Newest(found, List.of(), List.of());
    }

    /** Those that were passed over in words, or nothing if there is none. */
    public Optional<String> others(boolean savepoint) {
      String kind = savepoint ? "savepoint" : "checkpoint";
      String words =
          Stream.of(words(kind, "job", otherJobs), words(kind, "topic", otherTopics))
              .flatMap(Optional::stream)
              .collect(Collectors.joining("; "));
      return Optional.of(words).filter(text -> !text.isEmpty());
    }

    private Optional<String> words(String kind, String another, List<String> passedOver) {
      return passedOver.isEmpty()
          ? Optional.empty()
          : Optional.of(
              "%d %s%s of another %s: %s"
                  .formatted(
                      passedOver.size(),
                      found.isPresent() ? "newer " : "",
                      passedOver.size() == 1 ? kind + " is" : kind + "s are",
                      another,
                      String.join("; ", passedOver.stream().distinct().toList())));
    }
  }

  /**
   * A job of which there are states, by what these tell of it.
   *
   * @param line what it was started with
   * @param newest its newest state
   */
  public record Owner(JobLine line, Found newest) {}

  /**
   * The newest one of a job's name and line that can be restored.
   *
   * @param savepoint whether a savepoint is wanted, rather than a checkpoint
   * @param jobs the jobs that Flink remembers
   */
  public Newest newest(String jobName, boolean savepoint, List<JobSummary> jobs, JobLine line) {
    return newest(jobName, savepoint, jobs, line, TopicLookup.none());
  }

  /** The same, and of the topic that is to be read. */
  public Newest newest(
      String jobName, boolean savepoint, List<JobSummary> jobs, JobLine line, TopicLookup topic) {
    return newest(jobName, candidates(jobName, savepoint, jobs, stored(savepoint)), line, topic);
  }

  /**
   * The jobs of a name of which there are savepoints, or checkpoints, that can be restored and tell
   * how their job was started: the one with the newest first.
   *
   * @param jobs the jobs that Flink remembers
   */
  public List<Owner> owners(String jobName, boolean savepoint, List<JobSummary> jobs) {
    return owners(jobName, candidates(jobName, savepoint, jobs, stored(savepoint)).stream());
  }

  /** The same of savepoints and checkpoints. */
  public List<Owner> owners(String jobName, List<JobSummary> jobs) {
    return owners(
        jobName,
        Stream.of(true, false)
            .flatMap(savepoint -> candidates(jobName, savepoint, jobs, stored(savepoint)).stream())
            .sorted(StateOrder.newestFirst(Entry::complete, Entry::path)));
  }

  private List<Owner> owners(String jobName, Stream<Entry> candidates) {
    List<Owner> owners = new ArrayList<>();
    candidates.forEach(
        entry -> {
          Optional<Found> found = read(entry, jobName);
          StartDescription description =
              found.map(state -> description(jobName, entry, state)).orElse(null);
          if (description != null
              && owners.stream()
                  .noneMatch(
                      owner ->
                          owner.line().differences(entry.path(), null, description).isEmpty())) {
            owners.add(new Owner(JobLine.of(description), found.get()));
          }
        });
    return owners;
  }

  /**
   * What is in the newest savepoint or checkpoint of a job's name and line that can be read from
   * here.
   *
   * @param jobs the jobs that Flink remembers
   */
  public Optional<StateFile> newestFile(String jobName, List<JobSummary> jobs, JobLine line) {
    return newest(jobName, jobs, line).map(Found::file);
  }

  /** The newest savepoint or checkpoint of a job's name and line that can be read from here. */
  public Optional<Found> newest(String jobName, List<JobSummary> jobs, JobLine line) {
    return Stream.of(true, false)
        .flatMap(savepoint -> newest(jobName, savepoint, jobs, line).found().stream())
        .filter(found -> found.file() != null)
        .min(NEWEST_FOUND_FIRST);
  }

  /** What a job was itself restored from when it was started, if Flink tells and it is there. */
  public Optional<Found> startedFrom(JobSummary job) {
    return cluster
        .flink()
        .checkpoints(job.id())
        .map(Checkpoints::restored)
        .filter(from -> from.path() != null)
        .flatMap(from -> read(from.path(), from.at(), true, job.name()));
  }

  /** The newest checkpoint of one job that can be restored. */
  public Optional<Found> newestCheckpoint(JobSummary job) {
    return newestOf(job.name(), List.of(job), job.id());
  }

  /**
   * The newest checkpoint that storage holds of one job and that can be restored, also if Flink has
   * forgotten the job.
   */
  public Optional<Found> newestStoredCheckpoint(String jobName, JobId job) {
    return newestOf(jobName, List.of(), job);
  }

  private Optional<Found> newestOf(String jobName, List<JobSummary> jobs, JobId job) {
    List<Entry> candidates = candidates(jobName, false, jobs, storedCheckpoints(job));
    return newest(jobName, candidates, JobLine.ANY, TopicLookup.none()).found();
  }

  private List<StoredState> storedCheckpoints(JobId job) {
    return stored(false).stream().filter(state -> state.mayBeOf(job)).toList();
  }

  /** All that may be restored, the newest first, each once. */
  private List<Entry> candidates(
      String jobName, boolean savepoint, List<JobSummary> jobs, List<StoredState> stored) {
    StateCatalogue catalogue = new StateCatalogue();
    for (JobSummary job : jobs) {
      if (job.name().equals(jobName)) {
        cluster.flink().checkpoints(job.id()).ifPresent(all -> catalogue.remember(job, all));
      }
    }
    stored.forEach(catalogue::store);
    return catalogue.newestFirst().stream()
        .filter(entry -> entry.restorable() && entry.savepoint() == savepoint)
        .toList();
  }

  private Newest newest(String jobName, List<Entry> candidates, JobLine line, TopicLookup topic) {
    List<String> otherJobs = new ArrayList<>();
    List<String> otherTopics = new ArrayList<>();
    for (Entry entry : candidates) {
      Optional<Found> found = read(entry, jobName);
      if (found.isPresent()) {
        List<JobLine.Difference> differences =
            line.differences(
                entry.path(),
                entry.remembered() ? entry.job().id() : null,
                description(jobName, entry, found.get()));
        Optional<String> otherTopic =
            differences.isEmpty() ? topic.other(found.get().file()) : Optional.empty();
        if (!differences.isEmpty()) {
          otherJobs.add(
              String.join(", ", differences.stream().map(JobLine.Difference::brief).toList()));
        } else if (otherTopic.isPresent()) {
          otherTopics.add(otherTopic.get());
        } else {
          return new Newest(found, otherJobs, otherTopics);
        }
      }
    }
    return new Newest(Optional.empty(), otherJobs, otherTopics);
  }

  /** How the job was started that made it, as it says itself, else as Flink tells, or null. */
  private StartDescription description(String jobName, Entry entry, Found found) {
    if (found.file() != null && found.file().description() != null) {
      return found.file().description();
    }
    return entry.remembered()
        ? StartSource.told(cluster.flink(), jobName, entry.job().id()).orElse(null)
        : null;
  }

  private Optional<Found> read(Entry entry, String jobName) {
    return read(entry.path(), entry.complete(), entry.remembered(), jobName);
  }

  private Optional<Found> read(String path, Instant at, boolean remembered, String jobName) {
    StateReading reading = remembered ? reader.readKnown(path) : reader.read(path);
    if (reading instanceof StateReading.Whole whole) {
      StateFile file = whole.file();
      boolean ofJob =
          remembered
              || (file.description() != null && file.description().jobName().equals(jobName));
      return ofJob ? Optional.of(new Found(path, at, file, null)) : Optional.empty();
    }
    return reading instanceof StateReading.Elsewhere elsewhere && remembered
        ? Optional.of(new Found(path, at, null, elsewhere.problem()))
        : Optional.empty();
  }

  /**
   * What lies at a path that the user gave, or why it cannot be restored. A path that is not here
   * may be on the disk of a cluster elsewhere; beside a cluster on this machine it is a mistake.
   */
  public StateReading read(StatePath path) {
    return isHere() ? reader.read(path.text()) : reader.readKnown(path.text());
  }

  /**
   * A path that the user gave as it is passed on to Flink. A symbolic link may be another one
   * tomorrow, and what it means there is not known here if Flink runs on another machine.
   */
  public StatePath passedOn(StatePath path) {
    return isHere() ? path.resolved() : path;
  }

  private boolean isHere() {
    return Place.isHere(cluster.flink().address());
  }

  /** The names of the jobs of which storage holds checkpoints or savepoints. */
  public Set<String> jobNames() {
    Set<String> names = new LinkedHashSet<>();
    for (boolean savepoint : new boolean[] {false, true}) {
      Set<String> jobs = new LinkedHashSet<>();
      for (StoredState state : stored(savepoint)) {
        if (state.savepoint() == savepoint
            && !jobs.contains(state.jobId())
            && reader.read(state.path()) instanceof StateReading.Whole whole) {
          jobs.add(state.jobId());
          if (whole.file().description() != null) {
            names.add(whole.file().description().jobName());
          }
        }
      }
    }
    return names;
  }

  /** Where savepoints, or checkpoints, of this cluster lie, if that is known. */
  Optional<String> directory(boolean savepoint) {
    return directories().of(savepoint);
  }

  /** Where none was found, in words: what was searched, or why it could not be. */
  public String nowhere(String what, boolean savepoint) {
    Optional<String> directory = directory(savepoint);
    Optional<String> problem =
        directory.flatMap(place -> new StateStorage(place, plugins).problem());
    return problem
        .map(why -> "Flink remembers no " + what + " that can be restored, and " + why)
        .orElseGet(
            () ->
                "no "
                    + what
                    + " is found that can be restored, neither in what Flink remembers nor in "
                    + directory.orElse("any directory"));
  }

  private StateDirectories directories() {
    if (directories == null) {
      directories = StateDirectories.of(cluster);
    }
    return directories;
  }

  /**
   * All that is complete, in all places, the newest first. One kind can be found although the
   * directory of the other may not be looked into.
   *
   * @throws dev.trafficctl.cli.process.CommandException when that of this kind may not be
   */
  private List<StoredState> stored(boolean savepoint) {
    Optional<StatePath> own = directory(savepoint).map(StatePath::of);
    List<StoredState> stored = new ArrayList<>();
    for (String place : directories().all()) {
      try {
        stored.addAll(new StateStorage(place, plugins).list());
      } catch (CommandException e) {
        if (own.isEmpty() || own.get().equals(StatePath.of(place))) {
          throw e;
        }
      }
    }
    return stored.stream().filter(StoredState::complete).sorted(StateStorage.NEWEST_FIRST).toList();
  }
}
