package dev.trafficctl.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Turns the value of a Kafka record into a {@link WebEvent}, or into a {@link Rejection} if it is
 * not exactly one event that can be stored as it is. Content never makes it throw.
 *
 * <p>A value is one JSON object (RFC 8259, strictly) in UTF-8:
 *
 * <ul>
 *   <li>{@code url}, {@code host}, {@code ip}, {@code event_time}: required, strings, not empty.
 *   <li>{@code referrer}, {@code user_agent}: optional, strings or null, kept as sent.
 *   <li>{@code headers}: optional, null or an object from names to strings, null, or arrays of
 *       strings. Only the geographic ones are kept, see {@link WebEvent#geodata}; of a header with
 *       several values the first that is not empty.
 * </ul>
 *
 * <p>{@code event_time} is RFC 3339: a date and time with seconds and a zone, of the years 1970 to
 * 9999 in UTC, no finer than microseconds (zeros beyond them are harmless). A leap second ({@code
 * :60}) is refused, because neither {@code java.time} nor Postgres can tell it from the second
 * after; so is {@code -00:00}, which says that the zone is unknown. {@code ip} is one address; an
 * IPv4-mapped IPv6 address becomes the IPv4 address it stands for.
 *
 * <p>Limits: {@value Characters#MAX_UTF8_BYTES} bytes of UTF-8 a string, {@value #MAX_NAME_BYTES}
 * bytes a name, {@value #MAX_HEADERS} headers. No string, stored or not, may have the character
 * U+0000, half a surrogate pair, or a control character; only in {@code user_agent} and in the
 * values of headers is a horizontal tab allowed, as RFC 9110, section 5.5, has it.
 *
 * <p>Not thread-safe: one for each task.
 */
public final class EventParser {
  /** The longest name of a field or header, in bytes of UTF-8 (exact to 3 bytes). */
  static final int MAX_NAME_BYTES = 1_024;

  /** The most headers of an event; each element of an array counts as one more. */
  static final int MAX_HEADERS = 1_000;

  private enum Field {
    URL,
    HOST,
    IP,
    EVENT_TIME,
    REFERRER,
    USER_AGENT,
    HEADERS;

    private static final Map<String, Field> BY_KEY =
        Arrays.stream(values()).collect(Collectors.toMap(field -> field.key, Function.identity()));
    private static final Field[] REQUIRED = {URL, HOST, IP, EVENT_TIME};

    private final String key = name().toLowerCase(Locale.ROOT);

    private boolean isRequired() {
      return ordinal() < REQUIRED.length;
    }
  }

  private final JsonFactory json =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          // A full symbol table starts anew; names of earlier events must not fail this one.
          .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(Characters.MAX_UTF8_BYTES)
                  .maxNameLength(MAX_NAME_BYTES)
                  // No number is ever kept, and nothing deeper than an array of header values read.
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxNestingDepth(Integer.MAX_VALUE)
                  .build())
          .build();
  private final EventTime eventTime;

  /**
   * A parser that trusts event times up to a point.
   *
   * @param maxAhead how far an event's time may be ahead of the timestamp of its Kafka record;
   *     inclusive, not negative
   * @throws IllegalArgumentException if {@code maxAhead} is negative
   */
  public EventParser(Duration maxAhead) {
    this.eventTime = new EventTime(maxAhead);
  }

  /**
   * Parses one value.
   *
   * @param value the record's value, or null for a tombstone
   * @param kafkaTimestampMillis the record's timestamp in milliseconds since 1970-01-01T00:00:00Z;
   *     if negative, Kafka knows none, and how far the event is ahead cannot be checked
   * @return the event, or the first defect that was met
   */
  public ParseResult parse(byte[] value, long kafkaTimestampMillis) {
    try {
      boolean plain = Payload.isPlain(value);
      try (JsonParser parser = json.createParser(value)) {
        // Nothing needs to be looked at in the strings of a plain value that is this short.
        return new Reading(parser, plain && value.length <= Characters.MAX_UTF8_BYTES)
            .event(kafkaTimestampMillis);
      }
    } catch (RejectedException e) {
      return e.rejection();
    } catch (IOException e) {
      throw new UncheckedIOException("Reading from memory failed", e);
    }
  }

  /** Jackson names the Java switch that would let the defect pass; who sends events has none. */
  private static String withoutAdvice(String message) {
    int advice = message.indexOf(": enable `");
    return advice < 0 ? message : message.substring(0, advice);
  }

  /** One pass over one value. */
  private final class Reading {
    private final JsonParser parser;
    private final boolean trusted;
    private final String[] texts = new String[Field.values().length];
    private String geodata;
    private int seen;

    private Reading(JsonParser parser, boolean trusted) {
      this.parser = parser;
      this.trusted = trusted;
    }

    private WebEvent event(long kafkaTimestampMillis) throws IOException, RejectedException {
      try {
        object();
      } catch (StreamConstraintsException e) {
        throw new RejectedException(
            RejectionReason.NAME_TOO_LONG,
            String.format(
                Locale.ROOT,
                "the name before byte %d is longer than %,d bytes",
                position(),
                MAX_NAME_BYTES));
      } catch (JsonEOFException e) {
        throw new RejectedException(
            RejectionReason.TRUNCATED,
            "the value ends within the JSON text, at byte " + position());
      } catch (JsonProcessingException e) {
        throw new RejectedException(
            RejectionReason.MALFORMED_JSON,
            "not JSON before byte " + position() + ": " + withoutAdvice(e.getOriginalMessage()));
      }
      end();
      for (Field field : Field.REQUIRED) {
        if (!isSeen(field)) {
          throw new RejectedException(RejectionReason.MISSING_FIELD, field.key + " is missing");
        }
      }
      return new WebEvent(
          ClientAddress.parse(text(Field.IP)),
          eventTime.parse(text(Field.EVENT_TIME), kafkaTimestampMillis),
          text(Field.REFERRER),
          text(Field.HOST),
          text(Field.URL),
          geodata,
          text(Field.USER_AGENT));
    }

    private long position() {
      return parser.currentLocation().getByteOffset();
    }

    private void object() throws IOException, RejectedException {
      JsonToken first = parser.nextToken();
      if (first != JsonToken.START_OBJECT) {
        throw new RejectedException(
            RejectionReason.NOT_AN_OBJECT,
            "the value is " + describe(first) + "; expected an object");
      }
      fields();
    }

    private boolean isSeen(Field field) {
      return (seen & 1 << field.ordinal()) != 0;
    }

    private String text(Field field) {
      return texts[field.ordinal()];
    }

    private void fields() throws IOException, RejectedException {
      for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
        Field field = Field.BY_KEY.get(key);
        if (field == null) {
          throw new RejectedException(
              RejectionReason.UNKNOWN_FIELD,
              "an event has no field " + Rejection.quoted(key) + "; expected " + expectedKeys());
        }
        if (isSeen(field)) {
          throw new RejectedException(
              RejectionReason.DUPLICATE_FIELD, field.key + " is there twice");
        }
        seen |= 1 << field.ordinal();
        if (field == Field.HEADERS) {
          headers();
        } else {
          texts[field.ordinal()] = value(field);
        }
      }
    }

    private String value(Field field) throws IOException, RejectedException {
      JsonToken token = parser.nextToken();
      if (token == JsonToken.VALUE_NULL) {
        if (field.isRequired()) {
          throw new RejectedException(RejectionReason.NULL_FIELD, field.key + " is null");
        }
        return null;
      }
      if (token != JsonToken.VALUE_STRING) {
        throw new RejectedException(
            RejectionReason.WRONG_TYPE,
            field.key
                + " is "
                + describe(token)
                + "; expected "
                + (field == Field.EVENT_TIME ? EventTime.EXPECTED : "a string"));
      }
      String text = string(field, null);
      if (text.isEmpty() && field.isRequired()) {
        throw new RejectedException(RejectionReason.EMPTY_FIELD, field.key + " is empty");
      }
      return text;
    }

    private void headers() throws IOException, RejectedException {
      JsonToken token = parser.nextToken();
      if (token == JsonToken.VALUE_NULL) {
        return;
      }
      if (token != JsonToken.START_OBJECT) {
        throw new RejectedException(
            RejectionReason.WRONG_TYPE, "headers is " + describe(token) + "; expected an object");
      }
      Geodata found = new Geodata();
      HeaderNames names = new HeaderNames();
      int count = 0;
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        count = counted(count);
        if (!trusted) {
          Characters.check(name, false, () -> "a header's name");
        }
        if (!names.add(name)) {
          throw new RejectedException(
              RejectionReason.DUPLICATE_FIELD, header(name) + " is there twice");
        }
        token = parser.nextToken();
        if (token == JsonToken.START_ARRAY) {
          for (token = parser.nextToken();
              token != JsonToken.END_ARRAY;
              token = parser.nextToken()) {
            count = counted(count);
            headerValue(name, token, found, true);
          }
        } else if (token != JsonToken.VALUE_NULL) {
          headerValue(name, token, found, false);
        }
      }
      geodata = found.toJson();
    }

    private int counted(int count) throws RejectedException {
      if (count == MAX_HEADERS) {
        throw new RejectedException(
            RejectionReason.TOO_MANY_HEADERS,
            String.format(Locale.ROOT, "headers has more than %,d values", MAX_HEADERS));
      }
      return count + 1;
    }

    private void headerValue(String name, JsonToken token, Geodata found, boolean inArray)
        throws IOException, RejectedException {
      if (token != JsonToken.VALUE_STRING) {
        throw new RejectedException(
            inArray && token.isStructStart()
                ? RejectionReason.TOO_DEEP
                : RejectionReason.WRONG_TYPE,
            header(name)
                + (inArray ? " has " : " is ")
                + describe(token)
                + (inArray
                    ? " in its array; expected strings"
                    : "; expected a string, null or an array of strings"));
      }
      List<Geodata.Key> keys = Geodata.keysOf(name);
      if (!keys.isEmpty()) {
        found.add(keys, string(Field.HEADERS, name));
      } else if (!trusted) {
        string(Field.HEADERS, name);
      }
    }

    private void end() throws IOException, RejectedException {
      JsonToken next;
      try {
        next = parser.nextToken();
      } catch (JsonProcessingException e) {
        throw new RejectedException(
            RejectionReason.TRAILING_GARBAGE,
            "something that is not JSON follows the event, before byte " + position());
      }
      if (next != null) {
        throw new RejectedException(
            RejectionReason.SECOND_DOCUMENT,
            describe(next)
                + " follows the event at byte "
                + parser.currentTokenLocation().getByteOffset());
      }
    }

    /** The current string, which belongs to a field, or to a header if that is not null. */
    private String string(Field field, String header) throws IOException, RejectedException {
      Supplier<String> where = () -> header == null ? field.key : header(header);
      String text;
      try {
        text = parser.getText();
      } catch (StreamConstraintsException e) {
        throw Characters.tooLong(where);
      }
      if (!trusted) {
        Characters.check(text, header != null || field == Field.USER_AGENT, where);
      }
      return text;
    }
  }

  private static String header(String name) {
    return "header " + Rejection.quoted(name);
  }

  private static String expectedKeys() {
    return Arrays.stream(Field.values()).map(field -> field.key).collect(Collectors.joining(", "));
  }

  private static String describe(JsonToken token) {
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> "a string";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      case VALUE_NULL -> "null";
      default -> throw new IllegalArgumentException("No value starts with " + token);
    };
  }
}
