package dev.trafficctl.cli.operation.start;

import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.JobDetails;
import dev.trafficctl.cli.flink.JobFailure;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.flink.JobVertex;
import dev.trafficctl.cli.operation.change.FlinkDeadline;
import dev.trafficctl.cli.operation.change.NoAnswerException;
import dev.trafficctl.cli.operation.change.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Watches a job that was just started until it runs, or until it is clear that it does not. */
public final class StartWatch {
  // What Flink tells of a job is up to 3 s old, so a failure shows that late.
  private static final Duration STEADY = Duration.ofSeconds(4);
  // Longer than the job's longest back-off, 10 s, and than it takes to deploy it again.
  private static final Duration STEADY_AFTER_FAILURE = Duration.ofSeconds(20);
  private static final Duration TO_APPEAR = Duration.ofSeconds(15);
  private static final int TOO_MANY = 3;
  // What Flink throws when a slot was asked for and did not come in time (slot.request.timeout).
  private static final String TOO_FEW_SLOTS = "NoResourceAvailableException";

  private final Session session;
  private final FlinkClient flink;
  private final SlotCheck slots;

  /** With what an operation works with. */
  public StartWatch(Session session) {
    this.session = session;
    this.flink = session.flink();
    this.slots = new SlotCheck(session);
  }

  /** What became of a start. */
  public sealed interface Outcome {
    /** All tasks run. */
    record Runs() implements Outcome {}

    /**
     * It has failed.
     *
     * @param cause why, in a line
     * @param live whether Flink tries again and again
     */
    record Failed(String cause, boolean live) implements Outcome {}

    /**
     * The time is over.
     *
     * @param state what it was seen to be, in words
     * @param missing what it waits for, if that is known
     */
    record NotYet(String state, Optional<String> missing) implements Outcome {}
  }

  /**
   * Waits.
   *
   * @throws NoAnswerException when Flink cannot be asked any more
   */
  public Outcome await(JobId id, FlinkDeadline deadline) {
    Instant began = session.clock().instant();
    Instant steadySince = null;
    int failuresThen = 0;
    while (true) {
      Optional<JobDetails> job = deadline.ask(() -> flink.job(id));
      if (job.isEmpty()) {
        if (session.clock().instant().isAfter(began.plus(TO_APPEAR))) {
          return new Outcome.Failed(
              "Flink no longer knows it; was the JobManager restarted?", false);
        }
        if (deadline.isOver()) {
          return new Outcome.NotYet("Flink does not tell of the job yet", Optional.empty());
        }
        deadline.pause();
        continue;
      }
      List<JobFailure> failures = deadline.ask(() -> flink.failures(id));
      if (job.get().ended() || failures.size() >= TOO_MANY) {
        return new Outcome.Failed(cause(job.get(), failures), !job.get().ended());
      }
      if (!job.get().allTasksRun() || failures.size() > failuresThen) {
        steadySince = null;
        failuresThen = failures.size();
      }
      Instant now = session.clock().instant();
      if (job.get().allTasksRun()) {
        steadySince = steadySince == null ? now : steadySince;
        Duration enough = failures.isEmpty() ? STEADY : STEADY_AFTER_FAILURE;
        if (Duration.between(steadySince, now).compareTo(enough) >= 0) {
          return new Outcome.Runs();
        }
      }
      if (deadline.isOver()) {
        return new Outcome.NotYet(state(job.get()), slots.missing(job.get()));
      }
      session.progress().update(state(job.get()));
      deadline.pause();
    }
  }

  private static String state(JobDetails job) {
    int tasks = job.vertices().stream().mapToInt(JobVertex::parallelism).sum();
    int running = job.vertices().stream().mapToInt(JobVertex::running).sum();
    return "the job is " + job.state() + ", " + running + " of " + tasks + " tasks run";
  }

  private String cause(JobDetails job, List<JobFailure> failures) {
    return failures.stream()
        .findFirst()
        .map(failure -> failure.cause().lines().findFirst().orElse(""))
        .map(cause -> cause.contains(TOO_FEW_SLOTS) ? slots.tooFew(job) : cause)
        .orElse("it is " + job.state());
  }
}
