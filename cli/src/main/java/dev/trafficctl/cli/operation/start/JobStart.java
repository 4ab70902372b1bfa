package dev.trafficctl.cli.operation.start;

import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.JarRunRequest;
import dev.trafficctl.cli.flink.JobDetails;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.journal.Entry;
import dev.trafficctl.cli.journal.Operation;
import dev.trafficctl.cli.journal.StartKeys;
import dev.trafficctl.cli.journal.Step;
import dev.trafficctl.cli.operation.change.FlinkDeadline;
import dev.trafficctl.cli.operation.change.Session;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * The start of a job under an id that is in the journal before it is asked for, so that whoever
 * comes later finds out whether it was started, and on which request.
 */
public final class JobStart {
  // A request that was sent may still run the jar's main() for so long.
  private static final Duration TO_APPEAR = Duration.ofSeconds(60);

  private final Session session;
  private final FlinkClient flink;
  private final Submission submission;

  /** With what an operation works with. */
  public JobStart(Session session) {
    this.session = session;
    this.flink = session.flink();
    this.submission = Submission.of(session);
  }

  /**
   * Writes down that it is asked for, and asks.
   *
   * @param details what else is needed to find out how it ended, and to go on
   * @param atMost how long it is looked at most what became of a request whose answer was lost
   * @throws CommandException when the job was not started; {@link ExitCode#OUTCOME_UNKNOWN} when
   *     that is not known, {@link ExitCode#REFUSED} when somebody else has started it
   */
  public void ask(
      Entry entry,
      String jarId,
      String jobName,
      JarRunRequest request,
      Map<String, String> details,
      Duration atMost) {
    Map<String, String> all = new TreeMap<>(details);
    all.put(StartKeys.JOB_ID, request.jobId().text());
    entry.step(StartKeys.STARTING, all);
    submission.start(jarId, jobName, entry.id(), request, atMost);
  }

  /** Whether a job is there whose start was asked for by a process that is gone. */
  public sealed interface Presence {
    /**
     * It is there.
     *
     * @param another what is to be said if it was started on another request
     */
    record There(JobDetails job, Optional<CommandException> another) implements Presence {}

    /** It is not, and the request can have no effect any more. */
    record Never() implements Presence {}

    /** It is not, and the one who could tell is gone. */
    record Forgotten() implements Presence {}

    /** It is not yet: the request may still have an effect. */
    record NotYet() implements Presence {}
  }

  /**
   * Waits until it is there, or cannot be any more.
   *
   * @param begun what asked for it
   * @param forgotten whether Flink can no longer know
   */
  public Presence await(
      Operation begun,
      String jobName,
      JobId id,
      BooleanSupplier forgotten,
      FlinkDeadline deadline) {
    Instant never = asked(begun).plus(TO_APPEAR);
    while (true) {
      Optional<JobDetails> job = deadline.ask(() -> flink.job(id));
      if (job.isPresent()) {
        return new Presence.There(
            job.get(), submission.another(jobName, id, begun.by(), begun.id(), deadline.left()));
      }
      if (forgotten.getAsBoolean()) {
        return new Presence.Forgotten();
      }
      if (session.clock().instant().isAfter(never)) {
        return new Presence.Never();
      }
      if (deadline.isOver()) {
        return new Presence.NotYet();
      }
      deadline.pause();
    }
  }

  /** When it was last asked for. */
  private static Instant asked(Operation begun) {
    return begun.steps().stream()
        .filter(step -> step.name().equals(StartKeys.STARTING))
        .map(Step::at)
        .reduce((first, last) -> last)
        .orElseThrow();
  }

  /**
   * What is to be said if more than one job of a name runs.
   *
   * @param stop the command that stops one of them
   */
  public Optional<String> others(
      String jobName, JobId before, Object stop, FlinkDeadline deadline) {
    List<String> live =
        deadline.ask(flink::jobs).stream()
            .filter(job -> job.name().equals(jobName) && !job.ended())
            .map(JobSummary::id)
            // The list is a few seconds old.
            .filter(id -> !id.equals(before))
            .map(JobId::text)
            .toList();
    return live.size() > 1
        ? Optional.of(
            "%d jobs named %s run now: %s; somebody else has started one; stop all but one: %s"
                .formatted(live.size(), jobName, String.join(", ", live), stop))
        : Optional.empty();
  }
}
