package dev.trafficctl.local.traffic;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;

/**
 * A line that may be an event already: one JSON object with a text as its {@code event_time}.
 *
 * @param line the whole line
 * @param time the event's time, or null if it is not in ISO-8601 with a zone
 * @param from where the quotation marks of that time begin in the line
 * @param to behind them
 */
record EventLine(byte[] line, Instant time, int from, int to) {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /**
   * Reads one line.
   *
   * @return null when it is not one JSON object, or has no text for its time
   */
  static EventLine parse(byte[] line) {
    EventLine event = null;
    try (JsonParser json = JSON.createParser(line)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        boolean isTime = json.currentName().equals("event_time");
        if (json.nextToken() == JsonToken.VALUE_STRING && isTime) {
          int from = (int) json.currentTokenLocation().getByteOffset();
          Instant time = time(json.getText());
          event = new EventLine(line, time, from, (int) json.currentLocation().getByteOffset());
        } else {
          json.skipChildren();
        }
      }
      return json.nextToken() == null ? event : null;
    } catch (IOException e) {
      return null;
    }
  }

  private static Instant time(String text) {
    try {
      Instant time = DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text, Instant::from);
      return EventTimeWriter.canWrite(time) ? time : null;
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** The line with another time in the same place. */
  byte[] withTime(String eventTime) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(line.length + eventTime.length());
    bytes.write(line, 0, from);
    bytes.writeBytes(Json.bytes(Json.quoted(eventTime)));
    bytes.write(line, to, line.length - to);
    return bytes.toByteArray();
  }
}
