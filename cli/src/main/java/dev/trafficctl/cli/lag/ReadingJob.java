package dev.trafficctl.cli.lag;

import static dev.trafficctl.cli.flink.Question.answer;

import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.state.StateFile;
import dev.trafficctl.kafka.LostOffsets;
import dev.trafficctl.model.Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * The job that reads. What is asked for in the background may still be on its way.
 *
 * @param name its name
 * @param id its id if it runs, or null
 * @param source its source if it runs, or null
 * @param settings its settings
 * @param newest its newest savepoint or checkpoint, or null
 * @param earlier an older checkpoint, for the rates, or null
 * @param earlierAt when that was triggered, or null
 * @param refresh how old its live offsets can be
 */
record ReadingJob(
    String name,
    JobId id,
    CompletableFuture<LiveOffsets.Source> source,
    Settings settings,
    CompletableFuture<StateFile> newest,
    CompletableFuture<StateFile> earlier,
    Instant earlierAt,
    CompletableFuture<Duration> refresh) {
  /** Whether it runs. */
  boolean runs() {
    return id != null;
  }

  /** The group by which it commits. */
  String group() {
    return settings.kafkaGroup();
  }

  /** The topic that it reads. */
  String topic() {
    return settings.kafkaTopic();
  }

  /** Whether it has checkpoints of which none can be read from here. */
  boolean hidesItsCheckpoints() {
    return earlierAt != null && answer(newest) == null;
  }

  /**
   * The next offsets in its newest savepoint or checkpoint, as far as they are known: one that has
   * offsets of the topic, and none of a partition, has not begun to read that.
   *
   * @param partitions those that there are
   */
  Map<TopicPartition, Long> checkpointed(Set<TopicPartition> partitions) {
    Map<TopicPartition, Long> offsets = offsets(answer(newest));
    if (!offsets.isEmpty()) {
      partitions.stream()
          .filter(partition -> partition.topic().equals(topic()))
          .forEach(partition -> offsets.putIfAbsent(partition, LostOffsets.BEGINNING));
    }
    return offsets;
  }

  /** The next offsets in the older checkpoint, as far as they are known. */
  Map<TopicPartition, Long> earlierOffsets() {
    return offsets(answer(earlier));
  }

  private Map<TopicPartition, Long> offsets(StateFile file) {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    if (file != null) {
      file.next(topic())
          .forEach(
              (partition, offset) -> offsets.put(new TopicPartition(topic(), partition), offset));
    }
    return offsets;
  }
}
