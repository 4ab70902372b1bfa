package dev.trafficctl.kafka;

import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * That a batch in Kafka's log is not as it was written: its checksum is wrong, or what it holds is
 * no record. No reader of Kafka's gets past it; the message is one line that says where it is and
 * what to do.
 */
public final class CorruptBatchException extends KafkaException {
  private static final long serialVersionUID = 1L;

  private final transient TopicPartition place;
  private final long offset;

  /**
   * A batch that cannot be read.
   *
   * @param offset the first offset that cannot be read
   * @param next the offset behind the batch, where that much of it is sound
   * @param said what is wrong with it, in Kafka's words
   */
  CorruptBatchException(TopicPartition place, long offset, OptionalLong next, String said) {
    super(
        "offset %d of partition %d of topic '%s' cannot be read, its batch is damaged in Kafka's log (%s). %s"
            .formatted(offset, place.partition(), place.topic(), said, remedy(place, next)));
    this.place = place;
    this.offset = offset;
  }

  private static String remedy(TopicPartition place, OptionalLong next) {
    return ("Where a replica has it whole, make that one the leader, and reading goes on by itself;"
            + " else go on behind it, which leaves its events out: trafficctl restart"
            + " --from-offsets with %s, and of each other partition the CURRENT-OFFSET that"
            + " trafficctl lag shows")
        .formatted(
            next.isPresent()
                ? "%d=%d".formatted(place.partition(), next.getAsLong())
                : "an offset of partition %d behind the batch".formatted(place.partition()));
  }

  /** The one that made a consumer fail, if one did. */
  public static Optional<CorruptBatchException> in(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CorruptBatchException found) {
        return Optional.of(found);
      }
    }
    return Optional.empty();
  }

  /** The partition. */
  public TopicPartition place() {
    return place;
  }

  /** The first offset that cannot be read. */
  public long offset() {
    return offset;
  }
}
