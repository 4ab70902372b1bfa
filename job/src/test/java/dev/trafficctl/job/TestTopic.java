package dev.trafficctl.job;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;

/** A topic of one test's own. */
final class TestTopic implements AutoCloseable {
  private final Admin admin;
  private final KafkaProducer<byte[], byte[]> producer;
  private final String name;
  private final int partitions;
  private final Properties kafka;

  TestTopic(RunningStack stack, int partitions) throws Exception {
    this(stack, "test-" + UUID.randomUUID(), partitions);
  }

  TestTopic(RunningStack stack, String name, int partitions) throws Exception {
    this.partitions = partitions;
    this.kafka = stack.kafka();
    this.name = name;
    admin = Admin.create(stack.kafka());
    var properties = stack.kafka();
    properties.put("max.request.size", 32 << 20);
    properties.put("buffer.memory", 64 << 20);
    // On a topic just made the first request may fail and the second succeed, after which the
    // broker takes the first for out of order, again and again.
    properties.put("max.in.flight.requests.per.connection", 1);
    producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    create();
  }

  private void create() throws Exception {
    admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1))).all().get();
    // The broker answers before all of it knows the topic.
    Awaitility.await("topic " + name).until(() -> admin.listTopics().names().get().contains(name));
  }

  String name() {
    return name;
  }

  /** The id that Kafka has given it, as state tells it. */
  String id() throws Exception {
    return admin.describeTopics(List.of(name)).allTopicNames().get().get(name).topicId().toString();
  }

  /** Sends values to a partition and returns the offset of the last. */
  long send(int partition, List<byte[]> values) throws Exception {
    return send(producer, partition, values);
  }

  private long send(KafkaProducer<byte[], byte[]> with, int partition, List<byte[]> values)
      throws Exception {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (byte[] value : values) {
      sent.add(with.send(new ProducerRecord<>(name, partition, null, value)));
    }
    long last = -1;
    for (Future<RecordMetadata> one : sent) {
      last = one.get().offset();
    }
    return last;
  }

  /** Sends one value with a Kafka timestamp. */
  void send(int partition, byte[] value, long timestamp) throws Exception {
    producer.send(new ProducerRecord<>(name, partition, timestamp, null, value)).get();
  }

  /** Sends values to a partition in one transaction, whose mark takes the offset behind them. */
  void sendCommitted(int partition, List<byte[]> values) throws Exception {
    transaction(partition, values, KafkaProducer::commitTransaction);
  }

  /** Sends values that no reader of committed events gets to see, with a mark behind them. */
  void sendAborted(int partition, List<byte[]> values) throws Exception {
    transaction(partition, values, KafkaProducer::abortTransaction);
  }

  private void transaction(
      int partition, List<byte[]> values, Consumer<KafkaProducer<byte[], byte[]>> end)
      throws Exception {
    Properties properties = new Properties();
    properties.putAll(kafka);
    properties.put("transactional.id", name);
    try (KafkaProducer<byte[], byte[]> transactional =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      transactional.initTransactions();
      transactional.beginTransaction();
      send(transactional, partition, values);
      end.accept(transactional);
    }
  }

  /** Deletes what lies before an offset, as retention does. */
  void deleteBefore(int partition, long offset) throws Exception {
    admin
        .deleteRecords(
            Map.of(new TopicPartition(name, partition), RecordsToDelete.beforeOffset(offset)))
        .all()
        .get();
  }

  /** Deletes the topic and makes another of the same name. */
  void makeAnew() throws Exception {
    admin.deleteTopics(List.of(name)).all().get();
    Awaitility.await("topic " + name + " is gone")
        .until(() -> !admin.listTopics().names().get().contains(name));
    create();
  }

  void addPartitions(int total) throws Exception {
    admin
        .createPartitions(
            Map.of(name, org.apache.kafka.clients.admin.NewPartitions.increaseTo(total)))
        .all()
        .get();
  }

  void commit(String group, Map<Integer, Long> offsets) throws Exception {
    Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
    offsets.forEach(
        (partition, offset) ->
            committed.put(new TopicPartition(name, partition), new OffsetAndMetadata(offset)));
    admin.alterConsumerGroupOffsets(group, committed).all().get();
  }

  @Override
  public void close() {
    producer.close();
    try {
      admin.deleteTopics(List.of(name)).all().get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("Topic " + name + " cannot be deleted", e);
    } finally {
      admin.close();
    }
  }
}
