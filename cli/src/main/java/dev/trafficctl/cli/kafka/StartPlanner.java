package dev.trafficctl.cli.kafka;

import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.kafka.LostOffsets;
import dev.trafficctl.kafka.ReadingGaps;
import dev.trafficctl.model.StartingPosition;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Resolves a wanted position to an offset for each partition, as the job itself does when it is
 * submitted, and refuses what cannot be honoured: Flink's source turns it into another position
 * without a word (FLINK-39888, and a timestamp past the end becomes latest).
 */
public final class StartPlanner {
  private final TopicLog log;
  private final String topic;
  private final Clock clock;

  /**
   * With the topic that is read.
   *
   * @param log what it holds
   * @param topic its name
   */
  public StartPlanner(TopicLog log, String topic, Clock clock) {
    this.log = log;
    this.topic = topic;
    this.clock = clock;
  }

  /**
   * The plan of a start without state.
   *
   * @param group whose committed offsets are meant by {@link StartingPosition.Committed}
   * @param current the next offset of each partition that the job would have read otherwise; empty
   *     when that is not known
   * @throws CommandException with a line for each problem when the position cannot be honoured
   */
  public StartPlan plan(StartingPosition position, String group, Map<Integer, Long> current) {
    SortedMap<Integer, TopicLog.Range> ranges = log.ranges();
    List<String> notes = new ArrayList<>();
    return plan(wanted(position, group, ranges, notes), current, ranges, notes);
  }

  /**
   * The plan of a start from restored state: what the state has not read of a partition is read
   * next, and a partition that it does not know is read from {@link LostOffsets#BEGINNING}.
   *
   * @param restored the next offset of each partition, as the state has it
   * @param current as with {@link #plan}
   * @param withoutState the command that starts from a position instead
   * @throws CommandException when events may be gone that would be read next
   */
  public StartPlan planRestored(
      Map<Integer, Long> restored,
      Map<Integer, Long> current,
      Function<StartingPosition, String> withoutState) {
    SortedMap<Integer, TopicLog.Range> ranges = log.ranges();
    List<String> notes = new ArrayList<>();
    SortedMap<Integer, Long> wanted = new TreeMap<>(restored);
    ranges.forEach(
        (partition, range) -> {
          if (wanted.putIfAbsent(partition, LostOffsets.BEGINNING) == null) {
            notes.add(
                "the state does not know partition "
                    + partition
                    + ": it is read from its first event");
          }
        });
    ReadingGaps gaps = gaps(wanted, ranges);
    if (!gaps.lines().isEmpty()) {
      StartingPosition left =
          gaps.left()
              .<StartingPosition>map(StartingPosition.Offsets::new)
              .orElseGet(StartingPosition.Earliest::new);
      throw new CommandException(
          ExitCode.REFUSED,
          "the state cannot be restored: topic "
              + topic
              + ": "
              + gaps.words()
              + "; to go on with what is left, start without state: "
              + withoutState.apply(left));
    }
    return plan(wanted, current, ranges, notes);
  }

  private StartPlan plan(
      SortedMap<Integer, Long> wanted,
      Map<Integer, Long> current,
      SortedMap<Integer, TopicLog.Range> ranges,
      List<String> notes) {
    Map<Integer, Instant> first = timesAt(starts(ranges), ranges);
    Map<Integer, Instant> there = timesAt(wanted, ranges);
    List<PartitionStart> partitions = new ArrayList<>();
    ranges.forEach(
        (partition, range) ->
            partitions.add(
                PartitionStart.of(
                    partition,
                    wanted.get(partition),
                    there.get(partition),
                    current.get(partition),
                    range,
                    first.get(partition))));
    return new StartPlan(partitions, notes);
  }

  private static SortedMap<Integer, Long> starts(SortedMap<Integer, TopicLog.Range> ranges) {
    SortedMap<Integer, Long> starts = new TreeMap<>();
    ranges.forEach((partition, range) -> starts.put(partition, range.start()));
    return starts;
  }

  private Map<Integer, Instant> timesAt(
      SortedMap<Integer, Long> offsets, SortedMap<Integer, TopicLog.Range> ranges) {
    SortedMap<Integer, Long> asked = new TreeMap<>(offsets);
    asked
        .entrySet()
        .removeIf(
            entry -> {
              TopicLog.Range range = ranges.get(entry.getKey());
              return entry.getValue() < range.start() || entry.getValue() >= range.end();
            });
    return asked.isEmpty() ? Map.of() : log.timesAt(asked);
  }

  private SortedMap<Integer, Long> wanted(
      StartingPosition position,
      String group,
      SortedMap<Integer, TopicLog.Range> ranges,
      List<String> notes) {
    if (position instanceof StartingPosition.Earliest) {
      return starts(ranges);
    }
    if (position instanceof StartingPosition.Latest) {
      return ends(ranges);
    }
    if (position instanceof StartingPosition.Committed committed) {
      return committed(committed.otherwise(), group, ranges);
    }
    if (position instanceof StartingPosition.Timestamp timestamp) {
      return from(timestamp.instant(), ranges, notes);
    }
    return given((StartingPosition.Offsets) position, ranges);
  }

  private static SortedMap<Integer, Long> ends(SortedMap<Integer, TopicLog.Range> ranges) {
    SortedMap<Integer, Long> ends = new TreeMap<>();
    ranges.forEach((partition, range) -> ends.put(partition, range.end()));
    return ends;
  }

  private SortedMap<Integer, Long> committed(
      StartingPosition.Otherwise otherwise,
      String group,
      SortedMap<Integer, TopicLog.Range> ranges) {
    SortedMap<Integer, Long> offsets = new TreeMap<>(log.committed(group));
    offsets.keySet().retainAll(ranges.keySet());
    List<Integer> without = new ArrayList<>(ranges.keySet());
    without.removeAll(offsets.keySet());
    List<String> problems = new ArrayList<>(gaps(offsets, ranges).lines());
    if (otherwise == StartingPosition.Otherwise.REFUSE && !without.isEmpty()) {
      problems.add("group '" + group + "' has committed nothing for partitions " + without);
    }
    refuse("the committed offsets cannot be honoured", problems, "");
    SortedMap<Integer, Long> fallback =
        otherwise == StartingPosition.Otherwise.LATEST ? ends(ranges) : starts(ranges);
    without.forEach(partition -> offsets.put(partition, fallback.get(partition)));
    return offsets;
  }

  private SortedMap<Integer, Long> from(
      Instant instant, SortedMap<Integer, TopicLog.Range> ranges, List<String> notes) {
    if (instant.isAfter(clock.instant())) {
      throw new CommandException(
          ExitCode.USAGE,
          instant + " lies in the future; give a time that has passed, or --from-latest");
    }
    SortedMap<Integer, Long> found = log.offsetsFrom(instant);
    refuseWhatRetentionTook(instant, found, ranges);
    SortedMap<Integer, Long> offsets = new TreeMap<>();
    List<Integer> past = new ArrayList<>();
    List<Integer> unsure = new ArrayList<>();
    ranges.forEach(
        (partition, range) -> {
          offsets.put(partition, found.getOrDefault(partition, range.end()));
          if (!found.containsKey(partition)) {
            past.add(partition);
            if (range.isEmpty() && range.start() > 0) {
              unsure.add(partition);
            }
          }
        });
    if (!past.isEmpty()) {
      notes.add(
          "no event since " + instant + " in partitions " + past + ": these start at their ends");
    }
    if (!unsure.isEmpty()) {
      // Without an event that is older, nothing tells whether those that are gone were.
      notes.add("all events of partitions " + unsure + " are gone, perhaps some of that time too");
    }
    return offsets;
  }

  private void refuseWhatRetentionTook(
      Instant instant, SortedMap<Integer, Long> found, SortedMap<Integer, TopicLog.Range> ranges) {
    SortedMap<Integer, Long> oldest = log.offsetsFrom(Instant.EPOCH);
    SortedMap<Integer, Long> cut = new TreeMap<>(found);
    cut.entrySet()
        .removeIf(
            entry ->
                !LostOffsets.maySince(
                    ranges.get(entry.getKey()).start(),
                    oldest.getOrDefault(entry.getKey(), entry.getValue()),
                    entry.getValue()));
    if (cut.isEmpty()) {
      return;
    }
    Map<Integer, Instant> times = timesAt(cut, ranges);
    List<String> problems = new ArrayList<>();
    cut.forEach(
        (partition, offset) ->
            problems.add(
                "partition "
                    + partition
                    + " has lost its events before offset "
                    + offset
                    + (times.containsKey(partition)
                        ? ", which is of " + times.get(partition)
                        : "")));
    String available =
        times.values().stream()
            .max(Comparator.naturalOrder())
            .map(time -> "give a time after " + time)
            .orElse("give a later time");
    refuse(
        instant + " lies before what Kafka still has",
        problems,
        "; " + available + ", or --from-earliest to start with what is left");
  }

  private static SortedMap<Integer, Long> given(
      StartingPosition.Offsets position, SortedMap<Integer, TopicLog.Range> ranges) {
    List<String> problems = new ArrayList<>();
    List<Integer> unknown = new ArrayList<>(position.offsets().keySet());
    unknown.removeAll(ranges.keySet());
    if (!unknown.isEmpty()) {
      problems.add("there are no partitions " + unknown);
    }
    List<Integer> missing = new ArrayList<>(ranges.keySet());
    missing.removeAll(position.offsets().keySet());
    if (!missing.isEmpty()) {
      problems.add("no offset is given for partitions " + missing);
    }
    SortedMap<Integer, Long> known = new TreeMap<>(position.offsets());
    known.keySet().retainAll(ranges.keySet());
    problems.addAll(gaps(known, ranges).lines());
    refuse(
        "--from-offsets cannot be honoured",
        problems,
        "; give one offset for each of the partitions " + ranges.keySet());
    return known;
  }

  /** Says for each partition what lies between the offset that is read next and Kafka's log. */
  private static ReadingGaps gaps(
      SortedMap<Integer, Long> next, SortedMap<Integer, TopicLog.Range> ranges) {
    return ReadingGaps.of(next, starts(ranges), ends(ranges));
  }

  private static void refuse(String what, List<String> problems, String remedy) {
    if (!problems.isEmpty()) {
      throw new CommandException(
          ExitCode.REFUSED, what + ": " + String.join("; ", problems) + remedy);
    }
  }
}
