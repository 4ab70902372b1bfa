package dev.trafficctl.cli.flink;

import java.time.Duration;

/**
 * How a job makes checkpoints.
 *
 * @param interval the time between two
 * @param timeout after what time one that is not complete fails; it holds for savepoints too
 * @param retained whether checkpoints are written where they outlive the job
 * @param retainedOnCancel whether they are kept when the job is cancelled
 */
public record CheckpointConfig(
    Duration interval, Duration timeout, boolean retained, boolean retainedOnCancel) {}
