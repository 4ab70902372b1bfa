package dev.trafficctl.cli.lag;

import java.time.Duration;

/**
 * How far behind is read, of one partition or of all together. What is null is not known, or does
 * not apply; a sum of partitions is known if each part is.
 *
 * @param committedLag offsets between the committed offset and the end
 * @param checkpointedLag offsets between the checkpointed offset and the end
 * @param liveLag offsets between the live offset and the end
 * @param lag events that have not been read: of the live offset, else of the checkpointed, else of
 *     the committed one; an upper bound where the log has gaps, and 0 if there is no event
 * @param timeLag how old the next event is that is read, the oldest of all partitions; zero if
 *     there is none
 * @param rateIn events a second that come in
 * @param rateOut events a second that are read
 * @param trend where the lag goes
 * @param eta how long until it has caught up if it goes on so, the slowest of all partitions; only
 *     while it recovers
 * @param retentionLeft how long until Kafka may delete the next event that is read, the first of
 *     all partitions; not below zero
 */
public record LagFigures(
    Long committedLag,
    Long checkpointedLag,
    Long liveLag,
    Long lag,
    Duration timeLag,
    Double rateIn,
    Double rateOut,
    Trend trend,
    Duration eta,
    Duration retentionLeft) {}
