package dev.trafficctl.cli.demo;

import dev.trafficctl.cli.postgres.EventRow;
import java.util.List;
import java.util.SortedMap;

/**
 * What came of a demonstration.
 *
 * @param jobId the job, which runs on
 * @param topic the topic that was read
 * @param source the number of the topic id in the tables
 * @param read events in Kafka, by its offsets
 * @param written rows in processed_events
 * @param filtered events that were dropped, by rule; rules that dropped nothing are left out
 * @param rejected rows in rejected_events, by reason
 * @param late rows that are marked late
 * @param drainSeconds from the moment when all of the job's tasks ran (Flink's timestamps) to the
 *     commit of the last row (Postgres' timestamp); null when there is no row
 * @param eventsPerSecond events read, divided by that time; null when there is no row
 * @param secondHalfEventsPerSecond the same for the second half of the events, from the commit of
 *     half of the rows on: what the job does once its JVM has compiled it; null when all of them
 *     were committed at once
 * @param differences what the three counts disagree on, a line each; empty when the law holds
 * @param sample a few rows
 */
public record DemoResult(
    String jobId,
    String topic,
    short source,
    long read,
    long written,
    SortedMap<String, Long> filtered,
    SortedMap<String, Long> rejected,
    long late,
    Double drainSeconds,
    Long eventsPerSecond,
    Long secondHalfEventsPerSecond,
    List<String> differences,
    List<EventRow> sample) {}
