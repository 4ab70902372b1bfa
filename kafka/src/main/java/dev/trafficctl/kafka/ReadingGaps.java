package dev.trafficctl.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whether a topic can be read on from given offsets. */
public final class ReadingGaps {
  private ReadingGaps() {}

  /**
   * Says for each partition what lies between the offset that is read next and Kafka's log.
   *
   * @param next the offset that is read next, by partition
   * @param starts the first offset that Kafka still has; without partitions that do not exist
   * @param ends the offset that the next event will get; without partitions that do not exist
   * @return a line for each partition that cannot be read on, none where all can
   */
  public static List<String> of(
      Map<Integer, Long> next, Map<Integer, Long> starts, Map<Integer, Long> ends) {
    List<String> gaps = new ArrayList<>();
    next.forEach(
        (partition, offset) -> {
          Long start = starts.get(partition);
          Long end = ends.get(partition);
          if (start == null || end == null) {
            gaps.add("partition " + partition + " no longer exists");
          } else if (offset > end) {
            gaps.add(
                "partition %d ends at offset %d, before offset %d where reading would go on"
                    .formatted(partition, end, offset));
          } else {
            LostOffsets.between(partition, offset, start).ifPresent(lost -> gaps.add(lost.words()));
          }
        });
    return gaps;
  }
}
