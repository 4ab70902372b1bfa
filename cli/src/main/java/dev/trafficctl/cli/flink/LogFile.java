package dev.trafficctl.cli.flink;

import java.time.Instant;

/**
 * A log that Flink offers.
 *
 * @param name its file name
 * @param bytes its size
 * @param changed when it was written to last
 */
public record LogFile(String name, long bytes, Instant changed) {}
