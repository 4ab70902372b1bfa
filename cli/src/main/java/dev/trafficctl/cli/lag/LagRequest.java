package dev.trafficctl.cli.lag;

/**
 * Whose lag is wanted.
 *
 * @param job the name or id of a job, or null for the only one
 * @param group a consumer group, or null for that of the job
 * @param topic a topic, or null for that of the job, or for all that another group reads
 */
public record LagRequest(String job, String group, String topic) {}
