package dev.trafficctl.cli.operation.savepoint;

import dev.trafficctl.cli.flink.SavepointFormat;

/**
 * How a savepoint is to be taken.
 *
 * @param directory where it goes, as Flink takes it, or null for that of the context or the cluster
 * @param format its format; a stop always makes the canonical one
 * @param drain for a stop: whether the end of time is declared first
 * @param detach whether to return as soon as Flink has the request
 */
public record SavepointRequest(
    String directory, SavepointFormat format, boolean drain, boolean detach) {}
