package dev.trafficctl.job;

import dev.trafficctl.kafka.NotKafkaException;
import dev.trafficctl.kafka.SameLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Questions about one topic to its Kafka cluster. Each is answered within about ten seconds, or
 * fails with a {@link KafkaAnswerException}.
 */
final class Topic implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Admin admin;
  private final Properties clientProperties;
  private final String name;
  private final String servers;

  Topic(Properties clientProperties, String name) {
    this.clientProperties = clientProperties;
    this.name = name;
    this.servers = clientProperties.getProperty("bootstrap.servers");
    try {
      this.admin = ClientProperties.admin(clientProperties);
    } catch (KafkaException e) {
      throw problem(e.getCause() == null ? e : e.getCause());
    } catch (NotKafkaException e) {
      throw problem(e);
    }
  }

  /** The topic's id (KIP-516), which tells a topic from another that had its name before. */
  Uuid id() {
    return describe().topicId();
  }

  /** The numbers of its partitions, in order. */
  List<Integer> partitions() {
    List<Integer> partitions = new ArrayList<>();
    describe().partitions().forEach(partition -> partitions.add(partition.partition()));
    return partitions;
  }

  private TopicDescription describe() {
    return answer(admin.describeTopics(List.of(name)).allTopicNames()).get(name);
  }

  /** The first offset that is still there, for each partition. */
  Map<Integer, Long> startOffsets(Collection<Integer> partitions) {
    return offsets(partitions, OffsetSpec.earliest());
  }

  /** The offset that the next committed event will have, for each partition. */
  Map<Integer, Long> endOffsets(Collection<Integer> partitions) {
    return offsets(partitions, OffsetSpec.latest());
  }

  /** The first offset whose timestamp is not before a time, or -1, for each partition. */
  Map<Integer, Long> offsetsFrom(Collection<Integer> partitions, long epochMillis) {
    return offsets(partitions, OffsetSpec.forTimestamp(epochMillis));
  }

  private Map<Integer, Long> offsets(Collection<Integer> partitions, OffsetSpec which) {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    partitions.forEach(partition -> asked.put(new TopicPartition(name, partition), which));
    Map<TopicPartition, ListOffsetsResultInfo> found =
        answer(
            admin.listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED)).all());
    Map<Integer, Long> offsets = new TreeMap<>();
    found.forEach((partition, info) -> offsets.put(partition.partition(), info.offset()));
    return offsets;
  }

  /** The offsets that a group has committed; partitions without one are left out. */
  Map<Integer, Long> committedOffsets(String group) {
    Map<TopicPartition, OffsetAndMetadata> found =
        answer(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
    Map<Integer, Long> offsets = new TreeMap<>();
    found.forEach(
        (partition, offset) -> {
          if (partition.topic().equals(name) && offset != null) {
            offsets.put(partition.partition(), offset.offset());
          }
        });
    return offsets;
  }

  /**
   * Where another event is now than the one that was read.
   *
   * @param read the event that was read last, by partition
   * @return a line for each such partition
   */
  List<String> differences(Map<Integer, OffsetAndTimestamp> read) {
    if (read.isEmpty()) {
      return List.of();
    }
    try (Consumer<byte[], byte[]> consumer = ClientProperties.oneRecord(clientProperties)) {
      return SameLog.differences(consumer, name, read, PATIENCE);
    } catch (KafkaException e) {
      throw problem(e);
    }
  }

  private <T> T answer(KafkaFuture<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw problem(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaAnswerException("interrupted while asking Kafka at " + servers, false, e);
    }
  }

  private KafkaAnswerException problem(Throwable cause) {
    String at = "Kafka at " + servers;
    if (cause instanceof UnknownTopicOrPartitionException) {
      return new KafkaAnswerException(
          at + " has no topic '" + name + "'; create it, or correct --kafka-topic", false, cause);
    }
    if (cause instanceof AuthorizationException) {
      return new KafkaAnswerException(
          at + " does not allow this key to do that (" + firstLine(cause) + "); grant it the right",
          false,
          cause);
    }
    if (cause instanceof AuthenticationException) {
      return new KafkaAnswerException(
          at
              + " refused the connection ("
              + firstLine(cause)
              + "); check KAFKA_WEB_TRAFFIC_KEY, KAFKA_WEB_TRAFFIC_SECRET and the trust store",
          false,
          cause);
    }
    if (cause instanceof TimeoutException) {
      return new KafkaAnswerException(
          at
              + " does not answer; check --kafka-url, that the broker runs, and whether it wants"
              + " SASL_SSL",
          true,
          cause);
    }
    return new KafkaAnswerException(
        at + " cannot be used (" + firstLine(cause) + "); check --kafka-url", true, cause);
  }

  private static String firstLine(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    return message.lines().findFirst().orElse("");
  }

  @Override
  public void close() {
    admin.close();
  }
}
