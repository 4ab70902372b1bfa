package dev.trafficctl.local.traffic;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;

/** Pieces of JSON text. */
final class Json {
  private Json() {}

  /** A text as a JSON string, with its quotation marks. */
  static String quoted(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }

  /** JSON text as it goes to Kafka. */
  static byte[] bytes(String json) {
    return json.getBytes(StandardCharsets.UTF_8);
  }
}
