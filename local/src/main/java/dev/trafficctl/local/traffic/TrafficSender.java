package dev.trafficctl.local.traffic;

import dev.trafficctl.kafka.FirstLook;
import dev.trafficctl.kafka.NotKafkaException;
import dev.trafficctl.local.traffic.Acknowledgements.Refusal;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends events to a Kafka topic: without a key, to each partition in turn, so that the same events
 * end up in the same partitions, and stamped by Kafka with the time at which they are sent.
 */
public final class TrafficSender implements AutoCloseable {
  private static final Duration PROGRESS = Duration.ofSeconds(1);
  private static final Duration CLOSE = Duration.ofSeconds(5);

  /** After this long without an answer the broker counts as unreachable. */
  private static final Duration ANSWER = Duration.ofSeconds(15);

  /** Within 30 s in all: an event waits at most this long, counted from when it was handed over. */
  private static final Duration DELIVERY = Duration.ofSeconds(20);

  /**
   * lz4 costs the consumer the least. A record's size is the broker's to judge, so the producer's
   * own limit lies far above it.
   */
  private static final Map<String, Object> DEFAULTS =
      Map.of(
          ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4",
          ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10,
          ProducerConfig.LINGER_MS_CONFIG, 20,
          ProducerConfig.BUFFER_MEMORY_CONFIG, 96L << 20,
          ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 64 << 20);

  private static final Map<String, Object> FIXED =
      Map.of(
          ProducerConfig.ACKS_CONFIG,
          "all",
          ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
          true,
          // On a topic just made the first request may fail and the second succeed, after which the
          // broker takes the first for out of order, again and again.
          ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
          1,
          ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
          (int) ANSWER.toMillis(),
          ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
          (int) DELIVERY.toMillis(),
          ProducerConfig.MAX_BLOCK_MS_CONFIG,
          DELIVERY.toMillis());

  private final Producer<byte[], byte[]> producer;
  private final String topic;
  private final int partitions;
  private final LongSupplier nanoTime;
  private final Pace.Sleeper sleeper;

  TrafficSender(
      Producer<byte[], byte[]> producer,
      String topic,
      int partitions,
      LongSupplier nanoTime,
      Pace.Sleeper sleeper) {
    this.producer = producer;
    this.topic = topic;
    this.partitions = partitions;
    this.nanoTime = nanoTime;
    this.sleeper = sleeper;
  }

  /**
   * Connects to a broker and makes sure that the topic is there; it is never created.
   *
   * @param connection Kafka's client properties: {@code bootstrap.servers} and how to sign in; they
   *     may also set compression, batch size, linger and buffer memory
   * @param topic where the events go
   * @throws TrafficException within 30 s when the broker cannot be reached, refuses the
   *     credentials, or has no such topic
   */
  public static TrafficSender connect(Properties connection, String topic) {
    int partitions = partitions(connection, topic);
    Properties properties = new Properties();
    properties.putAll(DEFAULTS);
    properties.putAll(connection);
    properties.putAll(FIXED);
    try {
      Producer<byte[], byte[]> producer =
          new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
      return new TrafficSender(
          producer, topic, partitions, System::nanoTime, TimeUnit.NANOSECONDS::sleep);
    } catch (KafkaException e) {
      throw notConnected(connection, topic, e);
    }
  }

  /**
   * Sends events until they end, the count is reached, or the thread is interrupted, and waits
   * until the broker has answered for each.
   *
   * <p>An interrupt is consumed: the report tells of it.
   *
   * @param progress called about once a second
   * @throws TrafficException when the broker refuses an event, or the events cannot be read on; it
   *     says how many were acknowledged
   * @throws PartlySentException when that is one or more
   */
  public SendReport send(
      Iterator<TrafficEvent> events, SendOptions options, Consumer<SendProgress> progress) {
    Acknowledgements answers = new Acknowledgements();
    Pace pace = new Pace(options.perSecond(), nanoTime, sleeper);
    long start = nanoTime.getAsLong();
    long reported = start;
    long sentBefore = 0;
    long handedOver = 0;
    boolean interrupted = false;
    try {
      while (handedOver < options.count() && events.hasNext()) {
        if (Thread.interrupted()) {
          interrupted = true;
          break;
        }
        pace.await();
        TrafficEvent event = events.next();
        handedOver++;
        send(handedOver, event, answers);
        if (answers.refusal() != null) {
          break;
        }
        long now = nanoTime.getAsLong();
        if (now - reported >= PROGRESS.toNanos()) {
          long sent = answers.counts().sent();
          progress.accept(new SendProgress(sent, (sent - sentBefore) * 1e9 / (now - reported)));
          sentBefore = sent;
          reported = now;
        }
      }
    } catch (InterruptedException | InterruptException e) {
      interrupted = true;
    } catch (TrafficException e) {
      flush();
      throw failed(
          e.getMessage() + " (" + acknowledged(answers) + " before that)", e, answers, handedOver);
    }
    interrupted |= flush();
    if (answers.refusal() != null) {
      throw refused(answers, handedOver);
    }
    return new SendReport(
        answers.counts(),
        answers.partitions(),
        Duration.ofNanos(nanoTime.getAsLong() - start),
        interrupted);
  }

  /** Ends the connection; what was not answered for by then is given up after 5 s. */
  @Override
  public void close() {
    producer.close(CLOSE);
  }

  // What the future would tell, the callback is told.
  @SuppressWarnings("FutureReturnValueIgnored")
  private void send(long number, TrafficEvent event, Acknowledgements answers) {
    int partition = (int) ((number - 1) % partitions);
    Callback answer = answers.of(number, event);
    try {
      producer.send(new ProducerRecord<>(topic, partition, null, event.value()), answer);
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      answer.onCompletion(null, e);
    }
  }

  /** Waits for every answer, also when interrupted, and tells whether it was. */
  private boolean flush() {
    boolean interrupted = Thread.interrupted();
    while (true) {
      try {
        producer.flush();
        return interrupted;
      } catch (InterruptException e) {
        interrupted = true;
        Thread.interrupted();
      }
    }
  }

  private static int partitions(Properties connection, String topic) {
    Properties properties = new Properties();
    properties.putAll(connection);
    properties.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, (int) ANSWER.toMillis());
    properties.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) ANSWER.toMillis());
    try {
      FirstLook.before(properties);
    } catch (NotKafkaException e) {
      throw notConnected(connection, topic, e);
    }
    try (Admin admin = Admin.create(properties)) {
      TopicDescription description =
          admin.describeTopics(List.of(topic)).topicNameValues().get(topic).get();
      return description.partitions().size();
    } catch (ExecutionException e) {
      throw notConnected(connection, topic, e.getCause());
    } catch (KafkaException e) {
      throw notConnected(connection, topic, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TrafficException("Interrupted before the first event; nothing was sent", e);
    }
  }

  private static TrafficException notConnected(
      Properties connection, String topic, Throwable cause) {
    Object broker = connection.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);
    String what;
    if (cause instanceof UnknownTopicOrPartitionException) {
      what = "The broker at " + broker + " has no topic " + topic + ": create it first";
    } else if (cause instanceof InvalidTopicException) {
      what = "Kafka allows no topic of the name " + topic + ": name another";
    } else if (cause instanceof SslAuthenticationException) {
      what =
          "No TLS with the broker at "
              + broker
              + " ("
              + rootMessage(cause)
              + "): check the address and the trust store";
    } else if (cause instanceof AuthenticationException) {
      what =
          "The broker at " + broker + " does not accept the credentials: check the key and secret";
    } else if (cause instanceof AuthorizationException) {
      what = "The broker at " + broker + " does not let this user see topic " + topic;
    } else if (cause instanceof TimeoutException) {
      what =
          "No answer from a Kafka broker at "
              + broker
              + " within "
              + ANSWER.toSeconds()
              + " s: check that it runs, and whether it wants SASL_SSL";
    } else {
      what =
          "Cannot connect to Kafka at "
              + broker
              + " ("
              + rootMessage(cause)
              + "): check bootstrap.servers and the other client properties";
    }
    return new TrafficException(what, cause);
  }

  private static TrafficException failed(
      String message, Exception cause, Acknowledgements answers, long handedOver) {
    return answers.counts().sent() > 0
        ? new PartlySentException(message, cause, handedOver)
        : new TrafficException(message, cause);
  }

  private TrafficException refused(Acknowledgements answers, long handedOver) {
    Refusal first = answers.refusal();
    String remedy = "";
    if (first.reason() instanceof RecordTooLargeException) {
      remedy = " Raise max.message.bytes of the topic, or leave the event out.";
    } else if (first.reason() instanceof TimeoutException) {
      remedy = " Check that the broker runs.";
    } else if (first.reason() instanceof AuthorizationException) {
      remedy = " Let this user write to the topic.";
    }
    return failed(
        String.format(
            Locale.ROOT,
            "Event %d (%d bytes) did not get into topic %s: %s; %s.%s",
            first.number(),
            first.bytes(),
            topic,
            rootMessage(first.reason()),
            acknowledged(answers),
            remedy),
        first.reason(),
        answers,
        handedOver);
  }

  private static String acknowledged(Acknowledgements answers) {
    long sent = answers.counts().sent();
    return sent == 1 ? "1 event was acknowledged" : sent + " events were acknowledged";
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = root.getMessage();
    return message == null
        ? root.getClass().getSimpleName()
        : message.replaceAll("[\\p{Cntrl}\\s]+", " ").replaceFirst("\\.$", "");
  }
}
