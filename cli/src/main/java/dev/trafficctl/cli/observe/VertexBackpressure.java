package dev.trafficctl.cli.observe;

import dev.trafficctl.cli.flink.Backpressure;
import dev.trafficctl.cli.flink.JobVertex;

/**
 * How far one vertex of a job is held up.
 *
 * @param vertex the vertex
 * @param backpressure what Flink has measured
 */
public record VertexBackpressure(JobVertex vertex, Backpressure backpressure) {
  /** Whether Flink calls its backpressure so: {@code ok}, {@code low} or {@code high}. */
  public boolean isLevel(String level) {
    return level.equals(backpressure.level());
  }
}
