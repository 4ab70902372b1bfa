package dev.trafficctl.cli.flink;

/**
 * A chain of operators, which runs as one task in each of its subtasks.
 *
 * @param id Flink's id for it
 * @param name the names of its operators
 * @param parallelism how many subtasks it has
 * @param running how many of those are in state RUNNING
 */
public record JobVertex(String id, String name, int parallelism, int running) {}
