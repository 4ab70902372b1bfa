package dev.trafficctl.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Turns the value of a Kafka record into a {@link WebEvent}, or into a {@link Rejection} if it is
 * not exactly one event that can be stored as it is. Content never makes it throw.
 *
 * <p>A value is one JSON object (RFC 8259, strictly) in UTF-8:
 *
 * <ul>
 *   <li>{@code url}, {@code host}, {@code ip}, {@code event_time}: required, strings, not empty;
 *       the host is not blank.
 *   <li>{@code referrer}: optional, a string or null, kept as sent.
 *   <li>{@code user_agent}: optional, a string or null, kept as sent, or an object from which
 *       {@link UserAgentReader} takes one.
 *   <li>{@code headers}: optional, null, an object from names to strings, null, or arrays of
 *       strings, or a string that holds such an object. Only the geographic ones are looked at, see
 *       {@link WebEvent#geodata}; of a header with several values the first that is not empty.
 *   <li>Other fields: passed over whatever they hold, or a reason to reject, see {@link
 *       UnknownFields}.
 * </ul>
 *
 * <p>{@code event_time} is read as {@link EventTime} has it, {@code ip} as {@link ClientAddress}
 * has it.
 *
 * <p>Limits of what is kept: {@value Characters#MAX_UTF8_BYTES} bytes of UTF-8 a string, {@value
 * HeadersReader#MAX_HEADERS} headers, and no string may have half a surrogate pair or one of the
 * control characters U+0000 to U+001F and U+007F; only in {@code user_agent} and in the values of
 * headers is a horizontal tab allowed, as RFC 9110, section 5.5, has it. Arrays and objects may be
 * {@value StrictJson#MAX_DEPTH} levels deep in each other.
 *
 * <p>Not thread-safe: one for each task.
 */
public final class EventParser {
  /** The most bytes of a value that is read: 24 MiB. */
  public static final int MAX_VALUE_BYTES = 24 << 20;

  private static final int LONGEST_NUMBER = 64;

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

    private boolean isTabAllowed() {
      return this == USER_AGENT;
    }

    private void checkNull() throws RejectedException {
      if (isRequired()) {
        throw new RejectedException(RejectionReason.NULL_FIELD, key + " is null");
      }
    }

    private void checkLength(String text) throws RejectedException {
      if (text.isEmpty() && isRequired()) {
        throw new RejectedException(RejectionReason.EMPTY_FIELD, key + " is empty");
      }
      if (this == HOST && isBlank(text)) {
        throw new RejectedException(RejectionReason.EMPTY_FIELD, key + " is blank");
      }
    }

    private static boolean isBlank(String text) {
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (!Character.isWhitespace(c) && !Character.isSpaceChar(c)) {
          return false;
        }
      }
      return true;
    }
  }

  private final StrictJson json = new StrictJson();
  private final HeadersReader headers = new HeadersReader(json);
  private final ParsingRules rules;
  private final EventTime eventTime;
  private final Consumer<String> ignored;

  /**
   * A parser that trusts event times up to a point, and goes by the defaults of all other settings.
   *
   * @param maxAhead how far an event's time may be ahead of the timestamp of its Kafka record;
   *     inclusive, not negative
   * @throws IllegalArgumentException if {@code maxAhead} is negative
   */
  public EventParser(Duration maxAhead) {
    this(new ParsingRules(maxAhead, UnknownFields.IGNORE, EventTimeFormat.ISO));
  }

  /** A parser that goes by the settings of a job. */
  public EventParser(ParsingRules rules) {
    this(rules, name -> {});
  }

  /**
   * The same, which tells what it passes over.
   *
   * @param ignored is told the name of each unknown field that is ignored, as often as it is there,
   *     also where the event is then rejected
   */
  public EventParser(ParsingRules rules, Consumer<String> ignored) {
    this.rules = rules;
    this.eventTime = new EventTime(rules.maxAhead(), rules.eventTimeFormat());
    this.ignored = ignored;
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
    return parse(value, value == null ? -1 : value.length, kafkaTimestampMillis);
  }

  private ParseResult whole(byte[] value, long kafkaTimestampMillis) {
    try {
      boolean plain = Payload.isPlain(value);
      // Nothing needs to be looked at in the strings of a plain value that is this short.
      boolean trusted = plain && value.length <= Characters.MAX_UTF8_BYTES;
      try (JsonText text = json.open(value, trusted)) {
        return new Reading(text).event(kafkaTimestampMillis);
      }
    } catch (RejectedException e) {
      return e.rejection();
    } catch (IOException e) {
      throw new UncheckedIOException("Reading from memory failed", e);
    }
  }

  /**
   * Parses one value of which possibly only the beginning was kept.
   *
   * @param value the record's value, or null for a tombstone
   * @param size how many bytes it has; negative for a tombstone
   * @param kafkaTimestampMillis as above
   * @return the event, or the first defect that was met
   */
  public ParseResult parse(byte[] value, int size, long kafkaTimestampMillis) {
    if (size <= MAX_VALUE_BYTES) {
      return whole(value, kafkaTimestampMillis);
    }
    return new Rejection(
        RejectionReason.TOO_LARGE,
        "the value has " + size + " bytes; an event has at most " + MAX_VALUE_BYTES);
  }

  /**
   * Judges an event that is not JSON yet, as its JSON would be judged.
   *
   * @param kafkaTimestampMillis as above
   * @return the event, or the first defect that was met
   */
  public ParseResult parse(EventFields fields, long kafkaTimestampMillis) {
    String[] texts = new String[Field.values().length];
    texts[Field.URL.ordinal()] = fields.url();
    texts[Field.HOST.ordinal()] = fields.host();
    texts[Field.IP.ordinal()] = fields.ip();
    texts[Field.EVENT_TIME.ordinal()] = fields.eventTime();
    texts[Field.REFERRER.ordinal()] = fields.referrer();
    texts[Field.USER_AGENT.ordinal()] = fields.userAgent();
    try {
      for (Field field : Field.values()) {
        String text = texts[field.ordinal()];
        if (text == null) {
          field.checkNull();
        } else {
          Characters.check(text, field.isTabAllowed(), () -> field.key);
          field.checkLength(text);
        }
      }
      return event(texts, null, kafkaTimestampMillis);
    } catch (RejectedException e) {
      return e.rejection();
    }
  }

  private WebEvent event(String[] texts, String geodata, long kafkaTimestampMillis)
      throws RejectedException {
    return new WebEvent(
        ClientAddress.parse(texts[Field.IP.ordinal()]),
        eventTime.parse(texts[Field.EVENT_TIME.ordinal()], kafkaTimestampMillis),
        texts[Field.REFERRER.ordinal()],
        texts[Field.HOST.ordinal()],
        texts[Field.URL.ordinal()],
        geodata,
        texts[Field.USER_AGENT.ordinal()]);
  }

  /** Jackson names the Java switch that would let the defect pass; who sends events has none. */
  static String withoutAdvice(String message) {
    int advice = message.indexOf(": enable `");
    return advice < 0 ? message : message.substring(0, advice);
  }

  static RejectedException tooDeep(String what) {
    return new RejectedException(
        RejectionReason.TOO_DEEP,
        String.format(Locale.ROOT, "%s is more than %,d levels deep", what, StrictJson.MAX_DEPTH));
  }

  /** One pass over one value. */
  private final class Reading {
    private final JsonText event;
    private final String[] texts = new String[Field.values().length];
    private String geodata;
    private int seen;

    private Reading(JsonText event) {
      this.event = event;
    }

    private WebEvent event(long kafkaTimestampMillis) throws IOException, RejectedException {
      try {
        object();
      } catch (StreamConstraintsException e) {
        json.forgetNames();
        throw tooDeep("the array or object before byte " + event.position());
      } catch (JsonEOFException e) {
        json.forgetNames();
        throw new RejectedException(
            RejectionReason.TRUNCATED,
            "the value ends within the JSON text, at byte " + event.position());
      } catch (JsonProcessingException e) {
        json.forgetNames();
        String said = withoutAdvice(e.getOriginalMessage());
        // The grammar of JSON allows it; Jackson takes it for malformed, in names alone.
        throw said.contains("surrogate")
            ? new RejectedException(
                RejectionReason.LONE_SURROGATE,
                "a name has a lone surrogate before byte " + event.position())
            : new RejectedException(
                RejectionReason.MALFORMED_JSON,
                "not JSON before byte " + event.position() + ": " + said);
      }
      end();
      for (Field field : Field.REQUIRED) {
        if (!isSeen(field)) {
          throw new RejectedException(RejectionReason.MISSING_FIELD, field.key + " is missing");
        }
      }
      return EventParser.this.event(texts, geodata, kafkaTimestampMillis);
    }

    private void object() throws IOException, RejectedException {
      JsonToken first = event.next();
      if (first != JsonToken.START_OBJECT) {
        throw new RejectedException(
            RejectionReason.NOT_AN_OBJECT,
            "the value is " + JsonText.describe(first) + "; expected an object");
      }
      fields();
    }

    private boolean isSeen(Field field) {
      return (seen & 1 << field.ordinal()) != 0;
    }

    private void fields() throws IOException, RejectedException {
      for (String key = event.nextName(); key != null; key = event.nextName()) {
        Field field = Field.BY_KEY.get(key);
        if (field == null) {
          unknown(key);
          continue;
        }
        if (isSeen(field)) {
          throw new RejectedException(
              RejectionReason.DUPLICATE_FIELD, field.key + " is there twice");
        }
        seen |= 1 << field.ordinal();
        if (field == Field.HEADERS) {
          geodata = headers.geodata(event);
        } else {
          texts[field.ordinal()] = value(field);
        }
      }
    }

    private void unknown(String key) throws IOException, RejectedException {
      if (rules.unknownFields() == UnknownFields.REJECT) {
        throw new RejectedException(
            RejectionReason.UNKNOWN_FIELD,
            "an event has no field " + Rejection.quoted(key) + "; expected " + expectedKeys());
      }
      event.skip();
      ignored.accept(key);
    }

    private String value(Field field) throws IOException, RejectedException {
      JsonToken token = event.next();
      if (token == JsonToken.VALUE_NULL) {
        field.checkNull();
        return null;
      }
      if (token != JsonToken.VALUE_STRING) {
        return other(field, token);
      }
      String text = event.string(field.isTabAllowed(), () -> field.key);
      field.checkLength(text);
      return text;
    }

    private String other(Field field, JsonToken token) throws IOException, RejectedException {
      if (field == Field.USER_AGENT && token == JsonToken.START_OBJECT) {
        return UserAgentReader.userAgent(event);
      }
      boolean isTime = field == Field.EVENT_TIME;
      if (isTime && token.isNumeric() && rules.eventTimeFormat().readsNumbers()) {
        if (event.numberLength() > LONGEST_NUMBER) {
          throw new RejectedException(
              RejectionReason.INVALID_EVENT_TIME,
              "event_time is a number of more than " + LONGEST_NUMBER + " characters");
        }
        return event.number();
      }
      throw new RejectedException(
          RejectionReason.WRONG_TYPE,
          field.key
              + " is "
              + JsonText.describe(token)
              + "; expected "
              + (isTime ? rules.eventTimeFormat().expected() : "a string"));
    }

    private void end() throws IOException, RejectedException {
      JsonToken next;
      try {
        next = event.next();
      } catch (JsonProcessingException e) {
        throw new RejectedException(
            RejectionReason.TRAILING_GARBAGE,
            "something that is not JSON follows the event, before byte " + event.position());
      }
      if (next != null) {
        throw new RejectedException(
            RejectionReason.SECOND_DOCUMENT,
            JsonText.describe(next) + " follows the event at byte " + event.tokenPosition());
      }
    }
  }

  private static String expectedKeys() {
    return Arrays.stream(Field.values()).map(field -> field.key).collect(Collectors.joining(", "));
  }
}
