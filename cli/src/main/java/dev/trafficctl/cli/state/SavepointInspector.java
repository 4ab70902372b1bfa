package dev.trafficctl.cli.state;

import dev.trafficctl.cli.kafka.EventLog;
import dev.trafficctl.cli.kafka.JobTopic;
import dev.trafficctl.cli.kafka.OffsetLookup;
import dev.trafficctl.cli.kafka.PartitionOffset;
import dev.trafficctl.cli.kafka.TopicOffsets;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.process.NextCommands;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Looks into a savepoint or checkpoint: what it holds, whether Kafka still has what it goes on
 * with, and what a jar would make of it. It changes nothing and needs no Flink.
 */
public final class SavepointInspector {
  private final StateReader reader;
  private final Topics topics;
  private final Clock clock;
  private final NextCommands next;

  /** How the topic is found that a state was read from. */
  @FunctionalInterface
  public interface Topics {
    /**
     * The topic.
     *
     * @throws CommandException when nothing tells where it is
     */
    JobTopic of(StateFile file);

    /** What Kafka has of it. */
    default EventLog open(JobTopic topic) {
      return topic.open();
    }
  }

  /** With what reads the state, and what knows the topic. */
  public SavepointInspector(StateReader reader, Topics topics, Clock clock, NextCommands next) {
    this.reader = reader;
    this.topics = topics;
    this.clock = clock;
    this.next = next;
  }

  /**
   * What lies at a place.
   *
   * @throws CommandException when it is no whole savepoint or checkpoint, or cannot be read
   */
  public static StateFile read(StateReader reader, String path) {
    StateReading reading = reader.read(path);
    if (reading instanceof StateReading.Broken broken) {
      throw new CommandException(ExitCode.REFUSED, broken.problem());
    }
    if (reading instanceof StateReading.Elsewhere elsewhere) {
      throw new CommandException(ExitCode.FAILED, elsewhere.problem());
    }
    return ((StateReading.Whole) reading).file();
  }

  /**
   * What lies at a place, and what a start from it would meet.
   *
   * @param jar the jar of the job that would be started, or null if there is none
   * @throws CommandException when it is no whole savepoint or checkpoint, or cannot be read
   */
  public Inspection inspect(String path, Path jar) {
    StateFile file = read(reader, path);
    List<String> losses = new ArrayList<>();
    List<String> refusals = new ArrayList<>();
    List<String> unknowns = new ArrayList<>();
    List<OperatorMatch> operators = operators(file, jar, refusals, unknowns);
    JobTopic topic = topic(file, unknowns);
    SortedMap<Integer, Long> source = sourceOffsets(file, topic, unknowns);
    Kafka kafka = topic == null ? Kafka.UNKNOWN : kafka(topic, file, losses, unknowns);
    SortedSet<Integer> all = new TreeSet<>(source.keySet());
    all.addAll(file.nextOffsets().keySet());
    all.addAll(kafka.partitions().keySet());
    return new Inspection(
        file,
        topic == null ? null : topic.servers(),
        topic == null ? null : topic.name(),
        kafka.topicId(),
        all.stream()
            .map(
                partition ->
                    new Inspection.Partition(
                        partition,
                        source.get(partition),
                        file.nextOffsets().get(partition),
                        kafka.partitions().get(partition)))
            .toList(),
        jar,
        operators,
        losses,
        kafka.skipped(),
        refusals,
        unknowns);
  }

  private static List<OperatorMatch> operators(
      StateFile file, Path jar, List<String> refusals, List<String> unknowns) {
    Optional<SortedSet<String>> uids = Optional.empty();
    if (jar == null) {
      unknowns.add("there is no job jar to compare the operators with; give one with --jar FILE");
    } else {
      uids = JarOperators.of(jar);
      if (uids.isEmpty()) {
        unknowns.add(jar + " does not tell which operators its job has");
      }
    }
    List<OperatorMatch> matches = OperatorMatch.of(file.operators(), uids.orElse(null));
    if (uids.isPresent() && !file.operators().isEmpty()) {
      boolean none = matches.stream().noneMatch(match -> match.fate().isInStateAndJar());
      List<String> left =
          matches.stream()
              .filter(match -> match.fate() == OperatorMatch.Fate.LEFT_OVER)
              .map(match -> match.uid() == null ? match.entry().id() : match.uid())
              .toList();
      if (none) {
        refusals.add("it is the state of another job: no operator of " + jar + " is in it");
      } else if (!left.isEmpty()) {
        refusals.add(
            "no operator of "
                + jar
                + " takes the state of "
                + String.join(", ", left)
                + ": Flink refuses to start from it without --allow-non-restored-state");
      }
    }
    return matches;
  }

  private static SortedMap<Integer, Long> sourceOffsets(
      StateFile file, JobTopic topic, List<String> unknowns) {
    SortedMap<Integer, Long> offsets = new TreeMap<>();
    if (file.splits() == null) {
      unknowns.add("the source's own offsets were written by another version of the connector");
      return offsets;
    }
    Set<String> names =
        file.splits().stream()
            .map(SourceSplit::topic)
            .collect(Collectors.toCollection(TreeSet::new));
    if (names.size() > 1) {
      unknowns.add(
          "the source reads more than one topic: "
              + String.join(", ", names)
              + "; its own offsets are not shown");
      return offsets;
    }
    if (topic != null && !names.isEmpty() && !names.contains(topic.name())) {
      unknowns.add(
          "the source's own offsets are of the topic %s, and the job reads %s: they are not shown"
              .formatted(names.iterator().next(), topic.name()));
      return offsets;
    }
    file.splits().forEach(split -> offsets.put(split.partition(), split.offset()));
    return offsets;
  }

  private JobTopic topic(StateFile file, List<String> unknowns) {
    boolean reads =
        !file.nextOffsets().isEmpty() || (file.splits() != null && !file.splits().isEmpty());
    if (!reads) {
      unknowns.add("it holds no offsets of Kafka that are known here");
      return null;
    }
    try {
      return topics.of(file);
    } catch (CommandException e) {
      unknowns.add("whether Kafka still has the events is not known: " + e.getMessage());
      return null;
    }
  }

  private record Kafka(
      String topicId, SortedMap<Integer, PartitionOffset> partitions, SkippedEvents skipped) {
    static final Kafka UNKNOWN = new Kafka(null, new TreeMap<>(), SkippedEvents.NONE);
  }

  private Kafka kafka(JobTopic topic, StateFile file, List<String> losses, List<String> unknowns) {
    try (EventLog log = topics.open(topic)) {
      String id = log.id();
      if (file.topicId() != null && !file.topicId().equals(id)) {
        losses.add(
            "topic "
                + topic.name()
                + " in Kafka at "
                + topic.servers()
                + " is another one: its id was "
                + file.topicId()
                + " and is "
                + id
                + ", so the offsets say nothing of it");
        return new Kafka(id, new TreeMap<>(), SkippedEvents.NONE);
      }
      SortedMap<Integer, PartitionOffset> found = new TreeMap<>();
      TopicOffsets offsets =
          new OffsetLookup(log, topic.name(), clock, next).restored(file.next(topic.name()));
      unknowns.addAll(offsets.notes());
      for (PartitionOffset partition : offsets.partitions()) {
        found.put(partition.partition(), partition);
        loss(partition).ifPresent(losses::add);
      }
      return new Kafka(id, found, SkippedEvents.of(file, topic.name(), log));
    } catch (CommandException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        losses.add("Kafka at " + topic.servers() + " has no topic " + topic.name() + " any more");
      } else {
        unknowns.add("whether Kafka still has the events is not known: " + e.getMessage());
      }
      return Kafka.UNKNOWN;
    }
  }

  private static Optional<String> loss(PartitionOffset partition) {
    return switch (partition.place()) {
      case BEFORE_LOG_START, PAST_END, NO_PARTITION ->
          Optional.of(
              "partition "
                  + partition.partition()
                  + " at offset "
                  + partition.offset()
                  + ": "
                  + Objects.requireNonNull(partition.note()));
      case IN_LOG, AT_END -> Optional.empty();
    };
  }
}
