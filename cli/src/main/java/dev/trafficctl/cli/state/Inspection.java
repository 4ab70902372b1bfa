package dev.trafficctl.cli.state;

import dev.trafficctl.cli.kafka.PartitionOffset;
import dev.trafficctl.cli.kafka.PartitionOffset.Place;
import dev.trafficctl.model.StartingPosition;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a savepoint or checkpoint holds, and what a start from it would meet.
 *
 * @param file what is in it
 * @param kafka where Kafka is, or null if nothing tells
 * @param topic the name of the topic, or null if nothing tells
 * @param kafkaTopicId the id that the topic has in Kafka now, or null if that is not known
 * @param partitions what each partition goes on with
 * @param jar the jar of the job that would be started, or null without one
 * @param operators the operators of the state, and those that only the jar has
 * @param losses why it can no longer be restored without loss, a line each
 * @param skipped the events that a start from it would skip
 * @param refusals why Flink or the job would refuse to start from it, a line each
 * @param unknowns what could not be found out, a line each
 */
public record Inspection(
    StateFile file,
    String kafka,
    String topic,
    String kafkaTopicId,
    List<Partition> partitions,
    Path jar,
    List<OperatorMatch> operators,
    List<String> losses,
    SkippedEvents skipped,
    List<String> refusals,
    List<String> unknowns) {
  /** With lists that do not change. */
  public Inspection {
    partitions = List.copyOf(partitions);
    operators = List.copyOf(operators);
    losses = List.copyOf(losses);
    refusals = List.copyOf(refusals);
    unknowns = List.copyOf(unknowns);
  }

  /**
   * What a partition goes on with.
   *
   * @param partition its number
   * @param sourceOffset what the source's own state has, or null if it has nothing of it
   * @param readProgress what the job's filter has read up to, or null if it has nothing of it
   * @param inKafka what Kafka has there, or null if that is not known
   */
  public record Partition(
      int partition, Long sourceOffset, Long readProgress, PartitionOffset inKafka) {}

  /**
   * Where to start without it so as to leave out what Kafka has deleted, and nothing else: an
   * offset for each partition. Empty where nothing is deleted, or that is not all that is wrong
   * with the offsets.
   */
  public Optional<StartingPosition.Offsets> left() {
    SortedMap<Integer, Long> left = new TreeMap<>();
    boolean deleted = false;
    for (Partition each : partitions) {
      PartitionOffset found = each.inKafka();
      if (found == null || found.place() == Place.PAST_END || found.place() == Place.NO_PARTITION) {
        return Optional.empty();
      }
      deleted |= found.place() == Place.BEFORE_LOG_START;
      left.put(each.partition(), Math.max(found.offset(), found.logStartOffset()));
    }
    return deleted ? Optional.of(new StartingPosition.Offsets(left)) : Optional.empty();
  }

  /** Whether it can be restored, and no event be lost; null if that is not known. */
  public Boolean restorable() {
    if (!losses.isEmpty() || !skipped.isEmpty() || !refusals.isEmpty()) {
      return false;
    }
    boolean kafkaKnown =
        kafkaTopicId != null
            && partitions.stream()
                .allMatch(entry -> entry.inKafka() != null && entry.inKafka().lost() != null);
    boolean jarKnown = operators.stream().allMatch(match -> match.fate() != null);
    return kafkaKnown && jarKnown ? true : null;
  }
}
