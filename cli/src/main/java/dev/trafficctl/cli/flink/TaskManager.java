package dev.trafficctl.cli.flink;

import java.time.Instant;

/**
 * A TaskManager that is registered.
 *
 * @param id its id
 * @param slots how many slots it offers
 * @param freeSlots how many of those no job uses
 * @param heartbeat when it was heard of last
 */
public record TaskManager(String id, int slots, int freeSlots, Instant heartbeat) {}
