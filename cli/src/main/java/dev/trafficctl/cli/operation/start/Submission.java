package dev.trafficctl.cli.operation.start;

import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.FlinkErrorException;
import dev.trafficctl.cli.flink.FlinkUnreachableException;
import dev.trafficctl.cli.flink.JarRunRequest;
import dev.trafficctl.cli.flink.JobConfig;
import dev.trafficctl.cli.flink.JobDetails;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.operation.change.Session;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.Deadline;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.process.NextCommands;
import dev.trafficctl.cli.process.Sleeper;
import dev.trafficctl.model.StartDescription;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

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
  private final NextCommands next;
  private final String by;
  private final Clock clock;
  private final Sleeper sleeper;

  /** In a session, in the name of this user. */
  public static Submission of(Session session) {
    return new Submission(
        session.flink(),
        session.next(),
        session.journal().author().toString(),
        session.clock(),
        session.sleeper());
  }

  /**
   * With the Flink that jobs are to run on.
   *
   * @param next what is typed next about this Flink
   * @param by who starts them, as {@code user@host}
   */
  public Submission(FlinkClient flink, NextCommands next, String by, Clock clock, Sleeper sleeper) {
    this.flink = flink;
    this.next = next;
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
      start(
          jarId,
          jobName,
          UUID.randomUUID().toString(),
          new JarRunRequest(id, parallelism, arguments, null, false, Map.of()),
          TO_APPEAR);
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
              + next.restart(jobName));
    }
  }

  /** Uploads a jar; its id holds until it is discarded or the JobManager restarts. */
  public String upload(Path jar) {
    return flink.jars().upload(jar);
  }

  /** Takes an uploaded jar from Flink's list; jobs that were started from it run on. */
  public void discard(String jarId) {
    try {
      flink.jars().delete(jarId);
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
   * @param operation tells this request from all others; no other may have the same
   * @param request its configuration is completed with who starts the job, and with what
   * @param atMost how long it is looked at most what became of a request whose answer was lost
   * @throws CommandException when the job was not started; {@link ExitCode#OUTCOME_UNKNOWN} when
   *     that is not known, {@link ExitCode#REFUSED} when somebody else has started it
   */
  public void start(
      String jarId, String jobName, String operation, JarRunRequest request, Duration atMost) {
    Instant asked = clock.instant();
    JarRunRequest signed =
        new JarRunRequest(
            request.jobId(),
            request.parallelism(),
            request.arguments(),
            request.restorePath(),
            request.allowNonRestoredState(),
            Map.of(StartDescription.SUBMITTED_BY, by, StartDescription.OPERATION, operation));
    try {
      flink.jars().run(jarId, signed);
    } catch (FlinkErrorException e) {
      if (!e.getMessage().contains("DuplicateJobSubmissionException")) {
        throw e;
      }
      // Something on the way may have sent the request twice.
      requireOwn(jobName, request.jobId(), operation, toAppear(asked, atMost));
    } catch (FlinkUnreachableException e) {
      if (!e.mayHaveArrived()) {
        throw e;
      }
      findStarted(request.jobId(), e, toAppear(asked, atMost));
      another(jobName, request.jobId(), by, operation, left(asked, atMost))
          .ifPresent(
              another -> {
                throw another;
              });
    }
  }

  /** Returns if a job that Flink knew already when its start was asked for is that very start. */
  private void requireOwn(String jobName, JobId id, String operation, Deadline deadline) {
    Starter starter = starter(id, deadline);
    if (starter.isAnother(by, operation)) {
      throw startedBy(starter, jobName, id);
    }
    if (starter.isUnknown()) {
      throw new CommandException(
          ExitCode.OUTCOME_UNKNOWN,
          "Flink has a job "
              + jobName
              + " as "
              + id
              + " already; whether this request or another one has started it is not known; see: "
              + next.status(id.text()));
    }
  }

  private CommandException startedBy(Starter starter, String jobName, JobId id) {
    return new CommandException(
        ExitCode.REFUSED,
        (starter.who() == null ? "somebody else" : starter.who())
            + " has started the job "
            + jobName
            + " at the same moment, as "
            + id
            + "; see: "
            + next.status(id.text()));
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
  private void findStarted(JobId id, FlinkUnreachableException lost, Deadline deadline) {
    boolean started = deadline.until(() -> isThere(id), there -> there);
    if (!started) {
      throw new CommandException(
          ExitCode.OUTCOME_UNKNOWN,
          lost.getMessage()
              + "\nwhether the job was started is not known; it was if this finds it: "
              + next.status(id.text()),
          lost);
    }
  }

  /**
   * What is to be said if a job that is there was started by another request.
   *
   * @param me who was to start it, as {@code user@host}
   * @param operation what was to start it
   * @param atMost how long it is waited at most until the job tells it
   */
  public Optional<CommandException> another(
      String jobName, JobId id, String me, String operation, Duration atMost) {
    Starter starter = starter(id, toAppear(clock.instant(), atMost));
    return starter.isAnother(me, operation)
        ? Optional.of(startedBy(starter, jobName, id))
        : Optional.empty();
  }

  /**
   * What started a job, as the job says.
   *
   * @param told whether it can be expected to say it
   * @param who as {@code user@host}, or null if it does not say
   * @param operation the operation's id, or null if it does not say
   */
  private record Starter(boolean told, String who, String operation) {
    /** A job that passes on no operation, as older ones do, may still say who it was. */
    boolean isAnother(String me, String own) {
      return operation == null ? who != null && !who.equals(me) : !operation.equals(own);
    }

    boolean isUnknown() {
      return told && who == null && operation == null;
    }
  }

  /** A job that is beginning to run tells nothing of itself yet. */
  private Starter starter(JobId id, Deadline deadline) {
    return deadline
        .until(() -> told(id), Optional::isPresent)
        .orElse(new Starter(true, null, null));
  }

  /** What it tells, or nothing while it may still tell something. */
  private Optional<Starter> told(JobId id) {
    try {
      Optional<Map<String, String>> config = flink.jobConfig(id).map(JobConfig::userConfig);
      if (config.isPresent()) {
        return Optional.of(
            new Starter(
                true,
                config.get().get(StartDescription.SUBMITTED_BY),
                config.get().get(StartDescription.OPERATION)));
      }
      // One that failed before it could say anything never will.
      return flink.job(id).filter(JobDetails::ended).map(ended -> new Starter(false, null, null));
    } catch (CommandException e) {
      return Optional.empty();
    }
  }

  private Duration left(Instant asked, Duration atMost) {
    Duration left = atMost.minus(Duration.between(asked, clock.instant()));
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** How long something is waited for that follows on what was asked. */
  private Deadline toAppear(Instant asked, Duration atMost) {
    Duration left = left(asked, atMost);
    return new Deadline(
        clock, sleeper, left.compareTo(TO_APPEAR) < 0 ? left : TO_APPEAR, BETWEEN_LOOKS);
  }

  private boolean isThere(JobId id) {
    try {
      return flink.job(id).isPresent();
    } catch (CommandException e) {
      return false;
    }
  }
}
