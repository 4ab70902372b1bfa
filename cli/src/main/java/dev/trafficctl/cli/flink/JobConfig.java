package dev.trafficctl.cli.flink;

import java.util.Map;

/**
 * How a job was configured.
 *
 * @param parallelism its parallelism
 * @param userConfig what the job registered as its global parameters; empty if it did not
 */
public record JobConfig(int parallelism, Map<String, String> userConfig) {}
