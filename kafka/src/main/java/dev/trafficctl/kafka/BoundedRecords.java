package dev.trafficctl.kafka;

import java.io.IOException;
import java.util.Iterator;
import java.util.OptionalLong;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.network.TransferableChannel;
import org.apache.kafka.common.record.AbstractRecords;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.Records;
import org.apache.kafka.common.utils.AbstractIterator;

/** What a broker has sent of one partition, as batches that are bounded. */
final class BoundedRecords extends AbstractRecords {
  private final Records records;
  private final TopicPartition place;
  private final long from;
  private final PollBudget budget;

  /**
   * With what a broker has sent.
   *
   * @param from the offset from which on they are read
   */
  BoundedRecords(Records records, TopicPartition place, long from, PollBudget budget) {
    this.records = records;
    this.place = place;
    this.from = from;
    this.budget = budget;
  }

  @Override
  public Iterable<BoundedBatch> batches() {
    return this::batchIterator;
  }

  @Override
  public AbstractIterator<BoundedBatch> batchIterator() {
    return new AbstractIterator<>() {
      private Iterator<? extends RecordBatch> batches;
      private long reached = from;

      @Override
      protected BoundedBatch makeNext() {
        try {
          if (batches == null) {
            batches = records.batches().iterator();
          }
          if (!batches.hasNext()) {
            return allDone();
          }
          RecordBatch batch = batches.next();
          reached = Math.max(from, batch.nextOffset());
          return new BoundedBatch(batch, place, from, budget);
        } catch (KafkaException e) {
          throw new CorruptBatchException(place, reached, OptionalLong.empty(), e.getMessage());
        }
      }
    };
  }

  @Override
  public int sizeInBytes() {
    return records.sizeInBytes();
  }

  @Override
  public Records slice(int position, int size) {
    return new BoundedRecords(records.slice(position, size), place, from, budget);
  }

  @Override
  public int writeTo(TransferableChannel channel, int position, int length) throws IOException {
    return records.writeTo(channel, position, length);
  }
}
