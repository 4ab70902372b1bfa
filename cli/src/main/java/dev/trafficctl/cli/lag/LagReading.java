package dev.trafficctl.cli.lag;

import dev.trafficctl.cli.kafka.GroupLog;
import dev.trafficctl.cli.kafka.OpenTransaction;
import dev.trafficctl.kafka.LostOffsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * What was found out at one moment, before anything is concluded from it.
 *
 * @param at the moment
 * @param jobName the job that reads, or null if it is only about a group
 * @param jobId its id, or null if Flink knows no such job
 * @param running whether the job runs; null if it is only about a group
 * @param group the consumer group, or null
 * @param refresh how old the live offsets can be
 * @param partitions what is known of each partition, by topic and number
 * @param readPerSecond how many events a second each subtask of the source has read lately
 * @param earlier what was so before, for the rates; null if nothing is known
 * @param notes what a person should know besides, a line each
 */
public record LagReading(
    Instant at,
    String jobName,
    String jobId,
    Boolean running,
    String group,
    Duration refresh,
    SortedMap<TopicPartition, Partition> partitions,
    Map<Integer, Double> readPerSecond,
    Earlier earlier,
    List<String> notes) {
  /** With lists and maps that do not change. */
  public LagReading {
    partitions = Collections.unmodifiableSortedMap(partitions);
    readPerSecond = Map.copyOf(readPerSecond);
    notes = List.copyOf(notes);
  }

  /**
   * One partition. What is null is not known.
   *
   * @param start the log start offset
   * @param end the log end offset, as every reader sees it
   * @param committed the offset that the group has committed
   * @param checkpointed the offset in the newest checkpoint
   * @param live the next offset that the source reads
   * @param subtask the subtask of the source that reads it
   * @param nextEvent the Kafka timestamp of the next event to be read, if it has one
   * @param nothingToRead whether it was tried to read, and up to the end there was no event
   * @param retention after which time Kafka deletes an event
   * @param open the transaction that keeps readers of committed events from the end; null if none
   */
  public record Partition(
      Long start,
      Long end,
      Long committed,
      Long checkpointed,
      Long live,
      Integer subtask,
      Instant nextEvent,
      boolean nothingToRead,
      Duration retention,
      OpenTransaction open) {
    /**
     * The offset that is read next as far as is known: live, else checkpointed, else committed. A
     * job that is stopped may end before its last commit has reached Kafka; its savepoint knows.
     */
    public Long next() {
      if (live != null) {
        return live;
      }
      return checkpointed != null ? checkpointed : committed;
    }

    /**
     * The same, now that it was tried to read.
     *
     * @param found what can be read next
     */
    Partition withNextEvent(GroupLog.Next found) {
      return new Partition(
          start,
          end,
          committed,
          checkpointed,
          live,
          subtask,
          found.time(),
          !found.there() && open == null,
          retention,
          open);
    }

    /** The offset up to which committed events can be read, or null. */
    public Long stable() {
      return open == null ? end : (Long) open.lastStableOffset();
    }

    /** Whether all that can be read is read, and more waits behind an open transaction. */
    boolean waits() {
      Long next = next();
      return open != null && next != null && next >= open.lastStableOffset();
    }

    /**
     * What Kafka has deleted of what would be read next. A checkpoint passes over offsets that hold
     * no event, which what is live and what is committed do not.
     *
     * @param number the partition's number
     */
    Optional<LostOffsets> lost(int number) {
      boolean passed = checkpointed != null && start != null && checkpointed >= start;
      return next() == null || start == null || passed
          ? Optional.empty()
          : LostOffsets.between(number, next(), start);
    }

    /** How many offsets lie between another offset and the end, or null. */
    Long lagOf(Long offset) {
      if (end != null && start != null && end <= start) {
        // Nothing is there, so that nothing can be unread.
        return 0L;
      }
      boolean pastTheEnd = live == null && offset != null && end != null && offset > end;
      if (offset == null || end == null || pastTheEnd) {
        return null;
      }
      // The end is asked for before the live offset, and may be passed by it.
      return Math.max(0, end - Math.max(offset, start == null ? 0 : start));
    }
  }

  /**
   * Offsets of before.
   *
   * @param at when it was so
   * @param ends the log end offsets; may lack partitions
   * @param next the offsets that were read next; may lack partitions
   */
  public record Earlier(
      Instant at, Map<TopicPartition, Long> ends, Map<TopicPartition, Long> next) {
    /** With maps that do not change. */
    public Earlier {
      ends = Map.copyOf(ends);
      next = Map.copyOf(next);
    }
  }

  /** The same with another past. */
  LagReading with(Earlier other) {
    return new LagReading(
        at, jobName, jobId, running, group, refresh, partitions, readPerSecond, other, notes);
  }

  /** How this will be remembered. */
  Earlier asEarlier() {
    Map<TopicPartition, Long> ends = new TreeMap<>(partitions.comparator());
    Map<TopicPartition, Long> next = new TreeMap<>(partitions.comparator());
    partitions.forEach(
        (partition, known) -> {
          if (known.end() != null) {
            ends.put(partition, known.end());
          }
          if (known.next() != null) {
            next.put(partition, known.next());
          }
        });
    return new Earlier(at, ends, next);
  }
}
