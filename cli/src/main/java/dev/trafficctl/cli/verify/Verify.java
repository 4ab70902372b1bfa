package dev.trafficctl.cli.verify;

import dev.trafficctl.cli.kafka.KafkaConnection;
import dev.trafficctl.cli.kafka.KafkaTopics;
import dev.trafficctl.cli.output.Progress;
import dev.trafficctl.cli.postgres.EventTables;
import dev.trafficctl.cli.postgres.JobDatabase;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.verify.Difference.Kind;
import dev.trafficctl.model.Settings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.common.Uuid;

/** Reads ranges of a topic again, and compares them with the rows in Postgres. */
public final class Verify {

  private final KafkaConnection kafka;
  private final JobDatabase database;
  private final Settings settings;
  private final Clock clock;
  private final Progress progress;

  /**
   * With where events and rows are.
   *
   * @param kafka how Kafka is connected to
   * @param settings those of the job: its topic, filter and times
   */
  public Verify(
      KafkaConnection kafka,
      JobDatabase database,
      Settings settings,
      Clock clock,
      Progress progress) {
    this.kafka = kafka;
    this.database = database;
    this.settings = settings;
    this.clock = clock;
    this.progress = progress;
  }

  /**
   * Runs it.
   *
   * @param limit how many differences are kept
   * @param threads how many partitions are checked at a time, from 1
   * @throws CommandException when it cannot begin; what ends it later is in the result
   */
  public VerifyResult run(Scope scope, int limit, int threads) {
    Instant began = clock.instant();
    UUID topicId = topicId();
    List<String> notes = new ArrayList<>(scope.notes());
    Short source;
    List<Difference> beyond = List.of();
    try (EventTables tables = database.connect()) {
      source = tables.source(topicId).orElse(null);
      List<Short> others = tables.othersNamed(settings.kafkaTopic(), topicId);
      if (source == null && !others.isEmpty()) {
        throw notTheTopic(topicId, others);
      }
      if (source != null) {
        beyond = beyond(tables, source);
      }
      noteOthers(others, notes);
    }
    if (source == null) {
      notes.add(
          "table sources does not have the id of topic %s: no job has ever read it"
              .formatted(settings.kafkaTopic()));
    }
    if (!scope.wholePast()) {
      notes.add(
          "marks of late rows are not checked: events outside of the range may have been read"
              + " before them");
    }
    boolean compacted = isCompacted(notes);
    VerifyRun run =
        new VerifyRun(kafka, database, settings, clock, progress, scope, source, compacted, limit);
    Optional<String> problem = run.all(Math.max(1, Math.min(threads, scope.ranges().size())));
    if (problem.isEmpty() && !topicId.equals(topicId())) {
      problem = Optional.of("topic " + settings.kafkaTopic() + " was made anew meanwhile");
    }
    progress.done();
    return run.result(
        beyond,
        topicId.toString(),
        notes,
        Duration.between(began, clock.instant()),
        problem.orElse(null));
  }

  private CommandException notTheTopic(UUID topicId, List<Short> others) {
    return new CommandException(
        ExitCode.REFUSED,
        "the topic %s of Kafka at %s has the id %s, under which no job has written there: the rows of that name (sources %s) are of another topic; it was made anew and not read since, or this is another Kafka than the job's: check --kafka-url and the context"
            .formatted(settings.kafkaTopic(), kafka.servers(), kafkaId(topicId), others));
  }

  private static Uuid kafkaId(UUID id) {
    return new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits());
  }

  /** The rows are asked for first: an event that arrives meanwhile then lies before the end. */
  private List<Difference> beyond(EventTables tables, short source) {
    Map<String, SortedMap<Integer, Long>> greatest = new TreeMap<>();
    for (String table : List.of(settings.tables().events(), settings.tables().rejected())) {
      greatest.put(table, tables.greatestOffsets(table, source));
    }
    List<Difference> found = new ArrayList<>();
    try (KafkaTopics topics = new KafkaTopics(kafka)) {
      SortedMap<Integer, Long> ends = topics.endOffsets(settings.kafkaTopic());
      greatest.forEach(
          (table, offsets) ->
              offsets.forEach(
                  (partition, offset) -> {
                    long end = ends.getOrDefault(partition, 0L);
                    if (offset >= end) {
                      String why =
                          ends.containsKey(partition)
                              ? "Kafka's log ends at offset " + end
                              : "Kafka has no such partition";
                      found.add(
                          new Difference(
                              Kind.UNEXPECTED, table, partition, offset, why, List.of()));
                    }
                  }));
    }
    return found;
  }

  private UUID topicId() {
    try (KafkaTopics topics = new KafkaTopics(kafka)) {
      return topics.id(settings.kafkaTopic());
    }
  }

  /** Where it cannot be known, nothing is said of rows without an event. */
  private boolean isCompacted(List<String> notes) {
    try (KafkaTopics topics = new KafkaTopics(kafka)) {
      if (!topics.retention(settings.kafkaTopic()).compacted()) {
        return false;
      }
      notes.add(
          "topic %s is compacted: rows whose events Kafka no longer has cannot be checked"
              .formatted(settings.kafkaTopic()));
    } catch (CommandException e) {
      if (e.exitCode() == ExitCode.UNREACHABLE) {
        throw e;
      }
      notes.add(
          "whether topic %s is compacted is not known (%s): rows without an event in Kafka are not checked"
              .formatted(settings.kafkaTopic(), e.getMessage()));
    }
    return true;
  }

  private void noteOthers(List<Short> others, List<String> notes) {
    if (!others.isEmpty()) {
      notes.add(
          "rows of other topics that had the name %s are not checked: sources %s"
              .formatted(settings.kafkaTopic(), others));
    }
  }
}
