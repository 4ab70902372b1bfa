package dev.trafficctl.local.traffic;

/**
 * How far sending has come.
 *
 * @param sent how many events the broker has acknowledged so far
 * @param perSecond how many it acknowledged a second since the progress before
 */
public record SendProgress(long sent, double perSecond) {}
