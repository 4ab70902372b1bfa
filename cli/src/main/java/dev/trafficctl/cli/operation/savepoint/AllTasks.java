package dev.trafficctl.cli.operation.savepoint;

import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.JobDetails;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.operation.change.FlinkDeadline;
import dev.trafficctl.cli.operation.change.Session;
import dev.trafficctl.cli.output.Progress;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.Sleeper;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * Finds out whether all tasks of a job run. What Flink tells of a job is up to 3 s old ({@code
 * web.refresh-interval}), so that they do not all run is only believed when Flink has told it long
 * enough.
 */
public final class AllTasks {
  private static final Duration TO_BE_NEW = Duration.ofSeconds(4);

  private final FlinkClient flink;
  private final Clock clock;
  private final Sleeper sleeper;
  private final Progress progress;

  /** With who is asked, how to wait, and where it is told that it waits. */
  public AllTasks(FlinkClient flink, Clock clock, Sleeper sleeper, Progress progress) {
    this.flink = flink;
    this.clock = clock;
    this.sleeper = sleeper;
    this.progress = progress;
  }

  /** With what an operation works with. */
  public AllTasks(Session session) {
    this(session.flink(), session.clock(), session.sleeper(), session.progress());
  }

  /**
   * Looks, and waits about 4 s at most for all tasks to run. It does not wait when they do, when
   * the job has ended, and when there is no such job.
   *
   * @return what Flink told last, of which {@link JobDetails#allTasksRun} can be believed; nothing
   *     when it does not know the job
   */
  public Optional<JobDetails> look(JobId id) {
    Optional<JobDetails> job = flink.job(id);
    if (isClear(job)) {
      return job;
    }
    FlinkDeadline deadline = new FlinkDeadline(clock, sleeper, progress, TO_BE_NEW);
    progress.step(
        "%d of %d tasks of %s run, as Flink tells it up to 3 s late; looking again for %s"
            .formatted(
                job.get().runningTasks(),
                job.get().tasks(),
                job.get().name(),
                Text.age(TO_BE_NEW)));
    deadline.pause();
    return deadline.until(() -> flink.job(id), AllTasks::isClear);
  }

  private static boolean isClear(Optional<JobDetails> job) {
    return job.isEmpty() || job.get().allTasksRun() || job.get().ended();
  }
}
