package dev.trafficctl.cli.kafka;

import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.kafka.CorruptBatchException;
import dev.trafficctl.kafka.RecordTime;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * What Kafka tells of topics and of the group that reads them. Every call throws a {@link
 * CommandException} after about 10 s.
 */
public interface GroupLog extends AutoCloseable {
  /**
   * The topics and the group at one moment.
   *
   * @param partitions what is known of each partition
   * @param committed the offsets that the group has committed, or null when there is no group or
   *     this key may not know
   * @param retention when Kafka deletes the events of each topic; without those of which this key
   *     may not know
   * @param problems what could not be found out, a line each
   */
  record Reading(
      Map<TopicPartition, Range> partitions,
      Map<TopicPartition, Long> committed,
      Map<String, TopicRetention> retention,
      Collection<String> problems) {
    /** With maps that do not change. */
    public Reading {
      partitions = Map.copyOf(partitions);
      committed = committed == null ? null : Map.copyOf(committed);
      retention = Map.copyOf(retention);
      problems = Set.copyOf(problems);
    }
  }

  /**
   * What a partition holds.
   *
   * @param start the first offset that Kafka still has, or null if it is not known
   * @param end the offset that the next event gets: the log end offset, or high watermark; null if
   *     not known
   * @param endBefore the end at the earlier moment that was asked for, or null; only of few
   *     partitions
   * @param open the oldest transaction that keeps a reader of committed events from the end, or
   *     null if none does
   */
  record Range(Long start, Long end, Long endBefore, OpenTransaction open) {}

  /**
   * Reads the ends of partitions and the group's offsets.
   *
   * @param group the group, or null for none
   * @param topics the topics, or null for all of which the group has committed offsets
   * @param before an earlier moment of which the ends are wanted too, or null
   * @throws CommandException when Kafka does not answer, or a topic does not exist
   */
  Reading read(String group, Set<String> topics, Instant before);

  /** Whether Kafka knows a group, with members or with offsets. */
  boolean hasGroup(String group);

  /**
   * Looks for the first event at or behind an offset.
   *
   * @param from where to look in each partition
   * @param ends up to where
   * @return partitions that are missing gave no answer in time
   */
  Map<TopicPartition, Next> next(Map<TopicPartition, Long> from, Map<TopicPartition, Long> ends);

  /**
   * What can be read next.
   *
   * @param there whether there is an event up to the end
   * @param time Kafka's timestamp of it, or null if it has none
   * @param problem why it cannot be read, in one line, so that nothing else is known of it; else
   *     null
   */
  record Next(boolean there, Instant time, String problem) {
    /** Nothing. */
    public static final Next NOTHING = new Next(false, null, null);

    /** What a consumer has read. */
    static Next of(ConsumerRecord<byte[], byte[]> event) {
      return new Next(true, RecordTime.of(event.timestamp()), null);
    }

    /** One that no consumer can read. */
    static Next of(CorruptBatchException damage) {
      return new Next(true, null, damage.getMessage());
    }
  }

  @Override
  void close();
}
