package dev.trafficctl.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class PositionsTest {
  private static final TopicPartition PARTITION = new TopicPartition("t", 0);

  private final Positions positions = new Positions();

  /**
   * A poll that returned the events from one offset up to before another, and passed on further.
   */
  private void polled(long first, long behindLast, long position) {
    List<ConsumerRecord<byte[], byte[]>> events =
        LongStream.range(first, behindLast)
            .mapToObj(offset -> new ConsumerRecord<byte[], byte[]>("t", 0, offset, null, null))
            .toList();
    positions.polled(
        new ConsumerRecords<>(
            events.isEmpty() ? Map.of() : Map.of(PARTITION, events),
            Map.of(PARTITION, new OffsetAndMetadata(position))));
  }

  @Test
  void knowsNothingBeforeTheFirstPoll() {
    assertThat(positions.withoutEvents(PARTITION, 7)).isEqualTo(7);
  }

  @Test
  void passesOnOverWhatHoldsNoEventOnceAllEventsBeforeAreHandedOn() {
    polled(0, 100, 101);

    assertThat(positions.withoutEvents(PARTITION, 99)).isEqualTo(99);
    assertThat(positions.withoutEvents(PARTITION, 100)).isEqualTo(101);
    assertThat(positions.withoutEvents(new TopicPartition("t", 1), 100)).isEqualTo(100);
  }

  @Test
  void passesOnWithPollsThatReturnNoEvent() {
    polled(50, 50, 53);
    assertThat(positions.withoutEvents(PARTITION, 50)).isEqualTo(53);

    polled(53, 60, 60);
    polled(60, 60, 64);
    assertThat(positions.withoutEvents(PARTITION, 53)).isEqualTo(53);
    assertThat(positions.withoutEvents(PARTITION, 60)).isEqualTo(64);
  }
}
