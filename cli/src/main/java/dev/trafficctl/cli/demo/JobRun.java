package dev.trafficctl.cli.demo;

import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.JobDetails;
import dev.trafficctl.cli.flink.JobFailure;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.flink.JobVertex;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.Deadline;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.process.NextCommands;
import dev.trafficctl.cli.process.Sleeper;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Looks after one job that has to run through without a failure. */
final class JobRun {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);
  private static final Duration TO_CANCEL = Duration.ofSeconds(60);

  private final FlinkClient flink;
  private final JobId id;
  private final NextCommands next;

  /**
   * With the job and its Flink.
   *
   * @param next what is typed next about its stack
   */
  JobRun(FlinkClient flink, JobId id, NextCommands next) {
    this.flink = flink;
    this.id = id;
    this.next = next;
  }

  /**
   * How it is.
   *
   * @throws CommandException when it has failed, be it that Flink started it again
   */
  JobDetails look() {
    Optional<String> failure = flink.failures(id).stream().map(JobFailure::cause).findFirst();
    if (failure.isPresent()) {
      throw new CommandException(
          ExitCode.FAILED, "the job " + id + " failed: " + failure.get() + "\n" + logs());
    }
    JobDetails job =
        flink
            .job(id)
            .orElseThrow(
                () ->
                    new CommandException(
                        ExitCode.FAILED, "Flink no longer knows the job " + id + "\n" + logs()));
    if (job.ended()) {
      throw new CommandException(
          ExitCode.FAILED, "the job " + id + " has ended: " + job.state() + "\n" + logs());
    }
    return job;
  }

  private String logs() {
    return "see: " + logs("taskmanager-1") + ", " + logs("jobmanager");
  }

  /** The command that shows the log of a part of the stack. */
  String logs(String part) {
    return next.localLogs(part);
  }

  /** Since when all tasks run, or nothing while they do not. */
  Optional<Instant> runningSince(JobDetails job) {
    Optional<Instant> latest = Optional.empty();
    for (JobVertex vertex : job.vertices()) {
      Optional<Instant> since = flink.runningSince(id, vertex);
      if (since.isEmpty()) {
        return since;
      }
      if (latest.isEmpty() || latest.get().isBefore(since.get())) {
        latest = since;
      }
    }
    return latest;
  }

  /** Cancels it and waits until it has ended. */
  void cancel(Clock clock, Sleeper sleeper) {
    flink.cancel(id);
    boolean ended =
        new Deadline(clock, sleeper, TO_CANCEL, BETWEEN_LOOKS)
            .until(
                () -> flink.jobs().stream().noneMatch(job -> job.id().equals(id) && !job.ended()),
                gone -> gone);
    if (!ended) {
      throw new CommandException(
          ExitCode.FAILED,
          "the job "
              + id
              + " was cancelled but has not ended after "
              + TO_CANCEL.toSeconds()
              + " s; "
              + logs());
    }
  }
}
