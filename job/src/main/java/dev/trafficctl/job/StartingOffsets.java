package dev.trafficctl.job;

import dev.trafficctl.kafka.LostOffsets;
import dev.trafficctl.kafka.ReadingGaps;
import dev.trafficctl.model.StartingPosition;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Resolves a starting position to one offset for each partition, once, when the job is submitted.
 *
 * <p>The offsets are pinned in the job graph: a job that fails before its first checkpoint starts
 * from the same place again, where {@code latest} resolved anew would skip what came in between.
 * What cannot be honoured is refused, since Flink's own initializers turn it into another position
 * without a word (FLINK-39888, and a timestamp past the end becomes latest).
 */
final class StartingOffsets {
  private final Topic topic;
  private final String group;
  private final Clock clock;

  StartingOffsets(Topic topic, String group, Clock clock) {
    this.topic = topic;
    this.group = group;
    this.clock = clock;
  }

  /**
   * The offset of the first event to read, by partition.
   *
   * @throws DataLostException naming every partition whose events are gone, and which
   * @throws IllegalArgumentException when the position names what does not exist
   * @throws KafkaAnswerException when Kafka cannot be asked
   */
  SortedMap<Integer, Long> resolve(StartingPosition position) {
    List<Integer> partitions = topic.partitions();
    // Asked for before anything else: an event that arrives meanwhile is then read, not skipped.
    Map<Integer, Long> end = topic.endOffsets(partitions);
    Map<Integer, Long> start = topic.startOffsets(partitions);
    SortedMap<Integer, Long> wanted = wanted(position, partitions, start, end);
    refuseWhatIsGone(position, wanted, start, end);
    return wanted;
  }

  private SortedMap<Integer, Long> wanted(
      StartingPosition position,
      List<Integer> partitions,
      Map<Integer, Long> start,
      Map<Integer, Long> end) {
    if (position instanceof StartingPosition.Earliest) {
      return new TreeMap<>(start);
    }
    if (position instanceof StartingPosition.Latest) {
      return new TreeMap<>(end);
    }
    if (position instanceof StartingPosition.Committed committed) {
      return committed(committed.otherwise(), partitions, start, end);
    }
    if (position instanceof StartingPosition.Timestamp timestamp) {
      return from(timestamp, partitions, start, end);
    }
    return given((StartingPosition.Offsets) position, partitions);
  }

  private SortedMap<Integer, Long> committed(
      StartingPosition.Otherwise otherwise,
      List<Integer> partitions,
      Map<Integer, Long> start,
      Map<Integer, Long> end) {
    SortedMap<Integer, Long> offsets = new TreeMap<>(topic.committedOffsets(group));
    offsets.keySet().retainAll(partitions);
    List<Integer> without = new ArrayList<>(partitions);
    without.removeAll(offsets.keySet());
    if (!without.isEmpty() && otherwise == StartingPosition.Otherwise.REFUSE) {
      throw new IllegalArgumentException(
          "--starting-offsets: group '"
              + group
              + "' has committed nothing for partitions "
              + without
              + "; give committed:earliest or committed:latest to say where those start");
    }
    Map<Integer, Long> fallback = otherwise == StartingPosition.Otherwise.LATEST ? end : start;
    without.forEach(partition -> offsets.put(partition, fallback.get(partition)));
    return offsets;
  }

  private SortedMap<Integer, Long> from(
      StartingPosition.Timestamp timestamp,
      List<Integer> partitions,
      Map<Integer, Long> start,
      Map<Integer, Long> end) {
    if (timestamp.instant().isAfter(clock.instant())) {
      throw new IllegalArgumentException(
          "--starting-offsets: "
              + timestamp.instant()
              + " lies in the future; give a time that has passed, or latest");
    }
    SortedMap<Integer, Long> offsets = new TreeMap<>();
    List<String> gone = new ArrayList<>();
    Map<Integer, Long> oldest = topic.offsetsFrom(partitions, 0);
    topic
        .offsetsFrom(partitions, timestamp.instant().toEpochMilli())
        .forEach(
            (partition, found) -> {
              offsets.put(partition, found < 0 ? end.get(partition) : found);
              if (found >= 0
                  && LostOffsets.maySince(start.get(partition), oldest.get(partition), found)) {
                gone.add("partition " + partition + " has lost its events before offset " + found);
              }
            });
    if (!gone.isEmpty()) {
      throw new DataLostException(
          "--starting-offsets: "
              + timestamp.instant()
              + " lies before what Kafka still has: "
              + String.join("; ", gone)
              + ". Give a later time, or earliest to start with what is left");
    }
    return offsets;
  }

  private SortedMap<Integer, Long> given(
      StartingPosition.Offsets offsets, List<Integer> partitions) {
    List<Integer> unknown = new ArrayList<>(offsets.offsets().keySet());
    unknown.removeAll(partitions);
    List<Integer> missing = new ArrayList<>(partitions);
    missing.removeAll(offsets.offsets().keySet());
    if (!unknown.isEmpty() || !missing.isEmpty()) {
      throw new IllegalArgumentException(
          "--starting-offsets: "
              + (unknown.isEmpty() ? "" : "there are no partitions " + unknown + "; ")
              + (missing.isEmpty() ? "" : "no offset is given for partitions " + missing + "; ")
              + "give one offset for each of the partitions "
              + partitions);
    }
    return new TreeMap<>(offsets.offsets());
  }

  private static void refuseWhatIsGone(
      StartingPosition position,
      Map<Integer, Long> wanted,
      Map<Integer, Long> start,
      Map<Integer, Long> end) {
    ReadingGaps gaps = ReadingGaps.of(wanted, start, end);
    if (!gaps.lines().isEmpty()) {
      throw new DataLostException(
          "--starting-offsets "
              + position.text()
              + " cannot be honoured: "
              + gaps.words()
              + ". Give "
              + gaps.left()
                  .map(left -> new StartingPosition.Offsets(left).text() + " to go on with")
                  .orElse("earliest to start with")
              + " what is left, or other offsets");
    }
  }
}
