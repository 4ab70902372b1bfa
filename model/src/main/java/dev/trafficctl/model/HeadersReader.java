package dev.trafficctl.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * Reads {@code headers}: null, an object, or a string that holds one as JSON. Of the geographic
 * headers it makes {@link Geodata}; what the others hold is passed over, and rejects nothing.
 */
final class HeadersReader {
  /** The most headers of an event; each element of a geographic one's array counts as one more. */
  static final int MAX_HEADERS = 1_000;

  private final StrictJson json;

  HeadersReader(StrictJson json) {
    this.json = json;
  }

  /** The geodata of the next value of an event, or null if it has none. */
  String geodata(JsonText event) throws IOException, RejectedException {
    JsonToken token = event.next();
    return switch (token) {
      case VALUE_NULL -> null;
      case START_OBJECT -> object(event);
      case VALUE_STRING -> held(event);
      default ->
          throw new RejectedException(
              RejectionReason.WRONG_TYPE,
              "headers is " + JsonText.describe(token) + "; expected an object");
    };
  }

  /**
   * Many logging libraries write a map of headers as a string of JSON; one without any is empty.
   */
  private String held(JsonText event) throws IOException, RejectedException {
    String text = event.unchecked(() -> "headers");
    if (text.isBlank()) {
      return null;
    }
    try (JsonText headers = json.open(text)) {
      JsonToken token = headers.next();
      String geodata = null;
      if (token == JsonToken.START_OBJECT) {
        geodata = object(headers);
      } else if (token != JsonToken.VALUE_NULL) {
        throw noObject("it holds " + JsonText.describe(token));
      }
      if (headers.next() != null) {
        throw noObject("something follows the object");
      }
      return geodata;
    } catch (StreamConstraintsException e) {
      throw EventParser.tooDeep("headers is a string with an array or object that");
    } catch (JsonProcessingException e) {
      json.forgetNames();
      throw noObject(EventParser.withoutAdvice(e.getOriginalMessage()));
    }
  }

  private static RejectedException noObject(String why) {
    return new RejectedException(
        RejectionReason.WRONG_TYPE, "headers is a string that is no JSON object: " + why);
  }

  private static String object(JsonText headers) throws IOException, RejectedException {
    Geodata found = new Geodata();
    HeaderNames geographic = new HeaderNames();
    int count = 0;
    for (String name = headers.nextName(); name != null; name = headers.nextName()) {
      count = counted(count);
      List<Geodata.Key> keys = Geodata.keysOf(name);
      if (keys.isEmpty()) {
        headers.skip();
        continue;
      }
      if (!geographic.add(name)) {
        throw new RejectedException(
            RejectionReason.DUPLICATE_FIELD, header(name) + " is there twice");
      }
      JsonToken token = headers.next();
      if (token == JsonToken.START_ARRAY) {
        for (token = headers.next(); token != JsonToken.END_ARRAY; token = headers.next()) {
          count = counted(count);
          found.add(keys, value(headers, name, token, true));
        }
      } else if (token != JsonToken.VALUE_NULL) {
        found.add(keys, value(headers, name, token, false));
      }
    }
    return found.toJson();
  }

  private static int counted(int count) throws RejectedException {
    if (count == MAX_HEADERS) {
      throw new RejectedException(
          RejectionReason.TOO_MANY_HEADERS,
          String.format(Locale.ROOT, "headers has more than %,d values", MAX_HEADERS));
    }
    return count + 1;
  }

  private static String value(JsonText headers, String name, JsonToken token, boolean inArray)
      throws IOException, RejectedException {
    if (token != JsonToken.VALUE_STRING) {
      throw new RejectedException(
          inArray && token.isStructStart() ? RejectionReason.TOO_DEEP : RejectionReason.WRONG_TYPE,
          header(name)
              + (inArray ? " has " : " is ")
              + JsonText.describe(token)
              + (inArray
                  ? " in its array; expected strings"
                  : "; expected a string, null or an array of strings"));
    }
    return headers.string(true, () -> header(name));
  }

  private static String header(String name) {
    return "header " + Rejection.quoted(name);
  }
}
