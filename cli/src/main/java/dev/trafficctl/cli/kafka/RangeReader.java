package dev.trafficctl.cli.kafka;

import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads all committed events of ranges of offsets, one range after the other, with a consumer that
 * belongs to no group. It holds a few MiB at a time: of an event that is larger only the beginning,
 * see {@link dev.trafficctl.kafka.ValueSize}. Not thread-safe.
 */
public final class RangeReader implements AutoCloseable {
  private static final Duration ONE_POLL = Duration.ofMillis(500);

  private final String topic;
  private final Object servers;
  private final Duration patience;
  private final Consumer<byte[], byte[]> consumer;

  /** Takes what is read. */
  public interface Target {
    /** Takes the next event. */
    void event(ConsumerRecord<byte[], byte[]> event);

    /**
     * Hears how far the range was read.
     *
     * @param offset the offset before which no event is left to read
     * @return whether to go on
     */
    boolean reached(long offset);
  }

  /**
   * With how Kafka is connected to.
   *
   * @param patience how long Kafka may send nothing, before that is a failure
   */
  public RangeReader(KafkaConnection connection, String topic, Duration patience) {
    this.topic = topic;
    this.servers = connection.servers();
    this.patience = patience;
    Properties properties = new Properties();
    properties.putAll(connection.properties());
    properties.setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.setProperty(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    properties.setProperty(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    properties.setProperty(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    properties.setProperty(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "1000");
    properties.setProperty(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, "4194304");
    properties.setProperty(ConsumerConfig.RECEIVE_BUFFER_CONFIG, "1048576");
    this.consumer = new KafkaClients(connection).consumer(properties);
  }

  /**
   * Reads one range. Offsets in it that hold no event (markers of transactions, events of aborted
   * ones, what compaction took) are passed over.
   *
   * @param from the first offset
   * @param to the offset behind the last one, not behind the end of the log
   * @throws CommandException when Kafka sends nothing for too long, or no longer has the events
   */
  public void read(int partition, long from, long to, Target target) {
    TopicPartition place = new TopicPartition(topic, partition);
    try {
      consumer.assign(List.of(place));
      consumer.seek(place, from);
      long position = from;
      long deadline = System.nanoTime() + patience.toNanos();
      while (position < to) {
        for (ConsumerRecord<byte[], byte[]> event : consumer.poll(ONE_POLL)) {
          if (event.offset() < to) {
            target.event(event);
          }
        }
        long reached = Math.min(to, consumer.position(place, patience));
        if (reached > position) {
          position = reached;
          deadline = System.nanoTime() + patience.toNanos();
        } else if (System.nanoTime() > deadline) {
          throw new CommandException(
              ExitCode.UNREACHABLE,
              "Kafka at %s has sent nothing of partition %d behind offset %d for %d s; check that it runs"
                  .formatted(servers, partition, position, patience.toSeconds()));
        }
        if (!target.reached(position)) {
          return;
        }
      }
    } catch (OffsetOutOfRangeException e) {
      throw new CommandException(
          ExitCode.FAILED,
          "Kafka at %s no longer has offset %d of partition %d: it was deleted meanwhile"
              .formatted(servers, e.offsetOutOfRangePartitions().get(place), partition),
          e);
    } catch (KafkaException e) {
      throw KafkaFailure.ofTopic(e, servers, topic);
    }
  }

  @Override
  public void close() {
    consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(1)));
  }
}
