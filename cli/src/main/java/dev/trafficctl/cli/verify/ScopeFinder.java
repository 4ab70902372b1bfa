package dev.trafficctl.cli.verify;

import dev.trafficctl.cli.kafka.HeldBack;
import dev.trafficctl.cli.kafka.TopicLog;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.kafka.LostOffsets;
import dev.trafficctl.model.StartingPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Finds out which offsets are checked. */
public final class ScopeFinder {
  private final SortedMap<Integer, TopicLog.Range> log;
  private final TopicLog topic;
  private final String name;
  private final String lag;
  private final List<String> notes = new ArrayList<>();

  /**
   * With what the topic holds.
   *
   * @param name the topic's name
   * @param lag the command that names who has a transaction open
   */
  public ScopeFinder(TopicLog topic, String name, String lag) {
    this.topic = topic;
    this.name = name;
    this.lag = lag;
    this.log = topic.ranges();
  }

  /**
   * One end of the ranges, where none is given.
   *
   * @param offsets by partition
   * @param from where they come from, in words
   * @param complete whether they tell of each partition what was read: of one that is missing
   *     nothing was, and offsets without events are passed
   */
  public record Known(SortedMap<Integer, Long> offsets, String from, boolean complete) {}

  /**
   * The ranges. What Kafka has deleted, and what lies before where the job began to read, is left
   * out, with a note; what Kafka deleted before the job had read it is lost.
   *
   * @param from where to begin, or null
   * @param to where to end, or null
   * @param start where the job began to read, or null if that is not known: the first event
   * @param flushed offsets before which the job has written everything, or null if none are known
   * @throws CommandException when an end is out of range, or is not known
   */
  public Scope find(StartingPosition from, StartingPosition to, Known start, Known flushed) {
    Known first = from == null ? start : given("--from", from, true);
    Known last = to == null ? flushed : given("--to", to, false);
    if (last == null) {
      throw new CommandException(
          ExitCode.REFUSED,
          "nothing tells how far the job has written: it has no checkpoint, and its group has"
              + " committed nothing; give --to, for example --to latest for a job that has ended");
    }
    if (to != null && flushed != null) {
      noteUnflushed(last, flushed);
    }
    SortedMap<Integer, Scope.Range> ranges = new TreeMap<>();
    List<LostOffsets> lost = new ArrayList<>();
    boolean wholePast = to == null;
    for (int partition : log.keySet()) {
      Scope.Range range = range(partition, first, last, from != null, to != null);
      ranges.put(partition, range);
      if (flushed != null && flushed.complete()) {
        lost(partition, from, start, flushed, to == null ? null : last).ifPresent(lost::add);
      }
      wholePast &= range.from() == 0;
    }
    return new Scope(
        ranges,
        first == null ? "the first event in Kafka" : first.from(),
        last.from(),
        lost,
        wholePast,
        heldBack(to, ranges),
        notes);
  }

  /** What is not checked because a transaction is open; nothing of it lies behind an end given. */
  private SortedMap<Integer, HeldBack> heldBack(
      StartingPosition to, SortedMap<Integer, Scope.Range> ranges) {
    SortedMap<Integer, HeldBack> held = new TreeMap<>(topic.heldBack());
    if (to instanceof StartingPosition.Offsets || to instanceof StartingPosition.Timestamp) {
      held.entrySet()
          .removeIf(each -> ranges.get(each.getKey()).to() < each.getValue().lastStableOffset());
    }
    HeldBack.words(name, held)
        .map(waits -> waits + ". They are not compared; whose transaction it is: " + lag)
        .ifPresent(notes::add);
    return held;
  }

  /** What was deleted unread, of what lies between where the job began and the ends given. */
  private Optional<LostOffsets> lost(
      int partition, StartingPosition from, Known start, Known flushed, Known to) {
    long next = flushed.offsets().getOrDefault(partition, LostOffsets.BEGINNING);
    if (start != null) {
      next = Math.max(next, start.offsets().getOrDefault(partition, LostOffsets.BEGINNING));
    }
    if (from instanceof StartingPosition.Offsets given) {
      next = Math.max(next, given.offsets().get(partition));
    }
    long kept = log.get(partition).start();
    return LostOffsets.between(
        partition, next, to == null ? kept : Math.min(kept, to.offsets().get(partition)));
  }

  private Scope.Range range(
      int partition, Known first, Known last, boolean fromGiven, boolean toGiven) {
    TopicLog.Range held = log.get(partition);
    long from =
        first == null
            ? held.start()
            : first.offsets().getOrDefault(partition, LostOffsets.BEGINNING);
    // What a checkpoint does not know of has not been read.
    long to = last.offsets().getOrDefault(partition, held.start());
    long deletedTo = Math.min(last.offsets().getOrDefault(partition, from), held.start());
    if (to > held.end()) {
      String problem =
          "partition %d ends at offset %d, before offset %d".formatted(partition, held.end(), to);
      if (toGiven) {
        throw new CommandException(ExitCode.USAGE, "--to: " + problem);
      }
      notes.add(
          problem + " up to which the job has read: Kafka has lost events, they are not checked");
      to = held.end();
    }
    if (from > held.end() && fromGiven) {
      throw new CommandException(
          ExitCode.USAGE,
          "--from: partition %d ends at offset %d, before offset %d"
              .formatted(partition, held.end(), from));
    }
    if (from < held.start()) {
      if (from < deletedTo) {
        notes.add(
            "partition %d: offsets %d to %d cannot be checked any more, Kafka has deleted them"
                .formatted(partition, from, deletedTo - 1));
      }
      from = held.start();
    } else if (first == null && from > 0) {
      notes.add(
          "partition %d: offsets before %d cannot be checked any more, Kafka has deleted them"
              .formatted(partition, from));
    } else if (!fromGiven) {
      noteLeftOut(partition, held.start(), Math.min(from, held.end()));
    }
    if (fromGiven && toGiven && from > to) {
      throw new CommandException(
          ExitCode.USAGE,
          "partition %d: --from is offset %d, behind --to, offset %d"
              .formatted(partition, from, to));
    }
    return new Scope.Range(from, Math.max(from, to));
  }

  /** What the job has not read because it was started behind it, and nobody asked to check. */
  private void noteLeftOut(int partition, long start, long from) {
    if (start < from) {
      notes.add(
          "partition %d: offsets %d to %d are left out: the job began to read at offset %d; --from earliest takes them in"
              .formatted(partition, start, from - 1, from));
    }
  }

  private Known given(String option, StartingPosition position, boolean begins) {
    SortedMap<Integer, Long> offsets = new TreeMap<>();
    if (position instanceof StartingPosition.Offsets given) {
      List<Integer> unknown = new ArrayList<>(given.offsets().keySet());
      unknown.removeAll(log.keySet());
      List<Integer> missing = new ArrayList<>(log.keySet());
      missing.removeAll(given.offsets().keySet());
      if (!unknown.isEmpty() || !missing.isEmpty()) {
        throw new CommandException(
            ExitCode.USAGE,
            option + ": give one offset for each of the partitions " + log.keySet());
      }
      offsets.putAll(given.offsets());
    } else if (position instanceof StartingPosition.Timestamp time) {
      SortedMap<Integer, Long> found = topic.offsetsFrom(time.instant());
      log.forEach(
          (partition, range) -> offsets.put(partition, found.getOrDefault(partition, range.end())));
    } else {
      boolean earliest = position instanceof StartingPosition.Earliest;
      log.forEach(
          (partition, range) -> offsets.put(partition, earliest ? range.start() : range.end()));
    }
    if (begins && !(position instanceof StartingPosition.Offsets)) {
      log.forEach(
          (partition, range) -> {
            boolean cut = range.start() > 0 && offsets.get(partition) <= range.start();
            if (cut) {
              notes.add(
                  "partition %d: offsets before %d cannot be checked any more, Kafka has deleted them"
                      .formatted(partition, range.start()));
            }
          });
    }
    return new Known(offsets, option + " " + position.text(), false);
  }

  private void noteUnflushed(Known last, Known flushed) {
    List<Integer> beyond = new ArrayList<>();
    last.offsets()
        .forEach(
            (partition, offset) -> {
              if (offset > flushed.offsets().getOrDefault(partition, 0L)) {
                beyond.add(partition);
              }
            });
    if (!beyond.isEmpty()) {
      notes.add(
          "partitions %s: --to is behind %s; rows behind that may still be on their way"
              .formatted(beyond, flushed.from()));
    }
  }
}
