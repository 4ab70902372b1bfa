package dev.trafficctl.cli.lag;

import static dev.trafficctl.cli.flink.Question.answer;

import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.flink.SourceMetrics;
import dev.trafficctl.cli.journal.Journal;
import dev.trafficctl.cli.kafka.GroupLog;
import dev.trafficctl.cli.kafka.JobTopic;
import dev.trafficctl.cli.kafka.KafkaConnection;
import dev.trafficctl.cli.kafka.TopicRetention;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.process.Sleeper;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;

/** Finds out how far behind a job or a group is: asks Flink and Kafka at the same time. */
public final class LagReader implements AutoCloseable {
  private static final Comparator<TopicPartition> ORDER =
      Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition);
  private static final Duration ONE_MINUTE = Duration.ofMinutes(1);

  private final Cluster cluster;
  private final LagRequest request;
  private final ReadingJobFinder jobs;
  private final OpenKafka kafka;
  private final Clock clock;
  private final Sleeper sleeper;

  /**
   * With what is wanted and where it is looked for.
   *
   * @param kafka how a Kafka is asked that is connected to in this way
   */
  public LagReader(
      Cluster cluster,
      Journal journal,
      LagRequest request,
      Function<KafkaConnection, GroupLog> kafka,
      Clock clock,
      Sleeper sleeper) {
    this.cluster = cluster;
    this.request = request;
    this.jobs = new ReadingJobFinder(cluster, journal, request, clock);
    this.kafka = new OpenKafka(kafka);
    this.clock = clock;
    this.sleeper = sleeper;
  }

  /**
   * Reads everything once.
   *
   * @throws CommandException when Flink or Kafka cannot be asked, or know nothing of what is wanted
   */
  public LagReading read() {
    List<String> notes = new ArrayList<>();
    if (cluster.kafkaUrl() != null) {
      kafka.open(KafkaConnection.of(cluster));
    }
    ReadingJob found = jobs.find(notes);
    // For another group than its own, a job only tells where Kafka is.
    ReadingJob job = found != null && isMeant(found.group()) ? found : null;
    String group = job == null ? request.group() : job.group();
    String topic = job == null || request.topic() != null ? request.topic() : job.topic();
    LiveOffsets live =
        job != null && job.runs() && job.topic().equals(topic)
            ? new LiveOffsets(cluster.flink(), job.id(), job.source(), topic, clock, sleeper)
            : null;
    if (found != null) {
      kafka.open(JobTopic.of(found.settings(), cluster).connection());
    }
    Instant now = clock.instant();
    Instant before =
        job != null && job.earlierAt() != null ? job.earlierAt() : now.minus(ONE_MINUTE);
    GroupLog log = kafka.log();
    GroupLog.Reading reading = log.read(group, topic == null ? null : Set.of(topic), before);
    Instant at = clock.instant();
    notes.addAll(reading.problems());
    checkGroup(log, group, topic, reading);
    SourceMetrics metrics =
        live == null ? SourceMetrics.none() : live.await(reading.committed(), notes);
    SortedMap<TopicPartition, LagReading.Partition> partitions =
        partitions(
            reading,
            metrics,
            job == null ? Map.of() : job.checkpointed(reading.partitions().keySet()));
    if (job != null && job.hidesItsCheckpoints()) {
      notes.add(
          0,
          "the job's checkpoints cannot be read from this machine, so that the checkpointed offsets"
              + " are not known");
    }
    lookAtNextEvents(log, partitions, notes);
    noteLimitsOfSize(partitions, reading.retention(), notes);
    return new LagReading(
        at,
        job == null ? null : job.name(),
        job == null || !job.runs() ? null : job.id().text(),
        job == null ? null : (Boolean) job.runs(),
        group,
        job == null ? RefreshInterval.DEFAULT : answer(job.refresh()),
        partitions,
        metrics.readPerSecond(),
        new LagReading.Earlier(
            before, earlierEnds(reading), job == null ? Map.of() : job.earlierOffsets()),
        notes);
  }

  private boolean isMeant(String group) {
    return request.group() == null || request.group().equals(group);
  }

  private void checkGroup(GroupLog log, String group, String topic, GroupLog.Reading reading) {
    boolean nothing = reading.committed() != null && reading.committed().isEmpty();
    if (request.group() != null && nothing && !log.hasGroup(group)) {
      throw new CommandException(
          ExitCode.FAILED,
          "Kafka at "
              + kafka.servers()
              + " has no group '"
              + group
              + "' with members or offsets; check the name");
    }
    if (topic == null && nothing) {
      throw new CommandException(
          ExitCode.FAILED,
          "the group '" + group + "' has committed nothing; say which topic: --topic TOPIC");
    }
  }

  private static SortedMap<TopicPartition, LagReading.Partition> partitions(
      GroupLog.Reading reading, SourceMetrics metrics, Map<TopicPartition, Long> checkpointed) {
    SortedMap<TopicPartition, LagReading.Partition> partitions = new TreeMap<>(ORDER);
    reading
        .partitions()
        .forEach(
            (at, range) -> {
              SourceMetrics.Read read = metrics.partitions().get(at.partition());
              TopicRetention retention = reading.retention().get(at.topic());
              partitions.put(
                  at,
                  new LagReading.Partition(
                      range.start(),
                      range.end(),
                      reading.committed() == null ? null : reading.committed().get(at),
                      checkpointed.get(at),
                      read == null ? null : read.next(),
                      read == null ? null : read.subtask(),
                      null,
                      false,
                      retention == null ? null : retention.age(),
                      range.open()));
            });
    return partitions;
  }

  private static Map<TopicPartition, Long> earlierEnds(GroupLog.Reading reading) {
    Map<TopicPartition, Long> ends = new HashMap<>();
    reading
        .partitions()
        .forEach(
            (at, range) -> {
              if (range.endBefore() != null) {
                ends.put(at, range.endBefore());
              }
            });
    return ends;
  }

  /** Looks at the next event of each partition that lags. */
  private static void lookAtNextEvents(
      GroupLog log,
      SortedMap<TopicPartition, LagReading.Partition> partitions,
      List<String> notes) {
    Map<TopicPartition, Long> from = new HashMap<>();
    Map<TopicPartition, Long> ends = new HashMap<>();
    partitions.forEach(
        (at, known) -> {
          Long lag = known.lagOf(known.next());
          if (lag != null && lag > 0 && !known.waits()) {
            from.put(at, Math.max(known.next(), known.start()));
            ends.put(at, known.stable());
          }
        });
    if (!from.isEmpty()) {
      log.next(from, ends)
          .forEach(
              (at, found) -> {
                partitions.put(at, partitions.get(at).withNextEvent(found));
                if (found.problem() != null) {
                  notes.add(found.problem());
                }
              });
    }
  }

  private static void noteLimitsOfSize(
      SortedMap<TopicPartition, LagReading.Partition> partitions,
      Map<String, TopicRetention> retention,
      List<String> notes) {
    partitions.entrySet().stream()
        .filter(each -> each.getValue().nextEvent() != null)
        .map(each -> each.getKey().topic())
        .distinct()
        .filter(topic -> retention.containsKey(topic) && retention.get(topic).bytes() != null)
        .forEach(
            topic ->
                notes.add(
                    "topic "
                        + topic
                        + " has a largest size (retention.bytes): Kafka may delete events before"
                        + " their time"));
  }

  @Override
  public void close() {
    kafka.close();
  }
}
