package dev.trafficctl.cli.kafka;

import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.kafka.CorruptBatchException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * A topic as one consumer sees it that belongs to no group and commits nothing. Every call throws a
 * {@link CommandException} after about 10 s, unless the connection has another timeout.
 */
public final class ConsumedTopicLog implements EventLog {
  private static final String TEN_SECONDS = "10000";
  private static final Duration TO_READ = Duration.ofSeconds(10);
  private static final Duration ONE_POLL = Duration.ofMillis(500);

  private final KafkaConnection connection;
  private final String topic;
  private final Consumer<byte[], byte[]> consumer;

  /** With how Kafka is connected to. */
  public ConsumedTopicLog(KafkaConnection connection, String topic) {
    this.connection = connection;
    this.topic = topic;
    this.consumer = new KafkaClients(connection).consumer(properties(null));
  }

  private Properties properties(String group) {
    Properties properties = new Properties();
    properties.setProperty(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, TEN_SECONDS);
    properties.setProperty(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TEN_SECONDS);
    properties.putAll(connection.properties());
    properties.setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.setProperty(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    properties.setProperty(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    properties.setProperty(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    // One event of each partition is wanted; Kafka sends a larger batch whole all the same.
    properties.setProperty(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, "65536");
    if (group != null) {
      properties.setProperty(ConsumerConfig.GROUP_ID_CONFIG, group);
    }
    return properties;
  }

  private Object servers() {
    return connection.servers();
  }

  @Override
  public String id() {
    try (KafkaTopics topics = new KafkaTopics(connection)) {
      UUID id = topics.id(topic);
      return new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits()).toString();
    }
  }

  @Override
  public SortedMap<Integer, Range> ranges() {
    return ask(
        () -> {
          Collection<TopicPartition> all = partitions();
          // Asked for first: an event that arrives meanwhile then lies behind the end.
          Map<TopicPartition, Long> ends = consumer.endOffsets(all);
          Map<TopicPartition, Long> starts = consumer.beginningOffsets(all);
          SortedMap<Integer, Range> ranges = new TreeMap<>();
          all.forEach(
              partition ->
                  ranges.put(
                      partition.partition(),
                      new Range(starts.get(partition), ends.get(partition))));
          return ranges;
        });
  }

  @Override
  public SortedMap<Integer, HeldBack> heldBack() {
    try (KafkaTopics topics = new KafkaTopics(connection)) {
      return topics.heldBack(topic);
    }
  }

  private Collection<TopicPartition> partitions() {
    List<PartitionInfo> found = consumer.partitionsFor(topic);
    if (found == null || found.isEmpty()) {
      throw new CommandException(
          ExitCode.FAILED,
          "Kafka at " + servers() + " has no topic '" + topic + "'; check the name, or create it");
    }
    List<Integer> leaderless =
        found.stream()
            .filter(info -> info.leader() == null)
            .map(PartitionInfo::partition)
            .sorted()
            .toList();
    if (!leaderless.isEmpty()) {
      throw new CommandException(
          ExitCode.UNREACHABLE,
          "partitions "
              + leaderless
              + " of topic '"
              + topic
              + "' have no leader in Kafka at "
              + servers()
              + ": start the brokers that hold them");
    }
    return found.stream().map(info -> new TopicPartition(topic, info.partition())).toList();
  }

  @Override
  public SortedMap<Integer, Long> offsetsFrom(Instant instant) {
    return ask(
        () -> {
          Map<TopicPartition, Long> asked = new HashMap<>();
          partitions().forEach(partition -> asked.put(partition, instant.toEpochMilli()));
          SortedMap<Integer, Long> offsets = new TreeMap<>();
          consumer
              .offsetsForTimes(asked)
              .forEach(
                  (partition, found) -> {
                    if (found != null) {
                      offsets.put(partition.partition(), found.offset());
                    }
                  });
          return offsets;
        });
  }

  @Override
  public SortedMap<Integer, Long> committed(String group) {
    try (Consumer<byte[], byte[]> member =
        new KafkaClients(connection).another(properties(group))) {
      Set<TopicPartition> all = new HashSet<>(ask(this::partitions));
      SortedMap<Integer, Long> offsets = new TreeMap<>();
      member
          .committed(all)
          .forEach(
              (partition, found) -> {
                if (found != null) {
                  offsets.put(partition.partition(), found.offset());
                }
              });
      return offsets;
    } catch (KafkaException e) {
      throw KafkaFailure.ofGroup(e, servers(), group);
    }
  }

  @Override
  public SortedMap<Integer, Instant> timesAt(Map<Integer, Long> offsets) {
    SortedMap<Integer, Instant> times = new TreeMap<>();
    eventsAt(offsets)
        .forEach(
            (partition, found) ->
                found.map(EventAt::time).ifPresent(time -> times.put(partition, time)));
    return times;
  }

  @Override
  public SortedMap<Integer, Optional<EventAt>> eventsAt(Map<Integer, Long> offsets) {
    return offsets.isEmpty() ? new TreeMap<>() : ask(() -> read(offsets));
  }

  @Override
  public TopicRetention retention() {
    try (KafkaTopics topics = new KafkaTopics(connection)) {
      return topics.retention(topic);
    }
  }

  private SortedMap<Integer, Optional<EventAt>> read(Map<Integer, Long> offsets) {
    SortedMap<Integer, Optional<EventAt>> events = new TreeMap<>();
    Set<TopicPartition> missing = new HashSet<>();
    offsets.keySet().forEach(partition -> missing.add(new TopicPartition(topic, partition)));
    consumer.assign(missing);
    // A partition that was assigned before is still paused.
    consumer.resume(missing);
    missing.forEach(partition -> consumer.seek(partition, offsets.get(partition.partition())));
    Map<TopicPartition, Long> ends = consumer.endOffsets(missing);
    long deadline = System.nanoTime() + TO_READ.toNanos();
    while (!missing.isEmpty() && System.nanoTime() < deadline) {
      ConsumerRecords<byte[], byte[]> records = poll(missing, events);
      for (TopicPartition partition : records.partitions()) {
        ConsumerRecord<byte[], byte[]> first = records.records(partition).get(0);
        if (missing.remove(partition)) {
          events.put(partition.partition(), Optional.of(EventAt.of(first)));
        }
        consumer.pause(Set.of(partition));
      }
      // Behind an offset there may be nothing but marks of transactions.
      for (TopicPartition partition : Set.copyOf(missing)) {
        if (consumer.position(partition) >= ends.get(partition)) {
          events.put(partition.partition(), Optional.empty());
          missing.remove(partition);
        }
      }
    }
    return events;
  }

  private ConsumerRecords<byte[], byte[]> poll(
      Set<TopicPartition> missing, SortedMap<Integer, Optional<EventAt>> events) {
    try {
      return consumer.poll(ONE_POLL);
    } catch (OffsetOutOfRangeException e) {
      // Retention has passed it in this moment.
      missing.removeAll(e.partitions());
      consumer.pause(e.partitions());
    } catch (KafkaException e) {
      CorruptBatchException damage = CorruptBatchException.in(e).orElseThrow(() -> e);
      events.put(damage.place().partition(), Optional.of(EventAt.of(damage)));
      missing.remove(damage.place());
      // A consumer tells it again with each poll until it forgets what it has of the partition.
      consumer.assign(missing);
    }
    return ConsumerRecords.empty();
  }

  private <T> T ask(Supplier<T> question) {
    try {
      return question.get();
    } catch (KafkaException e) {
      throw KafkaFailure.ofTopic(e, servers(), topic);
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
