package dev.trafficctl.local.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.trafficctl.local.Distribution;
import dev.trafficctl.local.LocalStack;
import dev.trafficctl.local.StackOptions;
import dev.trafficctl.local.traffic.SendReport.Offsets;
import dev.trafficctl.local.traffic.TrafficEvent.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrafficSenderIT {
  @TempDir static Path directory;
  private static LocalStack stack;
  private static final Properties CONNECTION = new Properties();

  @BeforeAll
  static void bringUp() {
    stack = LocalStack.in(directory, Distribution.ofCheckout(Path.of("..")));
    stack.up(StackOptions.onFreePorts(), line -> {});
    CONNECTION.putAll(stack.status().addresses().kafkaClient());
    CONNECTION.put("bootstrap.servers", stack.status().addresses().kafka());
  }

  @AfterAll
  static void takeDown() {
    stack.down(true, line -> {});
  }

  @Test
  void everyEventIsInTheTopicOnceInItsPlace() throws Exception {
    createTopic("all", 3);
    SendReport report;
    try (TrafficSender sender = TrafficSender.connect(CONNECTION, "all")) {
      report = sender.send(traffic(), SendOptions.everything().withCount(10_000), p -> {});
    }

    assertThat(report.counts()).isEqualTo(new TrafficCounts(10_000, 494, 520));
    assertThat(report.partitions())
        .isEqualTo(
            new TreeMap<>(
                Map.of(
                    0, new Offsets(0, 3_333), 1, new Offsets(0, 3_332), 2, new Offsets(0, 3_332))));
    TrafficGenerator again = traffic();
    List<List<byte[]>> stored = read("all", 3, 10_000);
    for (int i = 0; i < 10_000; i++) {
      assertThat(stored.get(i % 3).get(i / 3)).isEqualTo(again.next().value());
    }
  }

  @Test
  void aRefusedEventFailsTheRun() throws Exception {
    createTopic("small", 1);
    byte[] large = new byte[3 << 20];
    new Random(1).nextBytes(large);
    List<TrafficEvent> events =
        List.of(new TrafficEvent(new byte[1], Kind.BAD), new TrafficEvent(large, Kind.BAD));

    try (TrafficSender sender = TrafficSender.connect(CONNECTION, "small")) {
      assertThatExceptionOfType(TrafficException.class)
          .isThrownBy(() -> sender.send(events.iterator(), SendOptions.everything(), p -> {}))
          .withMessage(
              "Event 2 (3145728 bytes) did not get into topic small: The request included a"
                  + " message larger than the max message size the server will accept; 1 event was"
                  + " acknowledged. Raise max.message.bytes of the topic, or leave the event out.");
    }
  }

  @Test
  void aMissingTopicIsNamed() {
    assertThatExceptionOfType(TrafficException.class)
        .isThrownBy(() -> TrafficSender.connect(CONNECTION, "nowhere").close())
        .withMessage(
            "The broker at "
                + CONNECTION.get("bootstrap.servers")
                + " has no topic nowhere: create it first");
  }

  private static TrafficGenerator traffic() {
    return new TrafficGenerator(1, () -> 1_700_000_000_000L, 5, 5);
  }

  private static void createTopic(String name, int partitions)
      throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(CONNECTION)) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(name, partitions, (short) 1)
                      .configs(Map.of("max.message.bytes", "1048588"))))
          .all()
          .get();
    }
  }

  private static List<List<byte[]>> read(String topic, int partitions, int count) {
    List<List<byte[]>> values = new ArrayList<>();
    List<TopicPartition> all = new ArrayList<>();
    for (int i = 0; i < partitions; i++) {
      values.add(new ArrayList<>());
      all.add(new TopicPartition(topic, i));
    }
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(CONNECTION, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(all);
      consumer.seekToBeginning(all);
      int read = 0;
      while (read < count) {
        ConsumerRecords<byte[], byte[]> batch = consumer.poll(Duration.ofSeconds(20));
        assertThat(batch).as("what follows record %d", read).isNotEmpty();
        batch.forEach(each -> values.get(each.partition()).add(each.value()));
        read += batch.count();
      }
    }
    return values;
  }
}
