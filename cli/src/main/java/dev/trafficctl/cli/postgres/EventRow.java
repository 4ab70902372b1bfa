package dev.trafficctl.cli.postgres;

/**
 * A few columns of a row of processed_events.
 *
 * @param partition the partition in Kafka
 * @param offset the offset in that partition
 * @param time when the request happened, in ISO-8601 and UTC
 * @param ip the client's address
 * @param host the host that was asked for
 * @param url what was asked for
 */
public record EventRow(
    int partition, long offset, String time, String ip, String host, String url) {}
