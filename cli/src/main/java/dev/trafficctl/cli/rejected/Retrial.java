package dev.trafficctl.cli.rejected;

import dev.trafficctl.cli.kafka.JobTopic;
import dev.trafficctl.cli.kafka.RangeReader;
import dev.trafficctl.cli.postgres.RejectedRow;
import dev.trafficctl.cli.postgres.Settlement.Verdict;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.kafka.ValueSize;
import dev.trafficctl.model.EventFilter;
import dev.trafficctl.model.EventParser;
import dev.trafficctl.model.FilterRules;
import dev.trafficctl.model.ParseResult;
import dev.trafficctl.model.Rejection;
import dev.trafficctl.model.Settings;
import dev.trafficctl.model.StoredValues;
import dev.trafficctl.model.Tables;
import dev.trafficctl.model.WebEvent;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Judges rejected events once more, as the job would: by its parser, its filter and its settings.
 * An event comes from its row where that has all of it, else from its place in Kafka. Not
 * thread-safe.
 */
public final class Retrial implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long NO_TIMESTAMP = -1;

  private final JobTopic topic;
  private final EventParser parser;
  private final EventFilter filter;
  private RangeReader reader;

  /**
   * With the settings of the job.
   *
   * @param topic the topic whose id is that of the rows
   */
  public Retrial(Settings settings, JobTopic topic) {
    this.topic = topic;
    this.parser = new EventParser(settings.parsing());
    this.filter =
        new EventFilter(
            settings.filter() == null
                ? FilterRules.defaults()
                : FilterRules.parse(settings.filter()));
  }

  /**
   * Where the event of a row belongs now; nothing if neither the row nor Kafka has all of it.
   *
   * @param row a row with its payload
   * @throws CommandException when Kafka is needed, and cannot be asked
   */
  public Optional<Verdict> judge(RejectedRow row) {
    boolean refused = row.reason().equals(Tables.REFUSED_BY_POSTGRES);
    byte[] value = null;
    int size = ConsumerRecord.NULL_SIZE;
    boolean known = row.isWhole();
    if (known && refused) {
      try {
        value = StoredValues.value(row.payload());
      } catch (IllegalArgumentException e) {
        known = false;
      }
    } else if (known) {
      value = row.payload();
    }
    if (value != null) {
      size = value.length;
    }
    boolean ofKafka = !known;
    if (ofKafka) {
      Optional<ConsumerRecord<byte[], byte[]>> found = inKafka(row);
      if (found.isEmpty()) {
        return Optional.empty();
      }
      value = found.get().value();
      size = ValueSize.of(found.get());
    }
    ParseResult result = parser.parse(value, size, timestamp(row));
    if (result instanceof WebEvent event) {
      return Optional.of(
          filter.drops(event) == EventFilter.KEEP
              ? new Verdict.Keep(row, event)
              : new Verdict.Drop(row));
    }
    if (refused && !ofKafka) {
      // What is kept of a rejected record is its own value, not the event that was made of it.
      Optional<ConsumerRecord<byte[], byte[]>> found = inKafka(row);
      if (found.isEmpty()) {
        return Optional.empty();
      }
      value = found.get().value();
      size = ValueSize.of(found.get());
    }
    return Optional.of(
        new Verdict.Reject(
            row, (Rejection) result, StoredValues.payload(value), value == null ? 0 : size));
  }

  private static long timestamp(RejectedRow row) {
    return row.kafkaTimestamp() == null ? NO_TIMESTAMP : row.kafkaTimestamp().toEpochMilli();
  }

  /** A tombstone is rejected with all of its payload, so that what is looked for has a value. */
  private Optional<ConsumerRecord<byte[], byte[]>> inKafka(RejectedRow row) {
    if (reader == null) {
      reader = new RangeReader(topic.connection(), topic.name(), PATIENCE);
    }
    Found found = new Found();
    try {
      reader.read(row.partition(), row.offset(), row.offset() + 1, found);
    } catch (CommandException e) {
      if (e.exitCode() != ExitCode.FAILED) {
        throw e;
      }
      // Kafka has deleted it.
      return Optional.empty();
    }
    return Optional.ofNullable(found.record).filter(record -> record.value() != null);
  }

  private static final class Found implements RangeReader.Target {
    private ConsumerRecord<byte[], byte[]> record;

    @Override
    public void event(ConsumerRecord<byte[], byte[]> event) {
      record = event;
    }

    @Override
    public boolean reached(long offset) {
      return true;
    }
  }

  @Override
  public void close() {
    if (reader != null) {
      reader.close();
    }
  }
}
