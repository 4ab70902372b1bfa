package dev.trafficctl.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** How what comes from Kafka is fitted to the columns of the tables. */
public final class StoredValues {
  /** The most bytes of a rejected value that are kept: 1 MiB, Kafka's own default limit. */
  public static final int MAX_PAYLOAD = 1 << 20;

  /** The last millisecond that timestamptz can hold, in milliseconds since 1970. */
  private static final long MAX_TIMESTAMP_MILLIS = 9_224_318_015_999_999L;

  private StoredValues() {}

  /**
   * Whether {@code kafka_timestamp} can hold a record's timestamp; it is null otherwise.
   *
   * @param kafkaTimestamp in milliseconds since 1970; negative if the record has none
   */
  public static boolean hasTimestamp(long kafkaTimestamp) {
    return kafkaTimestamp >= 0 && kafkaTimestamp <= MAX_TIMESTAMP_MILLIS;
  }

  /** What is kept of a rejected value: null stays null. */
  public static byte[] payload(byte[] value) {
    return value == null || value.length <= MAX_PAYLOAD ? value : Arrays.copyOf(value, MAX_PAYLOAD);
  }

  /** The payload of an event that Postgres refused: the event as JSON, in UTF-8. */
  public static byte[] payload(WebEvent event) {
    return payload(event, Tables.EVENTS);
  }

  /**
   * The same, of a job whose table of events has other columns.
   *
   * @param columns those, each with the field that it holds
   */
  public static byte[] payload(WebEvent event, TableColumns<ProcessedEvent> columns) {
    EventJson json = new EventJson(columns);
    ProcessedEvent row = new ProcessedEvent((short) 0, 0, 0, -1, false, event);
    columns.all().forEach(column -> column.value().give(row, json));
    return json.bytes();
  }

  /**
   * The value of a record that is the event which Postgres refused, so that it can be parsed once
   * more: the parser makes of it the very event whose payload this is.
   *
   * @param payload what {@link #payload(WebEvent)} made
   * @throws IllegalArgumentException when it is something else
   */
  public static byte[] value(byte[] payload) {
    try {
      if (new JsonMapper().readTree(payload) instanceof ObjectNode event) {
        JsonNode geodata = event.remove("geodata");
        if (geodata != null && geodata.isTextual()) {
          JsonNode values = new JsonMapper().readTree(geodata.textValue());
          ObjectNode headers = event.putObject("headers");
          for (Geodata.Key key : Geodata.Key.values()) {
            if (values.path(key.text()).isTextual()) {
              headers.set(key.header(), values.get(key.text()));
            }
          }
        }
        return event.toString().getBytes(StandardCharsets.UTF_8);
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("the payload is not JSON", e);
    }
    throw new IllegalArgumentException("the payload is no JSON object");
  }

  /**
   * What {@link WebEvent#geodata} would be of headers with the values of a stored one, in which
   * header text may be as it was sent.
   *
   * @param json a JSON object; anything else is returned as it is
   */
  public static String decodedGeodata(String json) {
    try {
      if (new JsonMapper().readTree(json) instanceof ObjectNode geodata) {
        geodata.properties().stream()
            .filter(member -> member.getValue().isTextual())
            .forEach(
                member ->
                    member.setValue(
                        TextNode.valueOf(HeaderText.decoded(member.getValue().textValue()))));
        return geodata.toString();
      }
    } catch (IOException e) {
      // Returned as it is, like all that is no object.
    }
    return json;
  }
}
