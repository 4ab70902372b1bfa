package dev.trafficctl.cli.flink;

import java.util.List;
import java.util.Map;

/**
 * How a job is to be started from an uploaded jar.
 *
 * @param jobId the id that the job gets; Flink refuses an id that it has seen before
 * @param parallelism from 1
 * @param arguments as the jar's {@code main} gets them
 * @param restorePath the savepoint or checkpoint to restore, or null to start without state; it is
 *     never claimed, so that Flink does not delete it (FLIP-193)
 * @param allowNonRestoredState whether state that no operator takes may be left behind
 * @param configuration options of Flink for this job alone
 */
public record JarRunRequest(
    JobId jobId,
    int parallelism,
    List<String> arguments,
    String restorePath,
    boolean allowNonRestoredState,
    Map<String, String> configuration) {}
