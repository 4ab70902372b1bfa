package dev.trafficctl.cli.operation.change;

import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.kafka.StartPlan;

/**
 * What a restart tells beyond what every operation does; the path is then the way back.
 *
 * @param before the id of the job that was replaced, or null
 * @param parallelism the new job's
 * @param from what it was restored from, or null if it started without state
 * @param partitions where each partition is read from, or null if that is not known
 */
public record Restarted(JobId before, int parallelism, String from, StartPlan partitions) {}
