package dev.trafficctl.kafka;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.ClientRequest;
import org.apache.kafka.clients.ClientResponse;
import org.apache.kafka.clients.KafkaClient;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.network.TransferableChannel;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.AbstractRecords;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.Records;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.utils.AbstractIterator;

/**
 * Stands between a consumer and its connections, and bounds what comes from a broker before the
 * consumer looks at it. By itself the consumer makes an object of each header of a record before
 * anybody can say that it does not want them, and takes as many bytes for a value as it claims to
 * have.
 *
 * <p>Kafka's client has no such place, so that it is made by reflection, in the classic consumer
 * (KIP-848 calls it so) of exactly the version that this is built with.
 */
final class FetchedRecords implements InvocationHandler {
  private final KafkaClient client;
  private final PollBudget budget;
  private final Map<Uuid, String> topics = new ConcurrentHashMap<>();
  private final Map<TopicPartition, Long> asked = new ConcurrentHashMap<>();

  private FetchedRecords(KafkaClient client, PollBudget budget) {
    this.client = client;
    this.budget = budget;
  }

  /**
   * Bounds what a consumer is sent from now on.
   *
   * @throws IllegalStateException when it is of another version of Kafka's client
   */
  static void bound(KafkaConsumer<?, ?> consumer, PollBudget budget) {
    try {
      Object delegate = field(consumer, "delegate").get(consumer);
      Object network = field(delegate, "client").get(delegate);
      Field client = field(network, "client");
      client.set(
          network,
          Proxy.newProxyInstance(
              KafkaClient.class.getClassLoader(),
              new Class<?>[] {KafkaClient.class},
              new FetchedRecords((KafkaClient) client.get(network), budget)));
    } catch (ReflectiveOperationException | ClassCastException e) {
      throw new IllegalStateException(
          "this version of Kafka's client is not the one that this was built with", e);
    }
  }

  private static Field field(Object owner, String name) throws NoSuchFieldException {
    Field field = owner.getClass().getDeclaredField(name);
    field.setAccessible(true);
    return field;
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    if (arguments != null && arguments[0] instanceof ClientRequest request) {
      takeNote(request);
    }
    try {
      Object result = method.invoke(client, arguments);
      if (result instanceof List<?> responses) {
        responses.forEach(response -> bound((ClientResponse) response));
      }
      return result;
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private void takeNote(ClientRequest request) {
    if (request.requestBuilder() instanceof FetchRequest.Builder fetch) {
      fetch
          .fetchData()
          .forEach(
              (place, wanted) -> {
                topics.put(wanted.topicId, place.topic());
                asked.put(place, wanted.fetchOffset);
              });
    }
  }

  private void bound(ClientResponse response) {
    if (response.responseBody() instanceof FetchResponse fetched) {
      for (FetchResponseData.FetchableTopicResponse topic : fetched.data().responses()) {
        // Since version 13 (KIP-516) only the id comes back.
        String name = topics.getOrDefault(topic.topicId(), topic.topic());
        topic
            .partitions()
            .forEach(data -> bound(data, new TopicPartition(name, data.partitionIndex())));
      }
    }
  }

  private void bound(FetchResponseData.PartitionData data, TopicPartition place) {
    long from = asked.getOrDefault(place, 0L);
    Records sent = data.records() instanceof Records records ? records : MemoryRecords.EMPTY;
    if (data.errorCode() == Errors.CORRUPT_MESSAGE.code()) {
      data.setErrorCode(Errors.NONE.code());
      sent = new Damaged();
    }
    data.setRecords(new BoundedRecords(sent, place, from, budget));
  }

  /** What a broker sends that cannot make sense of its own log. */
  private static final class Damaged extends AbstractRecords {
    @Override
    public Iterable<? extends RecordBatch> batches() {
      throw new CorruptRecordException("the broker itself says so");
    }

    @Override
    public AbstractIterator<? extends RecordBatch> batchIterator() {
      throw new CorruptRecordException("the broker itself says so");
    }

    @Override
    public int sizeInBytes() {
      return 0;
    }

    @Override
    public Records slice(int position, int size) {
      return this;
    }

    @Override
    public int writeTo(TransferableChannel channel, int position, int length) {
      return 0;
    }
  }
}
