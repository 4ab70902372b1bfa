package dev.trafficctl.cli.kafka;

import dev.trafficctl.cli.kafka.PartitionOffset.Place;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.NextCommands;
import dev.trafficctl.kafka.LostOffsets;
import dev.trafficctl.model.EventParser;
import dev.trafficctl.model.ParseResult;
import dev.trafficctl.model.Rejection;
import dev.trafficctl.model.WebEvent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.record.RecordBatch;

/**
 * Finds out what a place in time, or the offsets of a state, mean for each partition of a topic. It
 * refuses nothing: what is no longer there, or not yet, is said of the partition.
 */
public final class OffsetLookup {
  // Whether its own time lies ahead is no reason to show nothing of an event.
  private static final Duration ANY_TIME_AHEAD = Duration.ofDays(36_500);
  private static final int LONGEST_EVENT = 60;
  private static final String ONLY_GAPS =
      "no event up to the end, only what transactions or compaction left";

  private final EventLog log;
  private final String topic;
  private final Clock clock;
  private final NextCommands next;
  private final EventParser parser = new EventParser(ANY_TIME_AHEAD);

  /**
   * With the topic, its name, and the time.
   *
   * @param next what is typed next where a transaction is open
   */
  public OffsetLookup(EventLog log, String topic, Clock clock, NextCommands next) {
    this.log = log;
    this.topic = topic;
    this.clock = clock;
    this.next = next;
  }

  /**
   * Of a partition, before it is known which event is there.
   *
   * @param offset the offset that is read next
   * @param place where it lies
   * @param lost how many offsets would be skipped; null when that is not known
   * @param note in words, or null
   */
  private record Found(long offset, Place place, Long lost, String note) {}

  /** The first events that Kafka still has. */
  public TopicOffsets earliest() {
    SortedMap<Integer, TopicLog.Range> ranges = log.ranges();
    SortedMap<Integer, Found> found = new TreeMap<>();
    ranges.forEach((partition, range) -> found.put(partition, at(partition, range.start(), range)));
    return describe(found, ranges, first(ranges), false);
  }

  /** The ends. */
  public TopicOffsets latest() {
    SortedMap<Integer, TopicLog.Range> ranges = log.ranges();
    SortedMap<Integer, Found> found = new TreeMap<>();
    ranges.forEach((partition, range) -> found.put(partition, at(partition, range.end(), range)));
    return describe(found, ranges, first(ranges), false);
  }

  /** The first events with this Kafka timestamp or a later one. */
  public TopicOffsets from(Instant instant) {
    SortedMap<Integer, TopicLog.Range> ranges = log.ranges();
    SortedMap<Integer, Long> offsets = log.offsetsFrom(instant);
    SortedMap<Integer, Long> oldest = log.offsetsFrom(Instant.EPOCH);
    SortedMap<Integer, Optional<EventLog.EventAt>> first = first(ranges);
    SortedMap<Integer, Found> found = new TreeMap<>();
    ranges.forEach(
        (partition, range) ->
            found.put(
                partition,
                from(
                    instant,
                    offsets.get(partition),
                    oldest.get(partition),
                    range,
                    event(first.get(partition)))));
    return describe(found, ranges, first, false);
  }

  private static Found from(
      Instant instant, Long offset, Long oldest, TopicLog.Range range, EventLog.EventAt first) {
    if (offset == null || offset >= range.end()) {
      String note = "no event since then";
      if (range.isEmpty()) {
        // Without an event that is older, nothing tells whether those that are gone were.
        note = range.start() == 0 ? "empty" : "empty: all of its events are deleted";
      }
      return new Found(
          range.end(), Place.AT_END, range.isEmpty() && range.start() > 0 ? null : 0L, note);
    }
    if (LostOffsets.maySince(range.start(), oldest == null ? offset : oldest, offset)) {
      return new Found(
          offset, Place.BEFORE_LOG_START, null, "before retention: older events are deleted");
    }
    return new Found(
        offset,
        Place.IN_LOG,
        0L,
        first != null
                && offset <= first.offset()
                && first.time() != null
                && first.time().isAfter(instant)
            ? "before the first event"
            : null);
  }

  /**
   * The offsets of a state.
   *
   * @param next the next offset of each partition, as the state has it; a partition that it does
   *     not know is read from {@link LostOffsets#BEGINNING}
   */
  public TopicOffsets restored(Map<Integer, Long> next) {
    SortedMap<Integer, TopicLog.Range> ranges = log.ranges();
    SortedMap<Integer, Found> found = new TreeMap<>();
    ranges.forEach(
        (partition, range) -> {
          Long offset = next.get(partition);
          found.put(
              partition, offset == null ? unknown(partition, range) : at(partition, offset, range));
        });
    next.forEach(
        (partition, offset) -> {
          if (!ranges.containsKey(partition)) {
            found.put(partition, new Found(offset, Place.NO_PARTITION, null, "no such partition"));
          }
        });
    return describe(found, ranges, first(ranges), true);
  }

  private static Found unknown(int partition, TopicLog.Range range) {
    Found first = at(partition, LostOffsets.BEGINNING, range);
    return new Found(
        first.offset(),
        first.place(),
        first.lost(),
        "not in the state: "
            + (first.place() == Place.BEFORE_LOG_START
                ? first.note()
                : "read from its first event"));
  }

  private static Found at(int partition, long offset, TopicLog.Range range) {
    Optional<LostOffsets> lost = LostOffsets.between(partition, offset, range.start());
    if (lost.isPresent()) {
      return new Found(offset, Place.BEFORE_LOG_START, lost.get().count(), lost.get().brief());
    }
    if (offset > range.end()) {
      return new Found(offset, Place.PAST_END, null, "the log ends at offset " + range.end());
    }
    return new Found(
        offset,
        offset == range.end() ? Place.AT_END : Place.IN_LOG,
        0L,
        range.isEmpty() && range.start() == 0 ? "empty" : null);
  }

  private static EventLog.EventAt event(Optional<EventLog.EventAt> found) {
    return found == null ? null : found.orElse(null);
  }

  private SortedMap<Integer, Optional<EventLog.EventAt>> first(
      SortedMap<Integer, TopicLog.Range> ranges) {
    Map<Integer, Long> starts = new HashMap<>();
    ranges.forEach(
        (partition, range) -> {
          if (!range.isEmpty()) {
            starts.put(partition, range.start());
          }
        });
    return log.eventsAt(starts);
  }

  private TopicOffsets describe(
      SortedMap<Integer, Found> found,
      SortedMap<Integer, TopicLog.Range> ranges,
      SortedMap<Integer, Optional<EventLog.EventAt>> first,
      boolean ofState) {
    List<String> notes = new ArrayList<>();
    HeldBack.words(topic, log.heldBack())
        .map(
            waits ->
                waits
                    + ". What is shown ends there; "
                    + next.lag()
                    + " names who has the transaction")
        .ifPresent(notes::add);
    TopicRetention retention = retention(notes);
    Duration age = retention == null ? null : retention.age();
    boolean whole = !ofState || isWhole(found, retention, notes);
    SortedMap<Integer, Optional<EventLog.EventAt>> there = there(found, ranges, first);
    Instant now = clock.instant();
    List<PartitionOffset> partitions = new ArrayList<>();
    found.forEach(
        (partition, at) -> {
          TopicLog.Range range = ranges.get(partition);
          EventLog.EventAt event = event(there.get(partition));
          EventLog.EventAt oldest = event(first.get(partition));
          boolean onlyGaps = there.containsKey(partition) && event == null;
          if (event != null && event.problem() != null) {
            notes.add(event.problem());
          }
          partitions.add(
              new PartitionOffset(
                  partition,
                  at.offset(),
                  event == null ? null : event.time(),
                  event == null ? null : words(event),
                  range == null
                      ? null
                      : toEnd(
                          range,
                          at.offset(),
                          at.offset() < range.start()
                              ? first.get(partition)
                              : there.get(partition)),
                  range == null ? null : (Long) range.start(),
                  oldest == null ? null : oldest.time(),
                  range == null ? null : (Long) range.end(),
                  event == null || event.time() == null || age == null
                      ? null
                      : left(event.time().plus(age), now),
                  at.place(),
                  whole || at.place() != Place.IN_LOG ? at.lost() : null,
                  onlyGaps && at.note() == null ? ONLY_GAPS : at.note()));
        });
    return new TopicOffsets(partitions, notes);
  }

  /** How many offsets there are from the first event on, as far as that is known. */
  private static Long toEnd(
      TopicLog.Range range, long offset, Optional<EventLog.EventAt> firstThere) {
    if (firstThere != null && firstThere.isEmpty()) {
      return 0L;
    }
    long from = firstThere == null ? Math.max(offset, range.start()) : firstThere.get().offset();
    return Math.max(0, range.end() - from);
  }

  /**
   * Whether an offset within the log means that every event behind it is still there. Compaction
   * takes events in the middle, and what it has taken looks like what transactions leave.
   */
  private static boolean isWhole(
      SortedMap<Integer, Found> found, TopicRetention retention, List<String> notes) {
    boolean needed = found.values().stream().anyMatch(at -> at.place() == Place.IN_LOG);
    if (!needed || (retention != null && !retention.compacted())) {
      return true;
    }
    notes.add(
        (retention == null ? "the topic may be compacted" : "the topic is compacted")
            + ": whether Kafka still has every event behind these offsets is not known");
    return false;
  }

  private SortedMap<Integer, Optional<EventLog.EventAt>> there(
      SortedMap<Integer, Found> found,
      SortedMap<Integer, TopicLog.Range> ranges,
      SortedMap<Integer, Optional<EventLog.EventAt>> first) {
    SortedMap<Integer, Optional<EventLog.EventAt>> there = new TreeMap<>();
    Map<Integer, Long> asked = new HashMap<>();
    for (Integer partition : new TreeSet<>(found.keySet())) {
      TopicLog.Range range = ranges.get(partition);
      long offset = found.get(partition).offset();
      Optional<EventLog.EventAt> oldest = first.get(partition);
      if (range == null || offset < range.start() || offset >= range.end()) {
        continue;
      }
      if (oldest != null && (oldest.isEmpty() || offset <= oldest.get().offset())) {
        there.put(partition, oldest);
      } else {
        asked.put(partition, offset);
      }
    }
    there.putAll(log.eventsAt(asked));
    return there;
  }

  /** When events are deleted, or null, with words about what is not to be seen in a time. */
  private TopicRetention retention(List<String> notes) {
    try {
      TopicRetention retention = log.retention();
      if (retention.bytes() != null) {
        notes.add(
            "Kafka may delete events sooner than for their age: a partition keeps "
                + Text.bytes(retention.bytes()));
      }
      return retention;
    } catch (CommandException e) {
      notes.add("when Kafka deletes events is not known: " + e.getMessage());
      return null;
    }
  }

  private static Duration left(Instant until, Instant now) {
    return until.isBefore(now) ? Duration.ZERO : Duration.between(now, until);
  }

  private String words(EventLog.EventAt event) {
    if (event.problem() != null) {
      return "damaged";
    }
    ParseResult result =
        parser.parse(
            event.payload(),
            event.size(),
            event.time() == null ? RecordBatch.NO_TIMESTAMP : event.time().toEpochMilli());
    String words =
        result instanceof WebEvent web
            ? web.host() + " " + web.url()
            : "rejected: " + ((Rejection) result).reason().code();
    return words.length() <= LONGEST_EVENT ? words : words.substring(0, LONGEST_EVENT) + "...";
  }
}
