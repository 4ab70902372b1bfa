package dev.trafficctl.cli.flink;

import dev.trafficctl.cli.CommandException;
import dev.trafficctl.cli.ExitCode;
import dev.trafficctl.cli.Sleeper;
import dev.trafficctl.cli.output.ShellCommand;
import dev.trafficctl.model.StartDescription;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Starts jobs, so that never two of one name run by its doing. The id of the new job is derived
 * from the job before it: whoever starts the same thing at the same moment asks for the same id,
 * and Flink refuses the second.
 */
public final class Submission {
  // The job's main() gives up on Kafka and Postgres after some 20 s.
  private static final Duration TO_APPEAR = Duration.ofSeconds(30);
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  private final FlinkClient flink;
  private final List<String> flags;
  private final String by;
  private final Clock clock;
  private final Sleeper sleeper;

  /**
   * With the Flink that jobs are to run on.
   *
   * @param flags the options that say which cluster it is, to be repeated in a command that is
   *     recommended
   * @param by who starts them, as {@code user@host}
   */
  public Submission(
      FlinkClient flink, List<String> flags, String by, Clock clock, Sleeper sleeper) {
    this.flink = flink;
    this.flags = List.copyOf(flags);
    this.by = by;
    this.clock = clock;
    this.sleeper = sleeper;
  }

  /**
   * Uploads the jar, starts a job, and leaves no copy of the jar in Flink's list.
   *
   * @param jobName the name that the job will have
   * @return the job's id
   * @throws CommandException when the job was not started, or when that is not known; {@link
   *     ExitCode#REFUSED} when a job of the name runs or is started by somebody else
   */
  public JobId submit(Path jar, String jobName, int parallelism, List<String> arguments) {
    requireNoneRuns(jobName, null);
    String jarId = upload(jar);
    try {
      JobId id = nextId(jobName);
      start(jarId, jobName, new StartRequest(id, parallelism, arguments, null, false, Map.of()));
      return id;
    } finally {
      discard(jarId);
    }
  }

  /**
   * Returns if no job of a name runs.
   *
   * @param except a job that may run, because it is replaced, or null
   * @throws CommandException with {@link ExitCode#REFUSED} when one runs
   */
  public void requireNoneRuns(String jobName, JobId except) {
    Optional<JobSummary> live =
        flink.jobs().stream()
            .filter(job -> job.name().equals(jobName) && !job.ended() && !job.id().equals(except))
            .findFirst();
    if (live.isPresent()) {
      throw new CommandException(
          ExitCode.REFUSED,
          "a job named "
              + jobName
              + " is "
              + live.get().state()
              + " already: "
              + live.get().id()
              + startedBy(live.get().id()).map(who -> ", started by " + who).orElse("")
              + "; replace it with: "
              + command("restart", jobName));
    }
  }

  /** Uploads a jar; its id holds until it is discarded or the JobManager restarts. */
  public String upload(Path jar) {
    return flink.uploadJar(jar);
  }

  /** Takes an uploaded jar from Flink's list; jobs that were started from it run on. */
  public void discard(String jarId) {
    try {
      flink.deleteJar(jarId);
    } catch (CommandException e) {
      // The job runs or not all the same, and Flink forgets the jar when it restarts.
    }
  }

  /** The id for the next job of a name. */
  public JobId nextId(String jobName) {
    List<JobSummary> jobs = flink.jobs();
    String base =
        jobs.stream()
            .filter(job -> job.name().equals(jobName))
            .max(Comparator.comparing(JobSummary::started))
            .map(job -> job.id().text())
            // A name that is new with every start of the JobManager, which forgets its jobs.
            .orElseGet(() -> jobName + "/" + flink.clusterConfig().get("web.tmpdir"));
    for (int attempt = 1; ; attempt++) {
      JobId id = JobId.ofStart(base, attempt);
      if (jobs.stream().noneMatch(job -> job.id().equals(id))) {
        return id;
      }
    }
  }

  /**
   * Starts a job from an uploaded jar.
   *
   * @param request its configuration is completed with who starts the job
   * @throws CommandException when the job was not started; {@link ExitCode#OUTCOME_UNKNOWN} when
   *     that is not known, {@link ExitCode#REFUSED} when somebody else has started it
   */
  public void start(String jarId, String jobName, StartRequest request) {
    StartRequest signed =
        new StartRequest(
            request.jobId(),
            request.parallelism(),
            request.arguments(),
            request.restorePath(),
            request.allowNonRestoredState(),
            Map.of(StartDescription.SUBMITTED_BY, by));
    try {
      flink.runJar(jarId, signed);
    } catch (FlinkErrorException e) {
      throw e.getMessage().contains("DuplicateJobSubmissionException")
          ? startedByAnother(jobName, request.jobId())
          : e;
    } catch (FlinkUnreachableException e) {
      if (!e.mayHaveArrived()) {
        throw e;
      }
      findStarted(jobName, request.jobId(), e);
    }
  }

  private CommandException startedByAnother(String jobName, JobId id) {
    return new CommandException(
        ExitCode.REFUSED,
        startedBy(id).orElse("somebody else")
            + " has started the job "
            + jobName
            + " at the same moment, as "
            + id
            + "; see: "
            + command("status", id.text()));
  }

  private ShellCommand command(String verb, String job) {
    return new ShellCommand(verb, job).add(flags);
  }

  /** Who says to have started a job, if that is known. */
  private Optional<String> startedBy(JobId id) {
    try {
      return flink
          .jobConfig(id)
          .map(config -> config.userConfig().get(StartDescription.SUBMITTED_BY));
    } catch (CommandException e) {
      return Optional.empty();
    }
  }

  /** Returns if the job is there although the answer to its start was lost. */
  private void findStarted(String jobName, JobId id, FlinkUnreachableException lost) {
    Instant deadline = clock.instant().plus(TO_APPEAR);
    while (!isThere(id)) {
      if (!clock.instant().isBefore(deadline)) {
        throw new CommandException(
            ExitCode.OUTCOME_UNKNOWN,
            lost.getMessage()
                + "\nwhether the job was started is not known; it was if this finds it: "
                + command("status", id.text()),
            lost);
      }
      sleeper.pause(BETWEEN_LOOKS);
    }
    Optional<CommandException> another = another(jobName, id, by);
    if (another.isPresent()) {
      throw another.get();
    }
  }

  /**
   * What is to be said if a job that is there was started by somebody else.
   *
   * @param me who was to start it, as {@code user@host}
   */
  public Optional<CommandException> another(String jobName, JobId id, String me) {
    return startedBy(id).filter(who -> !who.equals(me)).isPresent()
        ? Optional.of(startedByAnother(jobName, id))
        : Optional.empty();
  }

  private boolean isThere(JobId id) {
    try {
      return flink.job(id).isPresent();
    } catch (CommandException e) {
      return false;
    }
  }
}
