package dev.trafficctl.cli.flink;

/**
 * Between which numbers the adaptive scheduler chooses the parallelism of a vertex (FLIP-291).
 *
 * @param lower the least with which the vertex runs, from 1
 * @param upper the most that it gets if there are slots
 */
public record ParallelismBounds(int lower, int upper) {}
