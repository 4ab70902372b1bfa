package dev.trafficctl.cli.operation;

import dev.trafficctl.cli.CommandException;
import dev.trafficctl.cli.ExitCode;
import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.flink.Checkpoints;
import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.journal.Journal;
import dev.trafficctl.cli.kafka.StartPlan;
import dev.trafficctl.cli.kafka.StartPlanner;
import dev.trafficctl.cli.kafka.TopicLog;
import dev.trafficctl.cli.operation.RestartPlan.End;
import dev.trafficctl.cli.output.ShellCommand;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.state.StateFile;
import dev.trafficctl.cli.state.StateReading;
import dev.trafficctl.model.Setting;
import dev.trafficctl.model.Settings;
import dev.trafficctl.model.SettingsException;
import dev.trafficctl.model.StartDescription;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Plans a restart. It changes nothing, and refuses everything that can be refused before the job is
 * stopped.
 */
public final class RestartPlanner {
  private final Cluster cluster;
  private final FlinkClient flink;
  private final Journal journal;
  private final Topics topics;
  private final Clock clock;
  private final NewestState states;

  /** How a topic is looked at. */
  @FunctionalInterface
  public interface Topics {
    /** The topic that a job with these settings reads, as it is reached from this machine. */
    TopicLog open(Settings settings);
  }

  /** With the cluster that the job runs on, and what this machine did to it before. */
  public RestartPlanner(Cluster cluster, Journal journal, Topics topics, Clock clock) {
    this.cluster = cluster;
    this.flink = cluster.flink();
    this.journal = journal;
    this.topics = topics;
    this.clock = clock;
    this.states = new NewestState(cluster);
  }

  /**
   * The name of the job that is meant, be it that Flink no longer knows it.
   *
   * @throws CommandException when none is found, or more than one
   */
  public String jobName(RestartRequest request) {
    List<JobSummary> jobs = flink.jobs();
    if (request.job() != null) {
      return jobs.stream()
          .filter(job -> job.id().text().equals(request.job()))
          .findFirst()
          .map(JobSummary::name)
          .orElse(request.job());
    }
    List<String> names =
        jobs.stream().filter(job -> !job.ended()).map(JobSummary::name).distinct().toList();
    if (names.isEmpty()) {
      names = jobs.stream().map(JobSummary::name).distinct().toList();
    }
    if (names.isEmpty()) {
      names = List.copyOf(namesInState(request));
    }
    if (names.size() == 1) {
      return names.get(0);
    }
    throw new CommandException(
        ExitCode.REFUSED,
        names.isEmpty()
            ? "Flink at "
                + flink.address()
                + " knows no job, and no state of one is found; give the job's name"
            : "more than one job is known: "
                + Text.safe(String.join(", ", names))
                + "; give the name of the one that you mean");
  }

  private Set<String> namesInState(RestartRequest request) {
    String path = givenPath(request.from());
    if (path != null
        && states.read(path) instanceof StateReading.Whole whole
        && whole.file().description() != null) {
      return Set.of(whole.file().description().jobName());
    }
    return states.jobNames();
  }

  private static String givenPath(From from) {
    if (from instanceof From.Savepoint savepoint) {
      return savepoint.path();
    }
    return from instanceof From.Checkpoint checkpoint ? checkpoint.path() : null;
  }

  /**
   * The plan.
   *
   * @param jobName as {@link #jobName} found it
   * @throws CommandException when it cannot be done, or is not safe
   */
  public RestartPlan plan(RestartRequest request, String jobName) {
    List<JobSummary> jobs = flink.jobs();
    Optional<JobSummary> before = before(request, jobName, jobs);
    List<String> warnings = new ArrayList<>();
    End end = end(request.from(), before, warnings);
    Restored restored = restored(request, jobName, jobs, before, end, warnings);
    StartSource.Found source = source(request, jobName, jobs, restored.file());
    Settings settings = settings(source.description().arguments(), request.changes());
    int parallelism =
        request.parallelism() == null ? source.description().parallelism() : request.parallelism();
    checkParallelism(parallelism, settings, restored.file(), before, end, warnings);
    checkJar(request, source.description(), warnings);
    StartPlan partitions = partitions(request, settings, jobName, jobs, restored, warnings);
    JobArguments arguments = new JobArguments(settings.toArguments());
    if (request.from() instanceof From.Position) {
      arguments = arguments.with(Setting.STARTING_OFFSETS.argument(), partitions.pinned().text());
    }
    return new RestartPlan(
        jobName,
        before.orElse(null),
        end,
        new StartDescription(
            settings.jobName(),
            parallelism,
            arguments.list(),
            source.description().version(),
            source.description().jarSha256()),
        source.description(),
        source.from(),
        request.jar(),
        restored.whatEnds() ? null : restored.path(),
        restored.whatEnds(),
        request.allowNonRestoredState(),
        partitions,
        warnings);
  }

  /** The job of the name that runs, else the newest. */
  private Optional<JobSummary> before(
      RestartRequest request, String jobName, List<JobSummary> jobs) {
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
              + cluster.command("stop", "ID"));
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
    return live.stream()
        .findFirst()
        .or(() -> named.stream().max(Comparator.comparing(JobSummary::started)));
  }

  private static boolean isId(String job) {
    return job != null && job.matches("[0-9a-f]{32}");
  }

  private End end(From from, Optional<JobSummary> before, List<String> warnings) {
    if (before.isEmpty() || before.get().ended()) {
      return End.NONE;
    }
    JobSummary job = before.get();
    boolean healthy =
        flink
            .job(job.id())
            .orElseThrow(
                () ->
                    new CommandException(
                        ExitCode.FAILED,
                        "Flink no longer knows the job %s (%s); nothing was changed; see: %s"
                            .formatted(Text.safe(job.name()), job.id(), cluster.command("jobs"))))
            .allTasksRun();
    if (healthy && !(from instanceof From.Checkpoint)) {
      return End.STOP;
    }
    if (!healthy) {
      warnings.add(
          "the job is "
              + job.state()
              + " and not all of its tasks run, so no savepoint can be taken: it is cancelled"
              + " instead");
    }
    if (!from.stateIsGiven()) {
      requireWayBack(job);
    }
    return End.CANCEL;
  }

  private void requireWayBack(JobSummary job) {
    String why = null;
    if (!flink.checkpointConfig(job.id()).retainedOnCancel()) {
      why = "Flink deletes its checkpoints then";
    } else if (newestCheckpoint(job).isEmpty()) {
      why = "it has completed no checkpoint yet";
    }
    if (why != null) {
      throw new CommandException(
          ExitCode.REFUSED,
          "the job %s would have to be cancelled, and %s; give a savepoint to start from (--from-savepoint PATH), or give its state up first: %s"
              .formatted(
                  Text.safe(job.name()),
                  why,
                  cluster.command("cancel", job.name(), "--discard-state")));
    }
  }

  /**
   * What is restored, as far as it is known.
   *
   * @param path where it lies, or null if nothing is restored
   * @param whatEnds whether it is only an earlier one than that which comes into being as the job
   *     ends
   * @param file what is in it, or null
   */
  private record Restored(String path, boolean whatEnds, StateFile file) {}

  private Restored restored(
      RestartRequest request,
      String jobName,
      List<JobSummary> jobs,
      Optional<JobSummary> before,
      End end,
      List<String> warnings) {
    From from = request.from();
    String path = givenPath(from);
    if (path != null) {
      return given(path, jobName, warnings);
    }
    if (from instanceof From.Position) {
      return new Restored(null, false, null);
    }
    if (from instanceof From.WhereItStands && end == End.NONE) {
      throw nothingToStop(request, jobName, jobs, before);
    }
    if (from instanceof From.WhereItStands && end == End.STOP) {
      StateFile newest =
          before.flatMap(states::newestCheckpoint).map(NewestState.Found::file).orElse(null);
      return new Restored(null, true, newest);
    }
    boolean savepoint = from instanceof From.Savepoint;
    Optional<NewestState.Found> newest =
        end == End.CANCEL && !savepoint
            ? before.flatMap(states::newestCheckpoint)
            : states.newest(jobName, savepoint, jobs);
    if (newest.isEmpty()) {
      throw new CommandException(
          ExitCode.REFUSED,
          "no "
              + (savepoint ? "savepoint" : "checkpoint")
              + " of the job "
              + Text.safe(jobName)
              + " is found that can be restored, neither in what Flink remembers nor in "
              + states.directory(savepoint).orElse("any directory")
              + "; see: "
              + (savepoint
                  ? cluster.command("savepoint", "list")
                  : cluster.command("checkpoints")));
    }
    tell(newest.get(), savepoint, warnings);
    return new Restored(newest.get().path(), end == End.CANCEL && !savepoint, newest.get().file());
  }

  private void tell(NewestState.Found found, boolean savepoint, List<String> warnings) {
    Duration age = Duration.between(found.at(), clock.instant());
    warnings.add(
        "the newest "
            + (savepoint ? "savepoint" : "checkpoint")
            + " is of "
            + found.at()
            + ", "
            + Text.age(age)
            + " ago: "
            + found.path());
    if (found.unread() != null) {
      warnings.add(found.unread() + ", so it was not checked");
    }
  }

  private Restored given(String path, String jobName, List<String> warnings) {
    StateReading reading = states.read(path);
    if (reading instanceof StateReading.Broken broken) {
      throw new CommandException(ExitCode.REFUSED, broken.problem());
    }
    if (reading instanceof StateReading.Elsewhere elsewhere) {
      warnings.add(elsewhere.problem() + ", so it was not checked");
      return new Restored(path, false, null);
    }
    StateFile file = ((StateReading.Whole) reading).file();
    if (file.description() != null && !file.description().jobName().equals(jobName)) {
      warnings.add(
          path + " is of a job named " + file.description().jobName() + ", not " + jobName);
    }
    return new Restored(path, false, file);
  }

  private CommandException nothingToStop(
      RestartRequest request, String jobName, List<JobSummary> jobs, Optional<JobSummary> before) {
    List<String> ways = new ArrayList<>();
    for (boolean savepoint : new boolean[] {true, false}) {
      states
          .newest(jobName, savepoint, jobs)
          .ifPresent(
              found ->
                  ways.add(
                      new ShellCommand("restart", jobName)
                              .add(request.options())
                              .add(savepoint ? "--from-savepoint" : "--from-checkpoint", "latest")
                          + "  (of "
                          + found.at()
                          + ", "
                          + Text.age(Duration.between(found.at(), clock.instant()))
                          + " ago)"));
    }
    String what =
        before.isEmpty()
            ? "Flink at " + flink.address() + " knows no job " + Text.safe(jobName)
            : "the job " + Text.safe(jobName) + " is " + before.get().state();
    return new CommandException(
        ExitCode.REFUSED,
        what
            + ", so there is nothing to stop; say from where it is started"
            + (ways.isEmpty()
                ? ", see: trafficctl restart --help"
                : ":\n" + String.join("\n", ways)));
  }

  private StartSource.Found source(
      RestartRequest request, String jobName, List<JobSummary> jobs, StateFile state) {
    Optional<StartSource.Found> found = new StartSource(flink, journal).find(jobName, jobs, state);
    if (!request.settings().isEmpty()) {
      StartDescription known = found.map(StartSource.Found::description).orElse(null);
      return new StartSource.Found(
          new StartDescription(
              jobName,
              known == null ? 1 : known.parallelism(),
              new JobArguments(request.settings())
                  .with(Setting.JOB_NAME.argument(), jobName)
                  .list(),
              null,
              null),
          "the command line");
    }
    return found.orElseThrow(
        () ->
            new CommandException(
                ExitCode.REFUSED,
                "nothing tells how the job "
                    + Text.safe(jobName)
                    + " was started; give its settings: "
                    + new ShellCommand("restart", jobName).add(request.options())
                    + " ... -- --kafka-url HOST:PORT --postgres-url URL ..."));
  }

  private Settings settings(List<String> arguments, Map<String, String> changes) {
    if (changes.containsKey(Setting.STARTING_OFFSETS.argument())) {
      throw new CommandException(
          ExitCode.USAGE,
          "--set starting-offsets: say from where it is started with --from-timestamp,"
              + " --from-offsets, --from-earliest or --from-latest");
    }
    JobArguments changed = new JobArguments(arguments);
    for (Map.Entry<String, String> change : changes.entrySet()) {
      changed = changed.with(change.getKey(), change.getValue());
    }
    try {
      return Settings.parse(changed.list(), cluster.environment());
    } catch (SettingsException e) {
      throw new CommandException(ExitCode.USAGE, e.getMessage(), e);
    }
  }

  private void checkParallelism(
      int parallelism,
      Settings settings,
      StateFile state,
      Optional<JobSummary> before,
      End end,
      List<String> warnings) {
    int most = settings.maxParallelism();
    if (state != null) {
      most =
          Math.min(
              most,
              state.operators().stream()
                  .mapToInt(operator -> operator.maxParallelism())
                  .filter(max -> max > 0)
                  .min()
                  .orElse(most));
    }
    if (parallelism > most) {
      throw new CommandException(
          ExitCode.REFUSED,
          "parallelism "
              + parallelism
              + " is more than the job's max parallelism "
              + most
              + "; give at most that");
    }
    int free = flink.overview().freeSlots();
    if (end != End.NONE) {
      // The job's tasks share slots, one for each of its subtasks.
      free +=
          before
              .flatMap(job -> flink.job(job.id()))
              .map(
                  job ->
                      job.vertices().stream()
                          .mapToInt(vertex -> vertex.parallelism())
                          .max()
                          .orElse(0))
              .orElse(0);
    }
    if (parallelism > free) {
      warnings.add(
          "parallelism "
              + parallelism
              + " needs as many slots, but "
              + free
              + " are free once the job has ended: it waits until TaskManagers are added");
    }
  }

  private static void checkJar(
      RestartRequest request, StartDescription before, List<String> warnings) {
    String wanted = before.jarSha256();
    if (request.jarIsGiven()) {
      return;
    }
    if (wanted == null || !wanted.matches("[0-9a-f]{64}")) {
      warnings.add(
          "which jar the job was started from is not known; " + request.jar() + " is used");
      return;
    }
    if (!sha256(request.jar()).equals(wanted)) {
      throw new CommandException(
          ExitCode.REFUSED,
          "the job was started from another jar (version "
              + before.version()
              + ", SHA-256 "
              + wanted
              + ") than "
              + request.jar()
              + "; give the one that is to run: --jar FILE");
    }
  }

  private static String sha256(Path jar) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (InputStream in = new DigestInputStream(Files.newInputStream(jar), digest)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new CommandException(ExitCode.FAILED, "cannot read " + jar + "; check --jar", e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private StartPlan partitions(
      RestartRequest request,
      Settings settings,
      String jobName,
      List<JobSummary> jobs,
      Restored restored,
      List<String> warnings) {
    boolean position = request.from() instanceof From.Position;
    if (!position && restored.file() == null) {
      warnings.add("what each partition is read from is not known before");
      return null;
    }
    try (TopicLog log = topics.open(settings)) {
      StateFile state = restored.file();
      if (state != null && state.topicId() != null && !state.topicId().equals(log.id())) {
        throw new CommandException(
            ExitCode.REFUSED,
            "the state was made while topic "
                + settings.kafkaTopic()
                + " had the id "
                + state.topicId()
                + ", and it is "
                + log.id()
                + " now: its offsets say nothing of this topic; start without state, for example"
                + " --from-earliest");
      }
      Map<Integer, Long> current = current(jobName, jobs, settings, log);
      StartPlanner planner = new StartPlanner(log, settings.kafkaTopic(), clock);
      return position
          ? planner.plan(
              ((From.Position) request.from()).position(), settings.kafkaGroup(), current)
          : planner.planRestored(
              restored.whatEnds() && !current.isEmpty() ? current : state.nextOffsets(), current);
    } catch (CommandException e) {
      if (position || e.exitCode() != ExitCode.UNREACHABLE) {
        throw e;
      }
      warnings.add(e.getMessage());
      warnings.add("what each partition is read from is not known before");
      return null;
    }
  }

  /** The offsets that the job would read next, as of its newest checkpoint or savepoint. */
  private Map<Integer, Long> current(
      String jobName, List<JobSummary> jobs, Settings settings, TopicLog log) {
    Optional<StateFile> newest =
        java.util.stream.Stream.of(true, false)
            .flatMap(savepoint -> states.newest(jobName, savepoint, jobs).stream())
            .filter(found -> found.file() != null)
            .max(Comparator.comparing(NewestState.Found::at))
            .map(NewestState.Found::file);
    if (newest.isPresent()) {
      return log.id().equals(newest.get().topicId()) ? newest.get().nextOffsets() : Map.of();
    }
    return log.committed(settings.kafkaGroup());
  }

  /**
   * The plan for the partitions, now that the job has ended: with what it had read at its end.
   *
   * @param restore what is restored, or null to start without state
   * @param ended the savepoint or checkpoint that came into being as the job ended, or null
   * @return the plan, or the one from before where more is not known
   */
  StartPlan afterEnd(RestartPlan plan, String restore, String ended) {
    StateFile last = file(ended);
    StateFile state = file(restore);
    boolean known = last != null && (restore == null ? plan.partitions() != null : state != null);
    if (!known) {
      return plan.partitions();
    }
    Settings settings = settings(plan.start().arguments(), Map.of());
    try (TopicLog log = topics.open(settings)) {
      Map<Integer, Long> current =
          log.id().equals(last.topicId()) ? last.nextOffsets() : Map.<Integer, Long>of();
      StartPlanner planner = new StartPlanner(log, settings.kafkaTopic(), clock);
      return restore == null
          ? planner.plan(plan.partitions().pinned(), settings.kafkaGroup(), current)
          : planner.planRestored(state.nextOffsets(), current);
    } catch (CommandException e) {
      return plan.partitions();
    }
  }

  private StateFile file(String path) {
    return path != null && states.read(path) instanceof StateReading.Whole whole
        ? whole.file()
        : null;
  }

  /** The newest checkpoint of a job, else what it was itself restored from. */
  private Optional<String> newestCheckpoint(JobSummary job) {
    Optional<NewestState.Found> newest = states.newestCheckpoint(job);
    if (newest.isPresent()) {
      return newest.map(NewestState.Found::path);
    }
    return flink.checkpoints(job.id()).map(Checkpoints::restored).map(Checkpoints.Restored::path);
  }
}
