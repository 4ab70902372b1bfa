package dev.trafficctl.cli.kafka;

import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.Deadline;
import dev.trafficctl.cli.process.ExitCode;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Topics and their offsets. Every call throws a {@link CommandException} after about 10 s, unless
 * the connection has another timeout.
 */
public final class KafkaTopics implements AutoCloseable {
  private static final String TEN_SECONDS = "10000";
  private static final Duration TO_BE_KNOWN = Duration.ofSeconds(10);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

  private final Object servers;
  private final Admin admin;

  /** With how Kafka is connected to. */
  public KafkaTopics(KafkaConnection connection) {
    Properties properties = new Properties();
    properties.setProperty("request.timeout.ms", TEN_SECONDS);
    properties.setProperty("default.api.timeout.ms", TEN_SECONDS);
    properties.putAll(connection.properties());
    this.servers = connection.servers();
    this.admin = new KafkaClients(connection).admin(properties);
  }

  /**
   * Makes a topic unless there is one of that name already. It is known to the broker that is asked
   * then, which hears of it later than the controller that makes it.
   *
   * @return whether it was made
   */
  public boolean create(String topic, int partitions) {
    try {
      admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TopicExistsException) {
        return false;
      }
      throw KafkaFailure.of(e.getCause(), servers);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    boolean known =
        Deadline.ofThisMachine(TO_BE_KNOWN, BETWEEN_LOOKS).until(() -> isKnown(topic), is -> is);
    if (!known) {
      throw KafkaFailure.of(new UnknownTopicOrPartitionException(), servers);
    }
    return true;
  }

  private boolean isKnown(String topic) {
    try {
      admin.describeTopics(List.of(topic)).allTopicNames().get();
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return false;
      }
      throw KafkaFailure.of(e.getCause(), servers);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** The topic's id (KIP-516), by which the tables know it. */
  public UUID id(String topic) {
    Uuid id = describe(topic).topicId();
    return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
  }

  /** The offset that the next event of each partition will get, by partition. */
  public SortedMap<Integer, Long> endOffsets(String topic) {
    return ends(topic, latest(topic), IsolationLevel.READ_UNCOMMITTED);
  }

  /** What waits behind open transactions; without partitions where nothing does. */
  public SortedMap<Integer, HeldBack> heldBack(String topic) {
    Map<TopicPartition, OffsetSpec> latest = latest(topic);
    // Asked for first: what is committed meanwhile is then taken for held back, and not left out.
    SortedMap<Integer, Long> stable = ends(topic, latest, IsolationLevel.READ_COMMITTED);
    SortedMap<Integer, Long> ends = ends(topic, latest, IsolationLevel.READ_UNCOMMITTED);
    SortedMap<Integer, HeldBack> held = new TreeMap<>();
    stable.forEach(
        (partition, offset) -> {
          if (offset < ends.get(partition)) {
            held.put(partition, new HeldBack(offset, ends.get(partition)));
          }
        });
    return held;
  }

  private Map<TopicPartition, OffsetSpec> latest(String topic) {
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    describe(topic)
        .partitions()
        .forEach(
            partition ->
                latest.put(new TopicPartition(topic, partition.partition()), OffsetSpec.latest()));
    return latest;
  }

  private SortedMap<Integer, Long> ends(
      String topic, Map<TopicPartition, OffsetSpec> latest, IsolationLevel whose) {
    SortedMap<Integer, Long> offsets = new TreeMap<>();
    answer(topic, admin.listOffsets(latest, new ListOffsetsOptions(whose)).all())
        .forEach((partition, found) -> offsets.put(partition.partition(), found.offset()));
    return offsets;
  }

  /** When Kafka deletes the events of a topic. */
  public TopicRetention retention(String topic) {
    ConfigResource asked = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    try {
      return TopicRetention.of(admin.describeConfigs(List.of(asked)).all().get().get(asked));
    } catch (ExecutionException e) {
      throw KafkaFailure.ofConfiguration(e.getCause(), servers, topic);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private TopicDescription describe(String topic) {
    return answer(topic, admin.describeTopics(List.of(topic)).allTopicNames()).get(topic);
  }

  private <T> T answer(String topic, KafkaFuture<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw KafkaFailure.ofTopic(e.getCause(), servers, topic);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private CommandException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new CommandException(ExitCode.FAILED, "interrupted while asking Kafka", e);
  }

  @Override
  public void close() {
    admin.close();
  }
}
