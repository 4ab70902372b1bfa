package dev.trafficctl.cli.lag;

import static dev.trafficctl.cli.flink.Question.answer;
import static dev.trafficctl.cli.flink.Question.ask;

import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.flink.JobVertex;
import dev.trafficctl.cli.flink.SourceMetrics;
import dev.trafficctl.cli.process.Deadline;
import dev.trafficctl.cli.process.Sleeper;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * The offsets that the source of a running job reads next. Flink begins to look for metrics when it
 * is asked: so it is asked before all else, and again for the values when Kafka has answered.
 */
final class LiveOffsets {
  private static final Duration METRICS_COME_AFTER = Duration.ofMillis(200);
  private static final Duration METRICS_COME_BEFORE = Duration.ofMillis(1_200);
  private static final Duration ONE_STEP = Duration.ofMillis(100);

  private final FlinkClient flink;
  private final JobId job;
  private final String topic;
  private final Clock clock;
  private final Sleeper sleeper;
  private final CompletableFuture<Source> source;
  private final CompletableFuture<List<String>> metrics;

  /**
   * The source of a running job.
   *
   * @param asked when Flink had begun to look for metrics
   */
  record Source(JobVertex vertex, Instant asked) {}

  /** Asks in the background what metrics a source has. */
  LiveOffsets(
      FlinkClient flink,
      JobId job,
      CompletableFuture<Source> source,
      String topic,
      Clock clock,
      Sleeper sleeper) {
    this.flink = flink;
    this.job = job;
    this.topic = topic;
    this.clock = clock;
    this.sleeper = sleeper;
    this.source = source;
    this.metrics =
        ask(
            () -> {
              Source known = answer(source);
              return known == null
                  ? List.of()
                  : flink.metrics().sourceMetricNames(job, known.vertex, topic);
            });
  }

  /**
   * The source of a job, or null if Flink knows none. For a job's details Flink looks for metrics,
   * too (JobDetailsHandler).
   */
  static Source source(FlinkClient flink, JobId job, Clock clock) {
    return flink.job(job).stream()
        .flatMap(details -> details.vertices().stream())
        .filter(each -> each.name().startsWith("Source:"))
        .findFirst()
        .map(vertex -> new Source(vertex, clock.instant()))
        .orElse(null);
  }

  /**
   * Waits about a second at most for values that are of now. The first answer may be as old as the
   * last question of anybody. A source never commits what it has not read: an offset before the
   * committed one is such an old answer, or the job was started again from further back.
   *
   * @param committed the offsets that the job's group has committed, or null
   * @return nothing if Flink does not tell yet, or knows no source
   */
  SourceMetrics await(Map<TopicPartition, Long> committed, List<String> notes) {
    Source known = answer(source);
    if (known == null) {
      return SourceMetrics.none();
    }
    List<String> names = new ArrayList<>(answer(metrics));
    Duration since = Duration.between(known.asked, clock.instant());
    if (since.compareTo(METRICS_COME_AFTER) < 0) {
      sleeper.pause(METRICS_COME_AFTER.minus(since));
    }
    SourceMetrics seen =
        new Deadline(clock, sleeper, known.asked, METRICS_COME_BEFORE, ONE_STEP, ONE_STEP)
            .until(
                () -> {
                  if (names.isEmpty()) {
                    names.addAll(flink.metrics().sourceMetricNames(job, known.vertex, topic));
                  }
                  return flink.metrics().sourceMetrics(job, known.vertex, names);
                },
                values -> !values.partitions().isEmpty() && !isOld(values, committed));
    if (seen.partitions().isEmpty()) {
      notes.add("Flink does not tell yet what the source reads; ask again soon");
    }
    return seen;
  }

  private boolean isOld(SourceMetrics metrics, Map<TopicPartition, Long> committed) {
    return committed != null
        && metrics.partitions().entrySet().stream()
            .anyMatch(
                each -> {
                  Long next = each.getValue().next();
                  Long last = committed.get(new TopicPartition(topic, each.getKey()));
                  return next != null && last != null && next < last;
                });
  }
}
