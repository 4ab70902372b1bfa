package dev.trafficctl.cli.state;

import dev.trafficctl.cli.kafka.PartitionOffset;
import java.nio.file.Path;
import java.util.List;

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

  /** Whether it can be restored, and no event be lost; null if that is not known. */
  public Boolean restorable() {
    if (!losses.isEmpty() || !refusals.isEmpty()) {
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
