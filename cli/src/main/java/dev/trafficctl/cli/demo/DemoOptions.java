package dev.trafficctl.cli.demo;

import dev.trafficctl.cli.kafka.TrafficSource;
import java.nio.file.Path;

/**
 * What the demonstration does.
 *
 * @param file an access log to send, or null for made-up events
 * @param count how many events to send at most, from 1; null for all of the file's
 * @param mix what made-up events are like
 * @param parallelism the job's parallelism, from 1
 * @param topic the topic that is used, and made if it is not there
 * @param jar the job's jar
 */
public record DemoOptions(
    Path file, Long count, TrafficSource.Mix mix, int parallelism, String topic, Path jar) {}
