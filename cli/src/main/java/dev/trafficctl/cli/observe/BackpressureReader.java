package dev.trafficctl.cli.observe;

import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.JobDetails;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.Deadline;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.process.Sleeper;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** Asks for the backpressure of a job until Flink has measured it. */
public final class BackpressureReader {
  private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(500);

  private final Cluster cluster;
  private final FlinkClient flink;
  private final Clock clock;
  private final Sleeper sleeper;

  /** With the cluster that the job runs on. */
  public BackpressureReader(Cluster cluster, Clock clock, Sleeper sleeper) {
    this.cluster = cluster;
    this.flink = cluster.flink();
    this.clock = clock;
    this.sleeper = sleeper;
  }

  /**
   * The backpressure of each vertex; what Flink has not measured in time is not known.
   *
   * @throws CommandException when Flink cannot be asked, or has forgotten the job
   */
  public List<VertexBackpressure> read(JobId id, Duration timeout) {
    JobDetails job =
        flink
            .job(id)
            .orElseThrow(
                () ->
                    new CommandException(
                        ExitCode.FAILED,
                        "Flink has just forgotten the job "
                            + id
                            + "; see: "
                            + cluster.next().allJobs()));
    return new Deadline(clock, sleeper, timeout, BETWEEN_QUESTIONS)
        .until(
            () ->
                job.vertices().stream()
                    .map(vertex -> new VertexBackpressure(vertex, flink.backpressure(id, vertex)))
                    .toList(),
            all -> all.stream().allMatch(vertex -> vertex.backpressure().known()));
  }
}
