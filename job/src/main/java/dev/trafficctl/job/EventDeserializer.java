package dev.trafficctl.job;

import dev.trafficctl.kafka.ValueSize;
import dev.trafficctl.model.EventParser;
import dev.trafficctl.model.ParseResult;
import dev.trafficctl.model.ParsingRules;
import dev.trafficctl.model.Rejection;
import dev.trafficctl.model.StoredValues;
import dev.trafficctl.model.WebEvent;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The parse stage, inside the source, so that each partition has a watermark of its own. Every
 * record becomes exactly one {@link KafkaEvent}; no content makes it fail.
 */
final class EventDeserializer implements KafkaRecordDeserializationSchema<KafkaEvent> {
  private static final long serialVersionUID = 1L;

  private final ParsingRules rules;
  private transient EventParser parser;

  EventDeserializer(ParsingRules rules) {
    this.rules = rules;
  }

  @Override
  public void open(DeserializationSchema.InitializationContext context) {
    parser = new EventParser(rules, new IgnoredFields(context.getMetricGroup())::count);
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<KafkaEvent> out) {
    byte[] value = record.value();
    int size = ValueSize.of(record);
    ParseResult result = parser.parse(value, size, record.timestamp());
    if (result instanceof WebEvent event) {
      out.collect(
          new KafkaEvent(
              record.partition(),
              record.offset(),
              record.timestamp(),
              event,
              null,
              null,
              null,
              value.length));
      return;
    }
    Rejection rejection = (Rejection) result;
    out.collect(
        new KafkaEvent(
            record.partition(),
            record.offset(),
            record.timestamp(),
            null,
            rejection.reason().code(),
            rejection.detail(),
            StoredValues.payload(value),
            value == null ? 0 : size));
  }

  @Override
  public TypeInformation<KafkaEvent> getProducedType() {
    return TypeInformation.of(KafkaEvent.class);
  }
}
