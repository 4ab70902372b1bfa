package dev.trafficctl.model;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;

/**
 * One record value for each way in which an event can be bad, with the reason it is rejected for.
 */
public final class BadEvents {
  /**
   * A bad record value.
   *
   * @param name what is bad about it, unique among the samples
   * @param bytes makes the value, which may be tens of megabytes
   * @param reason what it must be rejected for
   */
  public record Sample(String name, Supplier<byte[]> bytes, RejectionReason reason) {
    /** The value of the record, made anew; null for a tombstone. */
    public byte[] value() {
      return bytes.get();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static final String HOST_AND_IP = "\"host\":\"example.com\",\"ip\":\"192.0.2.7\"";

  private final List<Sample> samples = new ArrayList<>();
  private final String time;
  private final String rest;

  private BadEvents(Instant now) {
    time = "\"event_time\":\"" + now + "\"";
    rest = HOST_AND_IP + "," + time;
  }

  /**
   * All samples.
   *
   * @param now the event time of those samples whose event time is not what is bad about them
   */
  public static List<Sample> all(Instant now) {
    BadEvents events = new BadEvents(now);
    events.noEvent();
    events.wrongBytes();
    events.wrongJson();
    events.wrongShape();
    events.wrongStrings();
    events.wrongAddresses();
    events.wrongTimes(now);
    return List.copyOf(events.samples);
  }

  private void noEvent() {
    bytes(
        "24 MiB of white space behind the event",
        () -> (good() + " ".repeat(EventParser.MAX_VALUE_BYTES)).getBytes(UTF_8),
        RejectionReason.TOO_LARGE);
    bytes("null (tombstone)", () -> null, RejectionReason.NULL_VALUE);
    json("empty value", "", RejectionReason.EMPTY_VALUE);
    json("white space", " \t\r\n ", RejectionReason.BLANK_VALUE);
  }

  private void wrongBytes() {
    String good = good();
    bytes("gzip", () -> gzip(good), RejectionReason.COMPRESSED_VALUE);
    bytes(
        "Confluent's magic byte",
        () -> concat(new byte[] {0, 0, 0, 0, 7}, good.getBytes(UTF_8)),
        RejectionReason.SCHEMA_REGISTRY_VALUE);
    json("byte order mark", "\ufeff" + good, RejectionReason.BYTE_ORDER_MARK);
    encoded("UTF-16BE", good, UTF_16BE);
    encoded("UTF-16LE", good, UTF_16LE);
    encoded("UTF-16BE with a byte order mark", "\ufeff" + good, UTF_16BE);
    encoded("UTF-16LE with a byte order mark", "\ufeff" + good, UTF_16LE);
    encoded("UTF-32BE", good, Charset.forName("UTF-32BE"));
    encoded("UTF-32LE", good, Charset.forName("UTF-32LE"));
    encoded("UTF-32BE with a byte order mark", "\ufeff" + good, Charset.forName("UTF-32BE"));
    encoded("UTF-32LE with a byte order mark", "\ufeff" + good, Charset.forName("UTF-32LE"));
    inUrl("invalid UTF-8", 0xFF);
    inUrl("UTF-8 continuation without a start", 0x80);
    inUrl("ISO 8859-1", 0xE9);
    inUrl("UTF-8 cut short", 0xE2, 0x82);
    inUrl("overlong UTF-8 (slash in 2 bytes)", 0xC0, 0xAF);
    inUrl("overlong UTF-8 (NUL in 2 bytes)", 0xC0, 0x80);
    inUrl("overlong UTF-8 (slash in 3 bytes)", 0xE0, 0x80, 0xAF);
    inUrl("surrogate encoded in UTF-8", 0xED, 0xA0, 0x80);
    inUrl("surrogate pair encoded in UTF-8 (CESU-8)", 0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80);
    inUrl("UTF-8 beyond U+10FFFF", 0xF4, 0x90, 0x80, 0x80);
    json("raw NUL byte in a string", withUrl("/a\0b"), RejectionReason.NUL_BYTE);
    json("raw NUL byte before the event", "\0" + good, RejectionReason.NUL_BYTE);
    json("raw NUL byte after the event", good + "\0", RejectionReason.NUL_BYTE);
  }

  private void wrongJson() {
    String good = good();
    json("truncated in a string", good.substring(0, 10), RejectionReason.TRUNCATED);
    json("truncated before the last brace", chopped(good, 1), RejectionReason.TRUNCATED);
    json("truncated in a literal", "{\"referrer\":nul", RejectionReason.MALFORMED_JSON);
    json("trailing garbage", good + "x", RejectionReason.TRAILING_GARBAGE);
    json("trailing brace", good + "}", RejectionReason.TRAILING_GARBAGE);
    json("trailing comma", good + ",", RejectionReason.TRAILING_GARBAGE);
    json("two documents", good + "\n" + good, RejectionReason.SECOND_DOCUMENT);
    json("two documents, the second cut", good + "{", RejectionReason.SECOND_DOCUMENT);
    json("top-level array", "[" + good + "]", RejectionReason.NOT_AN_OBJECT);
    json("top-level null", "null", RejectionReason.NOT_AN_OBJECT);
    json("top-level number", "42 ", RejectionReason.NOT_AN_OBJECT);
    json("top-level string", "\"url\"", RejectionReason.NOT_AN_OBJECT);
    json("top-level boolean", "true", RejectionReason.NOT_AN_OBJECT);
    json("access log line", "192.0.2.7 - - [31/Jan/2024]", RejectionReason.MALFORMED_JSON);
    json("single quotes", "{'url':'/'}", RejectionReason.MALFORMED_JSON);
    json("comment", "{/* */\"url\":\"/\"}", RejectionReason.MALFORMED_JSON);
    json("missing colon", "{\"url\" \"/\"}", RejectionReason.MALFORMED_JSON);
    json("comma before the brace", chopped(good, 1) + ",}", RejectionReason.MALFORMED_JSON);
    json("raw line feed in a string", withUrl("/a\nb"), RejectionReason.MALFORMED_JSON);
    json("raw escape character in a string", withUrl("/\u001b[2J"), RejectionReason.MALFORMED_JSON);
    json("unknown escape", withUrl("/\\x41"), RejectionReason.MALFORMED_JSON);
    json("NaN", event("\"url\":NaN," + rest), RejectionReason.MALFORMED_JSON);
    json("Infinity", event("\"url\":-Infinity," + rest), RejectionReason.MALFORMED_JSON);
  }

  private void wrongShape() {
    json("empty object", "{}", RejectionReason.MISSING_FIELD);
    json("missing url", event(rest), RejectionReason.MISSING_FIELD);
    json(
        "missing host",
        event("\"url\":\"/\",\"ip\":\"192.0.2.7\"," + time),
        RejectionReason.MISSING_FIELD);
    json(
        "missing ip",
        event("\"url\":\"/\",\"host\":\"example.com\"," + time),
        RejectionReason.MISSING_FIELD);
    json("missing timestamp", event("\"url\":\"/\"," + HOST_AND_IP), RejectionReason.MISSING_FIELD);
    json("null url", event("\"url\":null," + rest), RejectionReason.NULL_FIELD);
    json("null timestamp", withTime("null"), RejectionReason.NULL_FIELD);
    json("empty url", withUrl(""), RejectionReason.EMPTY_FIELD);
    json("duplicate key", with("\"url\":\"/\""), RejectionReason.DUPLICATE_FIELD);
    json("duplicate key, escaped", with("\"\\u0075rl\":\"/\""), RejectionReason.DUPLICATE_FIELD);
    json(
        "duplicate null",
        with("\"referrer\":null,\"referrer\":null"),
        RejectionReason.DUPLICATE_FIELD);
    json(
        "duplicate header",
        withHeaders("\"CF-IPCity\":\"a\",\"CF-IPCity\":\"a\""),
        RejectionReason.DUPLICATE_FIELD);
    json("url is a number", event("\"url\":1," + rest), RejectionReason.WRONG_TYPE);
    json("url is an object", event("\"url\":{}," + rest), RejectionReason.WRONG_TYPE);
    json("referrer is a boolean", with("\"referrer\":false"), RejectionReason.WRONG_TYPE);
    json("user_agent is an array", with("\"user_agent\":[]"), RejectionReason.WRONG_TYPE);
    json(
        "user_agent is an object without the header",
        with("\"user_agent\":{\"browser\":\"Firefox\",\"ua\":null,\"string\":{\"ua\":\"x\"}}"),
        RejectionReason.WRONG_TYPE);
    json("headers are an array", with("\"headers\":[\"a\"]"), RejectionReason.WRONG_TYPE);
    heldHeaders("are text", "a: b", RejectionReason.WRONG_TYPE);
    heldHeaders("hold a number", "7", RejectionReason.WRONG_TYPE);
    heldHeaders("are cut", "{\\\"a\\\":", RejectionReason.WRONG_TYPE);
    heldHeaders("hold two objects", "{}{}", RejectionReason.WRONG_TYPE);
    heldHeaders("have a number", "{\\\"CF-IPCity\\\":1}", RejectionReason.WRONG_TYPE);
    heldHeaders(
        "have a line feed",
        "{\\\"CF-IPCity\\\":\\\"a\\\\nb\\\"}",
        RejectionReason.CONTROL_CHARACTER);
    heldHeaders("are too deep", "{\\\"a\\\":" + "[".repeat(100_001), RejectionReason.TOO_DEEP);
    geographic("a number", "1", RejectionReason.WRONG_TYPE);
    geographic("an object", "{}", RejectionReason.WRONG_TYPE);
    geographic("an array with null", "[null]", RejectionReason.WRONG_TYPE);
    geographic("an array with an array", "[[\"a\"]]", RejectionReason.TOO_DEEP);
    bytes(
        "1,001-digit number",
        () -> event("\"url\":" + "1".repeat(1_001) + "," + rest).getBytes(UTF_8),
        RejectionReason.WRONG_TYPE);
    json("1e999999999", event("\"url\":1e999999999," + rest), RejectionReason.WRONG_TYPE);
    nested(1_001);
    nested(20_000);
    bytes(
        "an unknown field of depth 100,001",
        () -> with("\"x\":" + "[".repeat(100_000) + "]".repeat(100_000)).getBytes(UTF_8),
        RejectionReason.TOO_DEEP);
    json("malformed unknown field", with("\"x\":{\"y\":[1,}"), RejectionReason.MALFORMED_JSON);
    bytes(
        "top-level array of depth 20,000",
        () -> ("[".repeat(20_000) + "]".repeat(20_000)).getBytes(UTF_8),
        RejectionReason.NOT_AN_OBJECT);
    bytes(
        "a million headers",
        () -> withHeaders(millionKeys()).getBytes(UTF_8),
        RejectionReason.TOO_MANY_HEADERS);
    bytes(
        "1,001 headers without a value",
        () ->
            withHeaders(
                    IntStream.rangeClosed(1, 1_001)
                        .mapToObj(i -> "\"k" + i + "\":[]")
                        .collect(Collectors.joining(",")))
                .getBytes(UTF_8),
        RejectionReason.TOO_MANY_HEADERS);
    bytes(
        "a million values of one header",
        () -> withHeaders("\"CF-IPCity\":[\"\"" + ",\"\"".repeat(999_999) + "]").getBytes(UTF_8),
        RejectionReason.TOO_MANY_HEADERS);
  }

  private void wrongStrings() {
    everywhere("NUL escape", "\\u0000", RejectionReason.NUL_CHARACTER);
    everywhere("lone high surrogate", "\\ud83d", RejectionReason.LONE_SURROGATE);
    everywhere("lone low surrogate", "\\ude00", RejectionReason.LONE_SURROGATE);
    everywhere("swapped surrogates", "\\ude00\\ud83d", RejectionReason.LONE_SURROGATE);
    for (String half : List.of("\\ud83d", "\\ude00", "a\\ude00\\ud83d", "\\ud83db")) {
      json(half + " in an unknown name", with('"' + half + "\":1"), RejectionReason.LONE_SURROGATE);
      json(
          half + " in a name within an unknown field",
          with("\"x\":[{\"" + half + "\":1}]"),
          RejectionReason.LONE_SURROGATE);
      json(
          half + " in a header's name",
          withHeaders('"' + half + "\":\"a\""),
          RejectionReason.LONE_SURROGATE);
    }
    everywhere("terminal escape", "\\u001b[2J", RejectionReason.CONTROL_CHARACTER);
    everywhere("escaped line feed", "\\n", RejectionReason.CONTROL_CHARACTER);
    everywhere("raw DEL", "\u007f", RejectionReason.CONTROL_CHARACTER);
    json("tab in a URL", withUrl("/\\t"), RejectionReason.CONTROL_CHARACTER);
    tooLong("65,537-byte", "a", 65_537);
    tooLong("65,538-byte (in 3-byte characters)", "\u20ac", 21_846);
    tooLong("1 MB", "a", 1_000_000);
    tooLong("20 MB", "a", 20_000_000);
  }

  private void wrongAddresses() {
    for (String ip :
        List.of(
            "1.2.3",
            "127.1",
            "1.2.3.4.5",
            "1.2.3.256",
            "01.2.3.4",
            "0x7f.0.0.1",
            "2130706433",
            "192.0.2.7/32",
            "192.0.2.*",
            "192.0.2.7:",
            "192.0.2.7:65536",
            "192.0.2.7:8x",
            "192.0.2.7:80:80",
            "192.0.2.7%eth0",
            "[192.0.2.7]",
            "[192.0.2.7]:80",
            " 192.0.2.7",
            ", 192.0.2.7",
            "unknown, 192.0.2.7",
            "192.0.2.7 192.0.2.8",
            "1..2.3",
            ".1.2.3",
            "1.2.3.",
            "::1%",
            "%eth0",
            "::1%a b",
            "::1/128",
            "[::1",
            "[::1]80",
            "[::1]:",
            "[::1]:65536",
            "[]:80",
            "[]",
            "::1]",
            " ::1",
            "::1 ",
            ":",
            ":::",
            "1::2::3",
            "00001::",
            "1:2:3:4:5:6:7",
            "1:2:3:4:5:6:7:8:9",
            "::ffff:1.2",
            "::ffff:01.2.3.4",
            "::g",
            "*",
            "localhost",
            "unknown")) {
      json(
          "ip " + ip,
          event("\"url\":\"/\",\"host\":\"example.com\",\"ip\":\"" + ip + "\"," + time),
          RejectionReason.INVALID_IP);
    }
  }

  private void wrongTimes(Instant now) {
    json("epoch seconds", withTime(now.getEpochSecond()), RejectionReason.WRONG_TYPE);
    json("epoch milliseconds", withTime(now.toEpochMilli()), RejectionReason.WRONG_TYPE);
    json("negative epoch", withTime(-1), RejectionReason.WRONG_TYPE);
    time("epoch seconds as text", now.getEpochSecond(), RejectionReason.INVALID_EVENT_TIME);
    time("no zone", "2024-01-31T23:59:59", RejectionReason.INVALID_EVENT_TIME);
    time("no seconds", "2024-01-31T23:59Z", RejectionReason.INVALID_EVENT_TIME);
    time("date only", "2024-01-31", RejectionReason.INVALID_EVENT_TIME);
    time("30 February", "2024-02-30T00:00:00Z", RejectionReason.INVALID_EVENT_TIME);
    time("29 February of no leap year", "2023-02-29T00:00:00Z", RejectionReason.INVALID_EVENT_TIME);
    time("month 13", "2024-13-01T00:00:00Z", RejectionReason.INVALID_EVENT_TIME);
    time("hour 25", "2024-01-31T25:00:00Z", RejectionReason.INVALID_EVENT_TIME);
    time("hour 24", "2024-01-31T24:00:00Z", RejectionReason.INVALID_EVENT_TIME);
    time("leap second", "2016-12-31T23:59:60Z", RejectionReason.INVALID_EVENT_TIME);
    time("second 60", "2024-01-31T23:59:60Z", RejectionReason.INVALID_EVENT_TIME);
    time("offset +99:00", "2024-01-31T23:59:59+99:00", RejectionReason.INVALID_EVENT_TIME);
    time("offset +01:60", "2024-01-31T23:59:59+01:60", RejectionReason.INVALID_EVENT_TIME);
    time(
        "annotation that must be followed",
        "2024-01-31T23:59:59+05:00[!Europe/Amsterdam]",
        RejectionReason.INVALID_EVENT_TIME);
    time("no zone behind a space", "2024-01-31 23:59:59", RejectionReason.INVALID_EVENT_TIME);
    time("offset +1", "2024-01-31T23:59:59+1", RejectionReason.INVALID_EVENT_TIME);
    time("offset +99", "2024-01-31T23:59:59+99", RejectionReason.INVALID_EVENT_TIME);
    time("offset by a name", "2024-01-31T23:59:59 CET", RejectionReason.INVALID_EVENT_TIME);
    time("zone by a name", "2024-01-31T23:59:59[UTC]", RejectionReason.INVALID_EVENT_TIME);
    time("trailing text", "2024-01-31T23:59:59Zulu", RejectionReason.INVALID_EVENT_TIME);
    time("a point without digits", "2024-01-31T23:59:59.Z", RejectionReason.INVALID_EVENT_TIME);
    time("year 300000", "+300000-01-01T00:00:00Z", RejectionReason.EVENT_TIME_OUT_OF_RANGE);
    time("year 10000", "10000-01-01T00:00:00Z", RejectionReason.EVENT_TIME_OUT_OF_RANGE);
    time("year 10000 in UTC", "9999-12-31T23:59:59-00:01", RejectionReason.EVENT_TIME_OUT_OF_RANGE);
    time("year -1", "-0001-01-01T00:00:00Z", RejectionReason.EVENT_TIME_OUT_OF_RANGE);
    time("before 1970", "1969-12-31T23:59:59.999Z", RejectionReason.EVENT_TIME_OUT_OF_RANGE);
    time(
        "before 1970 in UTC", "1970-01-01T00:59:59+01:00", RejectionReason.EVENT_TIME_OUT_OF_RANGE);
    time("10 years early", now.plus(Duration.ofDays(3_653)), RejectionReason.EVENT_TIME_AHEAD);
  }

  private String good() {
    return withUrl("/");
  }

  private String withUrl(String url) {
    return event("\"url\":\"" + url + "\"," + rest);
  }

  private String with(String fields) {
    return event("\"url\":\"/\"," + rest + "," + fields);
  }

  private String withHeaders(String headers) {
    return with("\"headers\":{" + headers + "}");
  }

  private static String withTime(Object json) {
    return event("\"url\":\"/\"," + HOST_AND_IP + ",\"event_time\":" + json);
  }

  private static String event(String fields) {
    return "{" + fields + "}";
  }

  private static String chopped(String text, int characters) {
    return text.substring(0, text.length() - characters);
  }

  private static String millionKeys() {
    return IntStream.range(0, 1_000_000)
        .mapToObj(i -> "\"k" + i + "\":\"\"")
        .collect(Collectors.joining(","));
  }

  private void time(String name, Object text, RejectionReason reason) {
    json(name, withTime("\"" + text + "\""), reason);
  }

  private void everywhere(String name, String text, RejectionReason reason) {
    json(name + " in url", withUrl("/" + text), reason);
    json(name + " in user_agent", with("\"user_agent\":\"a" + text + "b\""), reason);
    json(name + " in a header's array", withHeaders("\"x-geo-city\":[\"" + text + "\"]"), reason);
    json(name + " in a geographic header", withHeaders("\"CF-IPCity\":\"" + text + "\""), reason);
    json(
        name + " in user_agent's object", with("\"user_agent\":{\"ua\":\"" + text + "\"}"), reason);
  }

  private void heldHeaders(String what, String text, RejectionReason reason) {
    json("headers in a string " + what, with("\"headers\":\"" + text + "\""), reason);
  }

  private void geographic(String what, String value, RejectionReason reason) {
    json("a geographic header is " + what, withHeaders("\"CF-IPCity\":" + value), reason);
  }

  private void tooLong(String name, String character, int count) {
    bytes(
        name + " url",
        () -> withUrl(character.repeat(count)).getBytes(UTF_8),
        RejectionReason.STRING_TOO_LONG);
    bytes(
        name + " header",
        () -> withHeaders("\"CF-IPCity\":\"" + character.repeat(count) + "\"").getBytes(UTF_8),
        RejectionReason.STRING_TOO_LONG);
  }

  private void nested(int depth) {
    bytes(
        String.format("depth %,d in a header", depth),
        () ->
            withHeaders("\"CF-IPCity\":" + "[".repeat(depth - 2) + "]".repeat(depth - 2))
                .getBytes(UTF_8),
        RejectionReason.TOO_DEEP);
    bytes(
        String.format("depth %,d in url", depth),
        () ->
            event("\"url\":" + "{\"a\":".repeat(depth - 1) + "1" + "}".repeat(depth - 1))
                .getBytes(UTF_8),
        RejectionReason.WRONG_TYPE);
  }

  private void inUrl(String name, int... bytes) {
    StringBuilder url = new StringBuilder("/");
    for (int one : bytes) {
      url.append((char) one);
    }
    bytes(name, () -> withUrl(url.toString()).getBytes(ISO_8859_1), RejectionReason.MALFORMED_UTF8);
  }

  private void encoded(String name, String text, Charset charset) {
    bytes(name, () -> text.getBytes(charset), RejectionReason.WRONG_ENCODING);
  }

  private void json(String name, String json, RejectionReason reason) {
    bytes(name, () -> json.getBytes(UTF_8), reason);
  }

  private void bytes(String name, Supplier<byte[]> bytes, RejectionReason reason) {
    samples.add(new Sample(name, bytes, reason));
  }

  private static byte[] concat(byte[] first, byte[] second) {
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.writeBytes(first);
    both.writeBytes(second);
    return both.toByteArray();
  }

  private static byte[] gzip(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
