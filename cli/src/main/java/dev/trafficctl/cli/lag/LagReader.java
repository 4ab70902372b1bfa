package dev.trafficctl.cli.lag;

import static dev.trafficctl.cli.flink.Question.answer;
import static dev.trafficctl.cli.flink.Question.ask;

import dev.trafficctl.cli.CommandException;
import dev.trafficctl.cli.ExitCode;
import dev.trafficctl.cli.Sleeper;
import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.flink.Checkpoint;
import dev.trafficctl.cli.flink.Checkpoints;
import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.FlinkErrorException;
import dev.trafficctl.cli.flink.JobDetails;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.flink.SourceMetrics;
import dev.trafficctl.cli.flink.Vertex;
import dev.trafficctl.cli.journal.Journal;
import dev.trafficctl.cli.kafka.GroupLog;
import dev.trafficctl.cli.kafka.JobTopic;
import dev.trafficctl.cli.kafka.KafkaConnection;
import dev.trafficctl.cli.kafka.TopicRetention;
import dev.trafficctl.cli.operation.KnownJob;
import dev.trafficctl.cli.state.StateFile;
import dev.trafficctl.cli.state.StateReader;
import dev.trafficctl.cli.state.StateReading;
import dev.trafficctl.model.Settings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;

/** Finds out how far behind a job or a group is: asks Flink and Kafka at the same time. */
public final class LagReader implements AutoCloseable {
  private static final Comparator<TopicPartition> ORDER =
      Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition);
  private static final Duration DEFAULT_REFRESH = Duration.ofSeconds(10);
  private static final Duration METRICS_COME_AFTER = Duration.ofMillis(200);
  private static final Duration METRICS_COME_BEFORE = Duration.ofMillis(1_200);
  private static final Duration ONE_STEP = Duration.ofMillis(100);
  private static final Duration ONE_MINUTE = Duration.ofMinutes(1);
  // Live offsets can be a second old: over less than this they tell no rate.
  private static final Duration SHORTEST = Duration.ofSeconds(5);
  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final Pattern MILLIS = Pattern.compile("(\\d{1,9})(?: ?ms)?");
  private static final Pattern SECONDS = Pattern.compile("(\\d{1,6}) ?s");

  private final Cluster cluster;
  private final FlinkClient flink;
  private final Journal journal;
  private final LagRequest request;
  private final Function<Properties, GroupLog> kafka;
  private final Clock clock;
  private final Sleeper sleeper;
  private final StateReader states = new StateReader();
  private final Map<String, StateFile> files = new ConcurrentHashMap<>();
  private CompletableFuture<GroupLog> log;
  private Properties logOf;

  /**
   * With what is wanted and where it is looked for.
   *
   * @param kafka how a Kafka is asked that is reached with these properties
   */
  public LagReader(
      Cluster cluster,
      Journal journal,
      LagRequest request,
      Function<Properties, GroupLog> kafka,
      Clock clock,
      Sleeper sleeper) {
    this.cluster = cluster;
    this.flink = cluster.flink();
    this.journal = journal;
    this.request = request;
    this.kafka = kafka;
    this.clock = clock;
    this.sleeper = sleeper;
  }

  /**
   * The job that reads.
   *
   * @param name its name
   * @param running the job as Flink knows it if it runs, or null
   * @param settings its settings
   * @param state its newest savepoint or checkpoint, or null
   * @param earlier an older one, for the rates, or null
   * @param earlierAt when that was triggered, or null
   * @param config of Flink; it says how old its metrics can be
   */
  private record Reader(
      String name,
      JobSummary running,
      Settings settings,
      CompletableFuture<StateFile> state,
      CompletableFuture<StateFile> earlier,
      Instant earlierAt,
      CompletableFuture<Map<String, String>> config) {}

  /** What is asked of the running job's source while Kafka is asked. */
  private record Source(Vertex vertex, List<String> names, Instant asked) {}

  /**
   * Reads everything once.
   *
   * @throws CommandException when Flink or Kafka cannot be asked, or know nothing of what is wanted
   */
  public LagReading read() {
    List<String> notes = new ArrayList<>();
    if (cluster.kafkaUrl() != null) {
      open(connection(null));
    }
    Reader job = job(notes);
    boolean ofJob = job != null && (request.group() == null || request.group().equals(group(job)));
    String group = request.group() != null ? request.group() : job == null ? null : group(job);
    String topic = request.topic() != null || !ofJob ? request.topic() : job.settings.kafkaTopic();
    CompletableFuture<Source> source =
        ofJob && job.running != null && job.settings.kafkaTopic().equals(topic)
            ? ask(() -> source(job.running, topic))
            : CompletableFuture.completedFuture(null);
    open(connection(job == null ? null : job.settings));
    Instant now = clock.instant();
    Instant before = ofJob && job.earlierAt != null ? job.earlierAt : now.minus(ONE_MINUTE);
    GroupLog open = answer(log);
    GroupLog.Reading reading = open.read(group, topic == null ? null : Set.of(topic), before);
    Instant at = clock.instant();
    notes.addAll(reading.problems());
    checkGroup(open, group, topic, reading);
    SourceMetrics metrics = metrics(job, topic, answer(source), reading, notes);
    SortedMap<TopicPartition, LagReading.Partition> partitions =
        partitions(reading, metrics, ofJob ? job : null, topic);
    if (ofJob && job.earlierAt != null && answer(job.state) == null) {
      notes.add(
          0,
          "the job's checkpoints cannot be read from this machine, so that the checkpointed offsets"
              + " are not known");
    }
    look(open, partitions);
    note(partitions, reading, notes);
    Map<TopicPartition, Long> ends = new HashMap<>();
    reading
        .partitions()
        .forEach(
            (partition, range) -> {
              if (range.endBefore() != null) {
                ends.put(partition, range.endBefore());
              }
            });
    return new LagReading(
        at,
        ofJob ? job.name : null,
        ofJob && job.running != null ? job.running.id().text() : null,
        ofJob ? Boolean.valueOf(job.running != null) : null,
        group,
        ofJob ? refresh(answer(job.config)) : DEFAULT_REFRESH,
        partitions,
        metrics.readPerSecond(),
        new LagReading.Earlier(before, ends, earlierOffsets(ofJob ? job : null, topic)),
        notes);
  }

  private static String group(Reader job) {
    return job.settings.kafkaGroup();
  }

  private Reader job(List<String> notes) {
    try {
      KnownJob known = KnownJob.find(cluster, journal, request.job()).orElse(null);
      JobSummary running = known == null ? null : known.running().orElse(null);
      return running == null ? gone(known, notes) : running(known, running);
    } catch (CommandException e) {
      boolean enough = request.group() != null && request.job() == null;
      if (enough && cluster.kafkaUrl() != null && e.exitCode() == ExitCode.UNREACHABLE) {
        notes.add(e.getMessage() + "; this is what Kafka alone tells");
        return null;
      }
      throw e;
    }
  }

  private Reader running(KnownJob known, JobSummary job) {
    CompletableFuture<Checkpoints> checkpoints =
        ask(() -> flink.checkpoints(job.id()).orElse(null));
    CompletableFuture<Map<String, String>> config = ask(this::clusterConfig);
    Settings settings = settings(known);
    List<Checkpoint> restorable = restorable(answer(checkpoints));
    Instant now = clock.instant();
    Checkpoint earlier =
        restorable.stream()
            .filter(each -> isOf(each, now.minus(LONGEST), now.minus(SHORTEST)))
            .findFirst()
            .orElse(null);
    // To read them takes as long as to ask Kafka, so that it is done meanwhile.
    return new Reader(
        job.name(),
        job,
        settings,
        ask(() -> newest(restorable)),
        ask(() -> earlier == null ? null : file(earlier.path())),
        earlier == null ? null : earlier.triggered(),
        config);
  }

  private static boolean isOf(Checkpoint checkpoint, Instant from, Instant to) {
    return !checkpoint.triggered().isBefore(from) && !checkpoint.triggered().isAfter(to);
  }

  private StateFile newest(List<Checkpoint> checkpoints) {
    for (Checkpoint checkpoint : checkpoints) {
      StateFile file = file(checkpoint.path());
      if (file != null) {
        return file;
      }
    }
    return null;
  }

  private static List<Checkpoint> restorable(Checkpoints checkpoints) {
    if (checkpoints == null) {
      return List.of();
    }
    List<Checkpoint> all = new ArrayList<>(checkpoints.history());
    if (all.isEmpty() && checkpoints.latestCompleted() != null) {
      all.add(checkpoints.latestCompleted());
    }
    return all.stream()
        .filter(Checkpoint::restorable)
        .sorted(Comparator.comparing(Checkpoint::triggered).reversed())
        // Of what is older Flink may not have told yet that it is gone.
        .limit(3)
        .toList();
  }

  private Reader gone(KnownJob job, List<String> notes) {
    boolean startIsKnown = job != null && job.start().isPresent();
    boolean enough = request.job() == null && (request.group() != null || request.topic() != null);
    if (!startIsKnown && enough && cluster.kafkaUrl() != null) {
      return null;
    }
    if (job == null) {
      throw KnownJob.none(cluster);
    }
    Settings settings = settings(job);
    StateFile state = job.newestState().orElse(null);
    if (request.group() == null || request.group().equals(settings.kafkaGroup())) {
      notes.add(
          "no job "
              + job.name()
              + " runs: these are the offsets that its group has committed"
              + (state == null ? "" : ", and those in " + state.path()));
    }
    return new Reader(
        job.name(),
        null,
        settings,
        CompletableFuture.completedFuture(state),
        CompletableFuture.completedFuture(null),
        null,
        CompletableFuture.completedFuture(Map.of()));
  }

  private Settings settings(KnownJob job) {
    return job.settings("ask for a group: " + cluster.command("lag", "--group", "GROUP"));
  }

  private Map<String, String> clusterConfig() {
    try {
      return flink.clusterConfig();
    } catch (FlinkErrorException e) {
      // It only says how often metrics are renewed.
      return Map.of();
    }
  }

  private static Duration refresh(Map<String, String> config) {
    String text = config.getOrDefault("metrics.fetcher.update-interval", "");
    if (MILLIS.matcher(text).matches()) {
      return Duration.ofMillis(Long.parseLong(text.replaceAll("\\D", "")));
    }
    return SECONDS.matcher(text).matches()
        ? Duration.ofSeconds(Long.parseLong(text.replaceAll("\\D", "")))
        : DEFAULT_REFRESH;
  }

  private StateFile file(String path) {
    StateFile before = files.get(path);
    if (before != null) {
      return before;
    }
    StateFile file =
        states.readKnown(path) instanceof StateReading.Whole whole ? whole.file() : null;
    if (file != null) {
      files.put(path, file);
    }
    return file;
  }

  private Properties connection(Settings settings) {
    return settings == null
        ? KafkaConnection.of(cluster)
        : JobTopic.of(settings, cluster).connection();
  }

  /** Begins to connect, unless that was done with the same properties. */
  private void open(Properties properties) {
    if (log != null && properties.equals(logOf)) {
      return;
    }
    close();
    logOf = properties;
    log = ask(() -> kafka.apply(properties));
  }

  private void checkGroup(GroupLog open, String group, String topic, GroupLog.Reading reading) {
    boolean given = request.group() != null;
    boolean nothing = reading.committed() != null && reading.committed().isEmpty();
    if (given && nothing && !open.hasGroup(group)) {
      throw new CommandException(
          ExitCode.FAILED,
          "Kafka at "
              + logOf.get("bootstrap.servers")
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

  private Source source(JobSummary job, String topic) {
    JobDetails details = flink.job(job.id()).orElse(null);
    Vertex vertex =
        details == null
            ? null
            : details.vertices().stream()
                .filter(each -> each.name().startsWith("Source:"))
                .findFirst()
                .orElse(null);
    return vertex == null
        ? null
        : new Source(vertex, flink.sourceMetricNames(job.id(), vertex, topic), clock.instant());
  }

  /**
   * Flink begins to look for metrics when it is asked, so that the first answer may be as old as
   * the last question of anybody. A source never commits what it has not read: an offset before the
   * committed one is such an old answer, or the job was started again from further back.
   */
  private SourceMetrics metrics(
      Reader job, String topic, Source source, GroupLog.Reading reading, List<String> notes) {
    if (source == null) {
      return SourceMetrics.none();
    }
    List<String> names = source.names;
    Duration since = Duration.between(source.asked, clock.instant());
    if (since.compareTo(METRICS_COME_AFTER) < 0) {
      sleeper.pause(METRICS_COME_AFTER.minus(since));
    }
    while (true) {
      if (names.isEmpty()) {
        names = flink.sourceMetricNames(job.running.id(), source.vertex, topic);
      }
      SourceMetrics metrics = flink.sourceMetrics(job.running.id(), source.vertex, names);
      boolean inTime =
          Duration.between(source.asked, clock.instant()).compareTo(METRICS_COME_BEFORE) < 0;
      boolean useful = !metrics.partitions().isEmpty() && !isOld(metrics, topic, reading);
      if (useful || !inTime) {
        if (metrics.partitions().isEmpty()) {
          notes.add("Flink does not tell yet what the source reads; ask again soon");
        }
        return metrics;
      }
      sleeper.pause(ONE_STEP);
    }
  }

  private static boolean isOld(SourceMetrics metrics, String topic, GroupLog.Reading reading) {
    return reading.committed() != null
        && metrics.partitions().entrySet().stream()
            .anyMatch(
                each -> {
                  Long next = each.getValue().next();
                  Long committed =
                      reading.committed().get(new TopicPartition(topic, each.getKey()));
                  return next != null && committed != null && next < committed;
                });
  }

  private static SortedMap<TopicPartition, LagReading.Partition> partitions(
      GroupLog.Reading reading, SourceMetrics metrics, Reader job, String topic) {
    SortedMap<TopicPartition, LagReading.Partition> partitions = new TreeMap<>(ORDER);
    Map<Integer, Long> checkpointed = offsets(job, job == null ? null : answer(job.state), topic);
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
                      checkpointed.get(at.partition()),
                      read == null ? null : read.next(),
                      read == null ? null : read.subtask(),
                      null,
                      false,
                      retention == null ? null : retention.age()));
            });
    return partitions;
  }

  private static Map<Integer, Long> offsets(Reader job, StateFile state, String topic) {
    boolean ofTopic = state != null && job.settings.kafkaTopic().equals(topic);
    return ofTopic ? state.nextOffsets() : Map.of();
  }

  private static Map<TopicPartition, Long> earlierOffsets(Reader job, String topic) {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    offsets(job, job == null ? null : answer(job.earlier), topic)
        .forEach((partition, offset) -> offsets.put(new TopicPartition(topic, partition), offset));
    return offsets;
  }

  /** Looks at the next event of each partition that lags. */
  private static void look(
      GroupLog open, SortedMap<TopicPartition, LagReading.Partition> partitions) {
    Map<TopicPartition, Long> from = new HashMap<>();
    Map<TopicPartition, Long> ends = new HashMap<>();
    partitions.forEach(
        (at, known) -> {
          Long lag = known.lagOf(known.next());
          if (lag != null && lag > 0) {
            from.put(at, Math.max(known.next(), known.start()));
            ends.put(at, known.end());
          }
        });
    if (from.isEmpty()) {
      return;
    }
    open.next(from, ends)
        .forEach(
            (at, time) -> {
              LagReading.Partition known = partitions.get(at);
              partitions.put(
                  at,
                  new LagReading.Partition(
                      known.start(),
                      known.end(),
                      known.committed(),
                      known.checkpointed(),
                      known.live(),
                      known.subtask(),
                      time,
                      time == null,
                      known.retention()));
            });
  }

  private static void note(
      SortedMap<TopicPartition, LagReading.Partition> partitions,
      GroupLog.Reading reading,
      List<String> notes) {
    partitions.entrySet().stream()
        .filter(each -> each.getValue().nextEvent() != null)
        .map(each -> each.getKey().topic())
        .distinct()
        .filter(
            topic ->
                reading.retention().containsKey(topic)
                    && reading.retention().get(topic).bytes() != null)
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
    if (log != null) {
      // A client that could not be made needs no end; that it could not was told.
      log = log.whenComplete((made, failure) -> end(made));
      log = null;
    }
  }

  private static void end(GroupLog made) {
    if (made != null) {
      made.close();
    }
  }
}
