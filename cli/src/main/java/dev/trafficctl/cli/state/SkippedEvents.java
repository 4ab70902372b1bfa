package dev.trafficctl.cli.state;

import dev.trafficctl.cli.kafka.EventLog;
import dev.trafficctl.cli.kafka.TopicLog;
import dev.trafficctl.model.StartingPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The events that a start from a state would skip: the source goes on behind them, and the job's
 * filter has not taken them. Offsets without an event, which the source passes over by itself, are
 * none; what Kafka has deleted cannot be told from these.
 *
 * @param lines a line for each partition that has any; empty where nothing is skipped
 * @param before where a start without state reads them, and goes on as the state does else
 */
public record SkippedEvents(List<String> lines, StartingPosition.Offsets before) {
  /** Nothing, as far as that is known. */
  public static final SkippedEvents NONE =
      new SkippedEvents(List.of(), new StartingPosition.Offsets(new TreeMap<>()));

  /** With a list that does not change. */
  public SkippedEvents {
    lines = List.copyOf(lines);
  }

  /**
   * Those of a state.
   *
   * @param topic the topic's name
   * @param log what Kafka has of the topic that the state is of
   * @throws dev.trafficctl.cli.process.CommandException when Kafka cannot be asked
   */
  public static SkippedEvents of(StateFile file, String topic, EventLog log) {
    SortedMap<Integer, Long> next = file.next(topic);
    SortedMap<Integer, Long> processed = new TreeMap<>(file.nextOffsets());
    processed.entrySet().removeIf(entry -> entry.getValue() >= next.get(entry.getKey()));
    if (processed.isEmpty()) {
      return NONE;
    }
    SortedMap<Integer, TopicLog.Range> ranges = log.ranges();
    processed.entrySet().removeIf(entry -> !holds(ranges.get(entry.getKey()), entry.getValue()));
    List<String> lines = new ArrayList<>();
    SortedMap<Integer, Long> before = new TreeMap<>(next);
    log.eventsAt(processed)
        .forEach(
            (partition, found) ->
                found
                    .filter(event -> event.offset() < next.get(partition))
                    .ifPresent(
                        event -> {
                          before.put(partition, processed.get(partition));
                          lines.add(
                              "partition %d: the source goes on at offset %d, but the filter has processed nothing from offset %d on (READ-PROGRESS), and Kafka has an event at offset %d"
                                  .formatted(
                                      partition,
                                      next.get(partition),
                                      processed.get(partition),
                                      event.offset()));
                        }));
    return new SkippedEvents(lines, new StartingPosition.Offsets(before));
  }

  private static boolean holds(TopicLog.Range range, long offset) {
    return range != null && offset >= range.start() && offset < range.end();
  }

  /** Whether nothing is skipped. */
  public boolean isEmpty() {
    return lines.isEmpty();
  }

  /**
   * All of it in one line.
   *
   * @param withoutState the command that starts from {@link #before}
   */
  public String words(String withoutState) {
    return "the state cannot be restored, events would be skipped: "
        + String.join("; ", lines)
        + "; to read them, start without state: "
        + withoutState;
  }
}
