package dev.trafficctl.cli.flink;

import java.time.Instant;

/**
 * One entry of a job's exception history.
 *
 * @param at when it happened
 * @param cause the root cause in a line or a few, without a stack trace
 * @param task the task that failed, or null if the whole job did
 * @param taskManager the id of the TaskManager it ran on, or null
 * @param stackTrace all of it
 */
public record JobFailure(
    Instant at, String cause, String task, String taskManager, String stackTrace) {}
