package dev.trafficctl.cli.kafka;

import dev.trafficctl.cli.kafka.GroupLog.Next;
import dev.trafficctl.kafka.CorruptBatchException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads the first event at or after an offset of each partition. It belongs to no group and commits
 * nothing.
 */
final class NextEvents implements AutoCloseable {
  private static final String TEN_SECONDS = "10000";
  private static final Duration TO_READ = Duration.ofSeconds(2);
  private static final Duration ONE_POLL = Duration.ofMillis(200);
  // With more time it would ask the broker once more, to end what the broker ends by itself.
  private static final CloseOptions AT_ONCE = CloseOptions.timeout(Duration.ZERO);
  private static final String LARGEST_BATCH = "65536";

  private final Consumer<byte[], byte[]> consumer;

  /**
   * With how Kafka is connected to.
   *
   * @param records how many records a poll answers with at most. With more than one the consumer
   *     asks for what follows before it is told not to.
   */
  NextEvents(KafkaConnection connection, int records) {
    this.consumer = new KafkaClients(connection).another(properties(connection, records));
  }

  /**
   * Finds them.
   *
   * @param from at which offset of each partition to look
   * @param ends where each partition ends
   * @return of each partition that has answered within two seconds
   * @throws KafkaException when Kafka cannot be asked
   */
  Map<TopicPartition, Next> find(Map<TopicPartition, Long> from, Map<TopicPartition, Long> ends) {
    Map<TopicPartition, Next> found = new HashMap<>();
    Set<TopicPartition> missing = new HashSet<>(from.keySet());
    // What was read ahead in an earlier round is forgotten with the assignment.
    consumer.assign(Set.of());
    consumer.assign(missing);
    from.forEach(consumer::seek);
    long deadline = System.nanoTime() + TO_READ.toNanos();
    while (!missing.isEmpty() && System.nanoTime() < deadline) {
      ConsumerRecords<byte[], byte[]> records = poll(missing, found);
      for (TopicPartition partition : records.partitions()) {
        ConsumerRecord<byte[], byte[]> first = records.records(partition).get(0);
        found.put(partition, Next.of(first));
      }
      List<TopicPartition> done = new ArrayList<>(records.partitions());
      if (records.isEmpty()) {
        for (TopicPartition partition : missing) {
          if (consumer.position(partition) >= ends.get(partition)) {
            found.put(partition, Next.NOTHING);
            done.add(partition);
          }
        }
      }
      missing.removeAll(done);
      consumer.pause(done);
    }
    return Collections.unmodifiableMap(found);
  }

  private ConsumerRecords<byte[], byte[]> poll(
      Set<TopicPartition> missing, Map<TopicPartition, Next> found) {
    try {
      return consumer.poll(ONE_POLL);
    } catch (OffsetOutOfRangeException e) {
      // Retention has passed it in this moment.
      missing.removeAll(e.partitions());
      consumer.pause(e.partitions());
    } catch (KafkaException e) {
      CorruptBatchException damage = CorruptBatchException.in(e).orElseThrow(() -> e);
      found.put(damage.place(), Next.of(damage));
      missing.remove(damage.place());
      // A consumer tells it again with each poll until it forgets what it has of the partition.
      consumer.assign(missing);
    }
    return ConsumerRecords.empty();
  }

  private static Properties properties(KafkaConnection connection, int records) {
    Properties properties = new Properties();
    properties.putAll(connection.properties());
    new TreeMap<>(
            Map.of(
                ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, TEN_SECONDS,
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TEN_SECONDS,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false",
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none",
                ConsumerConfig.ENABLE_METRICS_PUSH_CONFIG, "false",
                ConsumerConfig.METRIC_REPORTER_CLASSES_CONFIG, "",
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, LARGEST_BATCH,
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Integer.toString(records)))
        .forEach(properties::setProperty);
    return properties;
  }

  @Override
  public void close() {
    consumer.close(AT_ONCE);
  }
}
