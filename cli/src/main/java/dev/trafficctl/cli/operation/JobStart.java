package dev.trafficctl.cli.operation;

import dev.trafficctl.cli.CommandException;
import dev.trafficctl.cli.ExitCode;
import dev.trafficctl.cli.flink.Checkpoints;
import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.flink.StartRequest;
import dev.trafficctl.cli.flink.Submission;
import dev.trafficctl.cli.journal.Entry;
import dev.trafficctl.cli.kafka.StartPlan;
import dev.trafficctl.cli.operation.RestartPlan.End;
import dev.trafficctl.cli.state.StatePath;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The second half of a restart: the job before has ended, and the new one is started. */
final class JobStart {
  // The words of Flink's FileSystem and AbstractFsCheckpointStorageAccess, and of the job itself.
  private static final Pattern UNREADABLE =
      Pattern.compile(
          "Could not find a file system implementation|Cannot find checkpoint or savepoint"
              + "|Cannot find meta data file|the JobManager (cannot read the state|finds no savepoint)");

  private final Session session;
  private final FlinkClient flink;
  private final Submission submission;
  private final RestartOrder order;
  private final Entry entry;
  private final Patience patience;
  private JobId jobId;
  private String ended;
  private String restored;
  private StartPlan partitions;
  private boolean leftToFlink;

  /**
   * With what it works with.
   *
   * @param patience how long all of the restart is waited for
   */
  JobStart(
      Session session, Submission submission, RestartOrder order, Entry entry, Patience patience) {
    this.patience = patience;
    this.session = session;
    this.flink = session.flink();
    this.submission = submission;
    this.order = order;
    this.entry = entry;
  }

  /**
   * Starts the job.
   *
   * @param jarId the jar as Flink has it
   * @param wayBack the savepoint or checkpoint that was made as the job before ended, or null
   * @param restore what is restored, or null to start without state
   * @param plan where each partition is read from, or null
   */
  RestartResult run(String jarId, String wayBack, String restore, StartPlan plan) {
    ended = wayBack;
    restored = restore;
    partitions = plan;
    if (restore == null && order.restoresWhatEnds()) {
      return result(
          ExitCode.PARTLY_DONE,
          "the job "
              + order.jobName()
              + " has ended, but was not started again: no checkpoint of it is found\nfind one: "
              + order.command("checkpoints", order.jobName())
              + "\nthen this finishes it, with its path: "
              + order.finishing(order.jobName(), "--from-checkpoint", "PATH"),
          false);
    }
    try {
      return start(jarId, submission.nextId(order.start().jobName()));
    } catch (CommandException e) {
      return notStarted(e);
    }
  }

  /** Starts the job under an id that was chosen before, if that is still needed. */
  RestartResult again(String jarId, String wayBack, String restore, JobId id) {
    ended = wayBack;
    restored = restore;
    try {
      return start(jarId, id);
    } catch (CommandException e) {
      return notStarted(e);
    }
  }

  private RestartResult start(String jarId, JobId id) {
    String name = order.start().jobName();
    submission.requireNoneRuns(name, order.before());
    Map<String, String> details = new TreeMap<>();
    details.put(ResumeRestart.JOB_ID, id.text());
    if (ended != null) {
      details.put(ResumeRestart.ENDED, ended);
    }
    if (restored != null) {
      details.put(ResumeRestart.RESTORE, restored);
    }
    entry.step(ResumeRestart.STARTING, details);
    session
        .progress()
        .step(
            "starting %s (%s) with parallelism %d %s"
                .formatted(
                    name,
                    id,
                    order.start().parallelism(),
                    restored == null ? "without state" : "from " + restored));
    jobId = id;
    try {
      submission.start(
          jarId,
          name,
          entry.id(),
          new StartRequest(
              id,
              order.start().parallelism(),
              order.start().arguments(),
              restored,
              order.allowNonRestoredState(),
              Map.of()),
          patience.left());
    } catch (CommandException e) {
      jobId = e.exitCode() == ExitCode.OUTCOME_UNKNOWN ? id : null;
      throw e;
    }
    session.done(entry, ResumeRestart.STARTED, Map.of());
    return watch();
  }

  /** The job that is there under the id was started by another request. */
  RestartResult another(CommandException refused, String wayBack, String restore) {
    ended = wayBack;
    restored = restore;
    return notStarted(refused);
  }

  /**
   * Watches a job that was started before.
   *
   * @param finish whether it is waited for; else a job that waits for slots is left to Flink, lest
   *     it keeps whoever comes next from going back
   */
  RestartResult watch(JobId id, String wayBack, String restore, boolean finish) {
    leftToFlink = !finish;
    jobId = id;
    ended = wayBack;
    restored = restore;
    return watch();
  }

  private RestartResult watch() {
    Instant began = session.clock().instant();
    try {
      StartWatch.Outcome outcome = new StartWatch(session).await(jobId, patience);
      session.progress().done();
      if (outcome instanceof StartWatch.Outcome.Failed failed) {
        return failed(failed);
      }
      if (outcome instanceof StartWatch.Outcome.NotYet notYet
          && leftToFlink
          && notYet.missing().isPresent()) {
        return result(
            ExitCode.PARTLY_DONE,
            "%s, %s (%s) was started; see: %s%n%s%s"
                .formatted(
                    notYet.state(),
                    order.start().jobName(),
                    jobId,
                    order.command("status", jobId.text()),
                    notYet.missing().get(),
                    wayBack()),
            false);
      }
      if (outcome instanceof StartWatch.Outcome.NotYet notYet) {
        return result(
            ExitCode.OUTCOME_UNKNOWN,
            "%s, %s (%s) was started %d s ago; find out how it goes on with: %s%s%s"
                .formatted(
                    notYet.state(),
                    order.start().jobName(),
                    jobId,
                    Duration.between(began, session.clock().instant()).toSeconds(),
                    resume(),
                    notYet.missing().map(why -> "\n" + why).orElse(""),
                    wayBack()),
            true);
      }
      return verified();
    } catch (CommandException e) {
      // Be it an error: it tells nothing of how the request ends.
      return result(
          ExitCode.OUTCOME_UNKNOWN,
          "%s%n%s (%s) was started, but whether it runs is not known; find out with: %s"
              .formatted(e.getMessage(), order.start().jobName(), jobId, resume()),
          true);
    }
  }

  private String resume() {
    return "trafficctl operations resume " + entry.id();
  }

  private RestartResult verified() {
    Optional<String> from =
        patience
            .ask(() -> flink.checkpoints(jobId))
            .map(Checkpoints::restored)
            .map(Checkpoints.Restored::path);
    if (restored != null && !from.map(StatePath::of).equals(Optional.of(StatePath.of(restored)))) {
      return result(
          ExitCode.OUTCOME_UNKNOWN,
          "the job %s runs, but Flink says that it was restored from %s and not from %s; see: %s"
              .formatted(
                  jobId, from.orElse("nothing"), restored, order.command("status", jobId.text())),
          false);
    }
    String name = order.start().jobName();
    List<String> live =
        patience.ask(flink::jobs).stream()
            .filter(job -> job.name().equals(name) && !job.ended())
            .map(JobSummary::id)
            // The list is a few seconds old.
            .filter(id -> !id.equals(order.before()))
            .map(JobId::text)
            .toList();
    if (live.size() > 1) {
      return result(
          ExitCode.OUTCOME_UNKNOWN,
          "%d jobs named %s run now: %s; somebody else has started one; stop all but one: %s"
              .formatted(live.size(), name, String.join(", ", live), order.command("stop", "ID")),
          false);
    }
    return result(
        ExitCode.DONE, "all tasks of %s (%s) run%s".formatted(name, jobId, wayBack()), false);
  }

  private RestartResult failed(StartWatch.Outcome.Failed failed) {
    Optional<String> leftBehind = leftBehind(failed.cause());
    return result(
        order.end() == End.NONE && !failed.live() ? ExitCode.FAILED : ExitCode.PARTLY_DONE,
        "the job %s (%s) %s: %s%nsee: %s%n%s"
            .formatted(
                order.start().jobName(),
                jobId,
                failed.live() ? "fails again and again" : "has failed",
                leftBehind.orElse(failed.cause()),
                order.command("exceptions", jobId.text()),
                finish(
                    failed.live() ? order.start().jobName() : order.jobName(),
                    leftBehind.isPresent(),
                    failed.cause())),
        false);
  }

  private RestartResult notStarted(CommandException e) {
    boolean untouched = order.end() == End.NONE;
    if (e.exitCode() == ExitCode.OUTCOME_UNKNOWN) {
      return result(
          ExitCode.OUTCOME_UNKNOWN, e.getMessage() + "\nfind out with: " + resume(), true);
    }
    if (e.exitCode() == ExitCode.REFUSED) {
      return result(ExitCode.REFUSED, e.getMessage(), false);
    }
    Optional<String> leftBehind = leftBehind(e.getMessage());
    return result(
        untouched ? e.exitCode() : ExitCode.PARTLY_DONE,
        (untouched ? "" : "the job " + order.jobName() + " has ended, but was not started again: ")
            + leftBehind.orElse(e.getMessage())
            + "\n"
            + finish(order.jobName(), leftBehind.isPresent(), e.getMessage()),
        false);
  }

  /** The job before did not end as it should. */
  RestartResult notEnded(Result ending) {
    ended = ending.path();
    return result(ending.outcome(), ending.message() + "\nno new job was started", false);
  }

  /**
   * The job before may still be on its way to its end: whoever comes back, comes to the restart.
   */
  RestartResult endingGoesOn(Result ending) {
    ended = ending.path();
    return result(
        ExitCode.OUTCOME_UNKNOWN,
        ending.message().replace(ending.operation(), entry.id())
            + "\nno new job was started yet; that command also starts it",
        true);
  }

  /** The job before has ended, and nothing was started. */
  RestartResult notYetStarted(String wayBack, String restore) {
    ended = wayBack;
    restored = restore;
    return result(
        order.end() == End.NONE ? ExitCode.FAILED : ExitCode.PARTLY_DONE,
        "the job "
            + order.jobName()
            + (order.end() == End.NONE ? " was" : " has ended, but was")
            + " not started again\n"
            + finish(order.jobName(), false, ""),
        false);
  }

  private Optional<String> leftBehind(String cause) {
    return new StateLeftBehind(new NewestState(session.cluster())).of(cause, restored);
  }

  /** Whether something goes on is not known yet. */
  RestartResult open(String message) {
    return result(ExitCode.OUTCOME_UNKNOWN, message + "; find out with: " + resume(), true);
  }

  /**
   * How it is finished, and how it is undone.
   *
   * @param job the name of the job that is replaced then: the new one if it is live, else the one
   *     before
   * @param withLess whether that leaves state behind
   * @param cause what Flink says
   */
  private String finish(String job, boolean withLess, String cause) {
    String finishing;
    if (withLess) {
      finishing =
          "if that state may be lost, this finishes it: " + order.finishingWithLess(job, restored);
    } else if (restored != null && !restored.equals(ended) && UNREADABLE.matcher(cause).find()) {
      finishing =
          "with the path of a state that Flink can read, this finishes it: "
              + order.finishingWithAnother(job, restored);
    } else {
      finishing = "once that is mended, this finishes it: " + order.finishing(job, restored);
    }
    return finishing + wayBack();
  }

  private String wayBack() {
    return ended == null ? "" : "\nthe way back: " + order.back(ended);
  }

  private RestartResult result(ExitCode outcome, String message, boolean open) {
    return new RestartResult(
        entry.id(),
        order.start().jobName(),
        order.before(),
        jobId,
        order.start().parallelism(),
        restored,
        ended,
        partitions,
        outcome,
        message,
        open);
  }
}
