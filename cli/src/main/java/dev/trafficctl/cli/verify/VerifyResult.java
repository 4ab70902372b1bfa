package dev.trafficctl.cli.verify;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What came of a check.
 *
 * @param topic the topic
 * @param topicId its id (KIP-516)
 * @param source the number that stands for it in Postgres, or null if no job has ever read it
 * @param scope what was to be checked
 * @param partitions each partition, in order
 * @param beyond rows behind the end of Kafka's log, where none can be: the greatest offset of each
 *     partition and table that has any
 * @param differences the first differences, in the order of their places
 * @param judgedOtherwise how many rows of rejected_events say something else than is said of their
 *     event now, by the reason that they give
 * @param earlier rows that were written before a column came, in the order of tables and columns
 * @param replaced at how many offsets Kafka has a record with another timestamp than the row there:
 *     its log was cut off and has grown again since the row was written
 * @param notes what was not checked, or is to be known
 * @param took how long it took
 * @param problem why it could not be finished, or null
 */
public record VerifyResult(
    String topic,
    String topicId,
    Short source,
    Scope scope,
    List<Partition> partitions,
    List<Difference> beyond,
    List<Difference> differences,
    SortedMap<String, Long> judgedOtherwise,
    List<EarlierRows> earlier,
    long replaced,
    List<String> notes,
    Duration took,
    String problem) {
  /** With lists that do not change. */
  public VerifyResult {
    partitions = List.copyOf(partitions);
    beyond = List.copyOf(beyond);
    differences = List.copyOf(differences);
    judgedOtherwise = Collections.unmodifiableSortedMap(new TreeMap<>(judgedOtherwise));
    earlier = List.copyOf(earlier);
    notes = List.copyOf(notes);
  }

  /**
   * A partition.
   *
   * @param number its number
   * @param from the first offset
   * @param checkedTo the offset before which everything was checked
   * @param to the offset behind the last one of the range
   * @param counts what was counted from {@code from} to {@code checkedTo}
   */
  public record Partition(int number, long from, long checkedTo, long to, PartitionCounts counts) {}

  /** All partitions together. */
  public PartitionCounts total() {
    return partitions.stream()
        .map(Partition::counts)
        .reduce(PartitionCounts.NONE, PartitionCounts::plus);
  }

  /** Whether the whole range was checked. */
  public boolean finished() {
    return problem == null;
  }

  /** Whether everything that was checked is as it should be. */
  public boolean holds() {
    return beyond.isEmpty()
        && scope.lost().isEmpty()
        && total().differences() == 0
        && partitions.stream().allMatch(p -> p.counts().lawHolds());
  }
}
