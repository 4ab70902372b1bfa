package dev.trafficctl.cli.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.trafficctl.cli.process.CommandException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A topic with one event a second, the newest of each partition at noon. */
public final class FakeEventLog implements EventLog {
  /** When the newest events were sent. */
  public static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  private final SortedMap<Integer, Range> ranges = new TreeMap<>();
  private final SortedMap<Integer, Range> gaps = new TreeMap<>();
  private final SortedMap<Integer, HeldBack> held = new TreeMap<>();
  private String id = "AAAAAAAAAAAAAAAAAAAAAQ";
  private TopicRetention retention = new TopicRetention(Duration.ofDays(7), null, false);
  private final SortedMap<Integer, Long> committed = new TreeMap<>();
  private String committing;
  private CommandException refusal;
  private byte[] payload;
  private boolean timeless;

  /** With one more partition. */
  public FakeEventLog with(int partition, long start, long end) {
    ranges.put(partition, new Range(start, end));
    return this;
  }

  /** With offsets that hold no event, as transactions and compaction leave them. */
  public FakeEventLog withGap(int partition, long from, long to) {
    gaps.put(partition, new Range(from, to));
    return this;
  }

  /** With events up to there that wait behind an open transaction, at the partition's end. */
  public FakeEventLog holding(int partition, long logEndOffset) {
    held.put(partition, new HeldBack(ranges.get(partition).end(), logEndOffset));
    return this;
  }

  private boolean isGap(int partition, long offset) {
    Range gap = gaps.get(partition);
    return gap != null && offset >= gap.start() && offset < gap.end();
  }

  /** With another topic id than that of the states in the tests. */
  public FakeEventLog withId(String other) {
    id = other;
    return this;
  }

  /** With another retention. */
  public FakeEventLog keeping(TopicRetention other) {
    retention = other;
    return this;
  }

  /** With these offsets committed by a group. */
  FakeEventLog committing(String group, Map<Integer, Long> offsets) {
    committing = group;
    committed.putAll(offsets);
    return this;
  }

  /** Not telling its retention. */
  public FakeEventLog refusing(CommandException why) {
    refusal = why;
    return this;
  }

  /** With this payload in every event. */
  FakeEventLog saying(byte[] bytes) {
    payload = bytes;
    return this;
  }

  /** With events that Kafka has no timestamp of. */
  FakeEventLog withoutTimestamps() {
    timeless = true;
    return this;
  }

  static byte[] event(String url) {
    return ("{\"url\":\""
            + url
            + "\",\"host\":\"shop.example.com\",\"ip\":\"203.0.113.9\","
            + "\"event_time\":\"2026-01-31T12:00:00Z\"}")
        .getBytes(UTF_8);
  }

  private Instant time(int partition, long offset) {
    return NOON.minusSeconds(ranges.get(partition).end() - 1 - offset);
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public SortedMap<Integer, Range> ranges() {
    return ranges;
  }

  @Override
  public SortedMap<Integer, HeldBack> heldBack() {
    return held;
  }

  @Override
  public SortedMap<Integer, Long> offsetsFrom(Instant instant) {
    SortedMap<Integer, Long> found = new TreeMap<>();
    ranges.forEach(
        (partition, range) -> {
          for (long offset = range.end() - 1; offset >= range.start(); offset--) {
            if (!isGap(partition, offset) && !time(partition, offset).isBefore(instant)) {
              found.put(partition, offset);
            }
          }
        });
    return found;
  }

  @Override
  public SortedMap<Integer, Long> committed(String group) {
    return group.equals(committing) ? committed : new TreeMap<>();
  }

  @Override
  public SortedMap<Integer, Instant> timesAt(Map<Integer, Long> offsets) {
    SortedMap<Integer, Instant> times = new TreeMap<>();
    offsets.forEach((partition, offset) -> times.put(partition, time(partition, offset)));
    return times;
  }

  @Override
  public SortedMap<Integer, Optional<EventAt>> eventsAt(Map<Integer, Long> offsets) {
    SortedMap<Integer, Optional<EventAt>> events = new TreeMap<>();
    offsets.forEach((partition, offset) -> events.put(partition, eventAt(partition, offset)));
    return events;
  }

  private Optional<EventAt> eventAt(int partition, long asked) {
    long offset = asked;
    while (isGap(partition, offset)) {
      offset++;
    }
    return offset >= ranges.get(partition).end()
        ? Optional.empty()
        : Optional.of(
            new EventAt(
                offset,
                timeless ? null : time(partition, offset),
                payload == null ? event("/item/" + offset) : payload));
  }

  @Override
  public TopicRetention retention() {
    if (refusal != null) {
      throw refusal;
    }
    return retention;
  }

  @Override
  public void close() {}
}
