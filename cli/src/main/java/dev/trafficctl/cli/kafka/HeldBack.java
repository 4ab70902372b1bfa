package dev.trafficctl.cli.kafka;

import dev.trafficctl.cli.output.Text;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What of a partition waits behind an open transaction: nobody who reads committed events gets it
 * before that ends.
 *
 * @param lastStableOffset the offset before which everything can be read
 * @param logEndOffset the offset that the next event will get
 */
public record HeldBack(long lastStableOffset, long logEndOffset) {
  /** How many offsets wait: an upper bound of events. */
  public long size() {
    return logEndOffset - lastStableOffset;
  }

  /**
   * In words.
   *
   * @param partition topic and number
   * @param transaction what is known of the transaction, to follow {@code that is open}; may be
   *     empty
   * @param partitions how many partitions wait, with this one
   */
  public String words(String partition, String transaction, long partitions) {
    return "partition "
        + partition
        + ": nothing from offset "
        + lastStableOffset
        + " on can be read before a transaction ends that is open"
        + transaction
        + "; up to "
        + Text.number(size())
        + " events wait there"
        + (partitions > 1 ? ", and " + (partitions - 1) + " other partitions wait too" : "");
  }

  /** The partition of a topic in which most waits, in words; nothing where nothing waits. */
  public static Optional<String> words(String topic, SortedMap<Integer, HeldBack> partitions) {
    return partitions.entrySet().stream()
        .max(
            Comparator.comparingLong((Map.Entry<Integer, HeldBack> each) -> each.getValue().size()))
        .map(most -> most.getValue().words(topic + "-" + most.getKey(), "", partitions.size()));
  }
}
