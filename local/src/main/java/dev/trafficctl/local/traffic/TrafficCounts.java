package dev.trafficctl.local.traffic;

/**
 * How many events of each kind the broker acknowledged.
 *
 * @param sent all of them, whatever their kind
 * @param bad those of {@link TrafficEvent.Kind#BAD}
 * @param late those of {@link TrafficEvent.Kind#LATE}
 */
public record TrafficCounts(long sent, long bad, long late) {}
