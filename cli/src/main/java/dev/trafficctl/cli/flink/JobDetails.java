package dev.trafficctl.cli.flink;

import java.util.List;

/**
 * A job with its vertices.
 *
 * @param id its id
 * @param name its name
 * @param state Flink's word for its state, such as {@code RUNNING}
 * @param vertices the chains of operators that it consists of
 */
public record JobDetails(JobId id, String name, String state, List<Vertex> vertices) {}
