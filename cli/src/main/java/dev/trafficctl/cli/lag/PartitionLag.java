package dev.trafficctl.cli.lag;

import org.apache.kafka.common.TopicPartition;

/**
 * How far behind one partition is read.
 *
 * @param at the partition
 * @param known what was found out
 * @param figures what follows from it
 */
public record PartitionLag(TopicPartition at, LagReading.Partition known, LagFigures figures) {}
