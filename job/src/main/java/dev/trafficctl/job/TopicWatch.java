package dev.trafficctl.job;

import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices while the job runs that its topic was deleted and made anew. A consumer does not: it goes
 * on at its old offset in the new topic, and skips what lies before.
 */
final class TopicWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TopicWatch.class);
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private final Topic topic;
  private final String name;
  private final Uuid expected;
  private final ScheduledExecutorService timer;
  private volatile String change;

  TopicWatch(Properties clientProperties, String name, Uuid expected) {
    this.topic = new Topic(clientProperties, name);
    this.name = name;
    this.expected = expected;
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "topic-watch");
              thread.setDaemon(true);
              return thread;
            });
    var unused =
        timer.scheduleWithFixedDelay(
            this::look, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void look() {
    try {
      Uuid id = topic.id();
      if (!id.equals(expected)) {
        change = changed(name, expected, id);
      }
    } catch (KafkaAnswerException e) {
      // Not known is not changed: the source has its own way with a broker that is away.
      LOG.warn("Could not look whether topic {} is still the same: {}", name, e.getMessage());
    }
  }

  /** What to tell somebody whose topic has another id than the one that was read so far. */
  static String changed(String name, Uuid expected, Uuid id) {
    return "topic '"
        + name
        + "' was deleted and made anew (its id was "
        + expected
        + " and is "
        + id
        + "): the restored offsets belong to the old one. Start the job without state, from"
        + " earliest, to read the new topic; its rows get a source number of their own";
  }

  /** What changed, or null while nothing did. */
  String change() {
    return change;
  }

  @Override
  public void close() {
    timer.shutdownNow();
    topic.close();
  }
}
