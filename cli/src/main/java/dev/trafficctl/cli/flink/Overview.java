package dev.trafficctl.cli.flink;

/**
 * What a cluster is made of.
 *
 * @param taskManagers how many TaskManagers are registered
 * @param slots how many slots they have together
 * @param freeSlots how many of those no job uses
 * @param flinkVersion Flink's version
 */
public record Overview(int taskManagers, int slots, int freeSlots, String flinkVersion) {}
