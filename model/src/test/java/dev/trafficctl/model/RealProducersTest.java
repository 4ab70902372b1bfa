package dev.trafficctl.model;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.management.ManagementFactory;
import java.nio.charset.Charset;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers, libraries and people put into an event whose meaning is certain all the same. */
class RealProducersTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String TIME = "2024-01-31T23:59:59Z";
  private static final WebEvent PLAIN = event(parse(""));

  private static EventParser parser(UnknownFields unknown, EventTimeFormat times) {
    return new EventParser(new ParsingRules(Duration.ofHours(1), unknown, times));
  }

  private static byte[] json(String more) {
    return ("{\"url\":\"/\",\"host\":\"example.com\",\"ip\":\"192.0.2.7\",\"event_time\":\""
            + TIME
            + "\""
            + more
            + "}")
        .getBytes(UTF_8);
  }

  private static ParseResult parse(String more) {
    return new EventParser(Duration.ofHours(1)).parse(json(more), -1);
  }

  private static WebEvent event(ParseResult result) {
    assertThat(result).isInstanceOf(WebEvent.class);
    return (WebEvent) result;
  }

  static Stream<String> ignored() {
    String long2000 = "n".repeat(2_000);
    return Stream.of(
        ",\"user_id\":17",
        ",\"user_id\":null,\"academy_id\":\"a\"",
        ",\"Url\":\"/other\"",
        ",\"\":{}",
        ",\"a.b c\":true,\"a.b c\":false",
        ",\"x\":\"\\u0000\\u001b\\ud83d\"",
        ",\"x\":{\"url\":\"/no\",\"y\":[1,-2.5e-7,{\"z\":[[]]}],\"" + long2000 + "\":1}",
        ",\"" + long2000 + "\":1",
        ",\"x\":" + "1".repeat(100_000),
        ",\"x\":1e999999999",
        ",\"x\":\"" + "a".repeat(20_000_000) + "\"",
        ",\"x\":" + "[".repeat(99_999) + "]".repeat(99_999),
        ",\"x\":" + "{\"a\":".repeat(50_000) + "1" + "}".repeat(50_000));
  }

  @ParameterizedTest
  @MethodSource("ignored")
  void passesOverFieldsThatAnEventDoesNotHave(String fields) {
    assertThat(parse(fields)).isEqualTo(PLAIN);
    assertThat(parse(fields + ",\"user_agent\":\"x\""))
        .extracting(result -> event(result).userAgent())
        .isEqualTo("x");
  }

  @Test
  void tellsTheNamesOfTheFieldsThatItPassesOver() {
    List<String> names = new ArrayList<>();
    ParsingRules rules =
        new ParsingRules(Duration.ofHours(1), UnknownFields.IGNORE, EventTimeFormat.ISO);

    new EventParser(rules, names::add).parse(json(",\"user_id\":{\"id\":1},\"b\":2,\"b\":3"), -1);

    assertThat(names).containsExactly("user_id", "b", "b");
  }

  @Test
  void rejectsThemWhereThatIsAskedFor() {
    Rejection rejection =
        (Rejection)
            parser(UnknownFields.REJECT, EventTimeFormat.ISO).parse(json(",\"user_id\":17"), -1);
    assertThat(rejection.reason()).isEqualTo(RejectionReason.UNKNOWN_FIELD);
    assertThat(rejection.detail())
        .startsWith(
            "an event has no field \"user_id\"; expected url, host, ip, event_time, referrer,"
                + " user_agent, headers");
  }

  @Test
  void keepsNothingOfTheNamesThatItPassesOver() {
    EventParser parser = new EventParser(Duration.ofHours(1));
    long before = heldMemory();
    for (int i = 0; i < 150; i++) {
      String name = i + "n".repeat(300_000);
      String held = ",\"headers\":\"{\\\"" + name + "\\\":\\\"\\\"}\"";
      assertThat(parser.parse(json(",\"x\":{\"" + name + "\":1}"), -1)).isEqualTo(PLAIN);
      assertThat(parser.parse(json(held), -1)).isEqualTo(PLAIN);
      assertThat(parser.parse(json(",\"x\":{\"b" + name + "\"1}"), -1))
          .isInstanceOf(Rejection.class);
    }
    // All names together take more than 250 MB.
    assertThat(heldMemory() - before).isLessThan(50_000_000);
    assertThat(parser.parse(json(""), -1)).isEqualTo(PLAIN);
  }

  private static long heldMemory() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  static Stream<String> harmlessHeaders() {
    return Stream.of(
        "\"content-length\":12",
        "\"x\":[\"a\",null]",
        "\"x\":{\"y\":[{}]}",
        "\"cookie\":\"a\\u0000\\u001b\\n\\ud83d\"",
        "\"coo\\u0001kie\":\"a\"",
        "\"a\":\"1\",\"a\":\"2\"",
        "\"" + "n".repeat(50_000) + "\":1",
        "\"a\":\"" + "a".repeat(1_000_000) + "\"",
        "\"a\":[\"\"" + ",\"\"".repeat(10_000) + "]",
        "\"a\":" + "[".repeat(20_000) + "]".repeat(20_000));
  }

  @ParameterizedTest
  @MethodSource("harmlessHeaders")
  void aHeaderThatIsNotKeptRejectsNothing(String headers) throws Exception {
    String more = headers + ",\"cf-ipcountry\":\"PL\"";
    assertThat(event(parse(",\"headers\":{" + more + "}")).geodata())
        .isEqualTo("{\"country\":\"PL\"}");
    if (more.length() < 500_000) {
      assertThat(
              event(parse(",\"headers\":" + JSON.writeValueAsString("{" + more + "}"))).geodata())
          .isEqualTo("{\"country\":\"PL\"}");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " \t", "{}", "null", " { } "})
  void headersInAStringMayBeNone(String held) throws Exception {
    assertThat(parse(",\"headers\":" + JSON.writeValueAsString(held))).isEqualTo(PLAIN);
  }

  @Test
  void readsHeadersInAStringAsThoseInAnObject() throws Exception {
    String headers =
        "{\"CF-IPCountry\":\"JP\",\"cf-ipcity\":[\"\",\"\u6771\u4eac\"],\"Accept\":\"*/*\","
            + "\"x-geo-region\":\"\\u0041\\\"\"}";
    String geodata = "{\"country\":\"JP\",\"region\":\"A\\\"\",\"city\":\"\u6771\u4eac\"}";

    assertThat(event(parse(",\"headers\":" + headers)).geodata()).isEqualTo(geodata);
    assertThat(event(parse(",\"headers\":" + JSON.writeValueAsString(headers))).geodata())
        .isEqualTo(geodata);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"ua\":\"Firefox\",\"browser\":{\"name\":\"x\",\"ua\":\"no\"}} | Firefox",
        "{\"browser\":[{}],\"source\":\"a\",\"string\":\"b\"} | b",
        "{\"value\":\"a\",\"raw\":\"b\",\"original\":\"c\"} | c",
        "{\"original\":\"\",\"ua\":\" \",\"raw\":\"b\",\"value\":\"c\"} | b",
        "{\"original\":null,\"ua\":7,\"userAgent\":[\"no\"],\"User-Agent\":\"\\u0041\\tb\"} | A\tb",
        "{\"family\":\"Other\",\"ua\":\"\"} | ''",
        "{\"raw\":\"\",\"ua\":\"\u00d0\u009f\"} | \u00d0\u009f",
      })
  void takesTheMostTellingStringOfAUserAgentThatIsAnObject(String object, String userAgent) {
    assertThat(event(parse(",\"user_agent\":" + object)).userAgent()).isEqualTo(userAgent);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0141\u00f3d\u017a",
        "\u041c\u043e\u0441\u043a\u0432\u0430",
        "\u0391\u03b8\u03ae\u03bd\u03b1",
        "\u6771\u4eac",
        "M\u00fcnchen",
        "S\u00e3o Paulo",
        "\ud83d\ude80",
        "N'Djam\u00e9na \u2019"
      })
  void decodesACityThatAServerHasReadAsIso88591(String city) {
    String once = new String(city.getBytes(UTF_8), ISO_8859_1);
    String twice = new String(once.getBytes(UTF_8), ISO_8859_1);

    for (String sent : List.of(city, once, twice)) {
      assertThat(event(parse(",\"headers\":{\"cf-ipcity\":\"" + sent + "\"}")).geodata())
          .isEqualTo("{\"city\":\"" + city + "\"}");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Malm\u00f6",
        "\u00c3",
        "\u00c3\u00a9\u0142",
        "\u00e2\u20ac\u2122",
        "a\u0080b",
        "\u00c0\u00af",
        "\u00ed\u00a0\u0080",
        "\u00c3\u00a9\u00e9"
      })
  void leavesACityWhereThatIsNotCertain(String city) {
    assertThat(event(parse(",\"headers\":{\"cf-ipcity\":\"" + city + "\"}")).geodata())
        .isEqualTo("{\"city\":\"" + city + "\"}");
  }

  @Property
  void whatIsDecodedIsWhatWasSentAndStaysSo(@ForAll String text) {
    Charset bytes = ISO_8859_1;
    String sent = new String(text.getBytes(UTF_8), UTF_8);

    String decoded = HeaderText.decoded(new String(sent.getBytes(UTF_8), bytes));

    assertThat(decoded).isEqualTo(HeaderText.decoded(sent));
    assertThat(HeaderText.decoded(decoded)).isEqualTo(decoded);
  }

  @Test
  void keepsOtherTextAsSentWhateverBytesOfHeadersAreInIt() {
    String russian = new String("\u041c\u043e\u0441\u043a\u0432\u0430".getBytes(UTF_8), ISO_8859_1);
    ObjectNode json = JSON.createObjectNode();
    json.put("url", "/" + russian).put("host", russian).put("ip", "192.0.2.7");
    json.put("event_time", TIME).put("referrer", russian).put("user_agent", russian);
    json.putObject("headers").put("cookie", "it\u00e2\u0080\u0099s");

    assertThat(new EventParser(Duration.ofHours(1)).parse(json.toString().getBytes(UTF_8), -1))
        .isEqualTo(
            new WebEvent(
                PLAIN.ip(),
                PLAIN.eventTimeMicros(),
                russian,
                russian,
                "/" + russian,
                null,
                russian));
  }

  static Stream<Arguments> times() {
    return Stream.of(
        Arguments.of(
            EventTimeFormat.ISO_UTC, "\"2024-01-31T23:59:59.5\"", "2024-01-31T23:59:59.5Z"),
        Arguments.of(
            EventTimeFormat.ISO_UTC, "\"2024-01-31 23:59:59,123\"", "2024-01-31T23:59:59.123Z"),
        Arguments.of(
            EventTimeFormat.ISO_UTC, "\"2024-01-31T23:59:59+01:00\"", "2024-01-31T22:59:59Z"),
        Arguments.of(EventTimeFormat.EPOCH_SECONDS, "1706745599", "2024-01-31T23:59:59Z"),
        Arguments.of(
            EventTimeFormat.EPOCH_SECONDS, "1706745599.1234567", "2024-01-31T23:59:59.123456Z"),
        Arguments.of(EventTimeFormat.EPOCH_SECONDS, "1.7067455991E9", "2024-01-31T23:59:59.1Z"),
        Arguments.of(EventTimeFormat.EPOCH_SECONDS, "\"1706745599.25\"", "2024-01-31T23:59:59.25Z"),
        Arguments.of(EventTimeFormat.EPOCH_SECONDS, "0", "1970-01-01T00:00:00Z"),
        Arguments.of(
            EventTimeFormat.EPOCH_SECONDS, "253402300799.9999999", "9999-12-31T23:59:59.999999Z"),
        Arguments.of(
            EventTimeFormat.EPOCH_SECONDS, "\"2024-01-31T23:59:59Z\"", "2024-01-31T23:59:59Z"),
        Arguments.of(EventTimeFormat.EPOCH_MILLIS, "1706745599123", "2024-01-31T23:59:59.123Z"),
        Arguments.of(
            EventTimeFormat.EPOCH_MILLIS, "\"1706745599123.4567\"", "2024-01-31T23:59:59.123456Z"));
  }

  @ParameterizedTest
  @CsvSource({
    "2024-01-31T23:59:59-00:00, 2024-01-31T23:59:59Z",
    "2024-01-31T23:59:59.5-00:00, 2024-01-31T23:59:59.5Z",
    "2024-01-31 23:59:59 -0000, 2024-01-31T23:59:59Z",
    "2024-01-31T23:59:59-00, 2024-01-31T23:59:59Z",
    "2024-01-31T23:59:59-00:30, 2024-02-01T00:29:59Z",
    "2024-01-31T23:59:59+05:00[Europe/Amsterdam], 2024-01-31T18:59:59Z",
    "2024-01-31T23:59:59Z[Europe/Amsterdam], 2024-01-31T23:59:59Z",
  })
  void theOffsetSaysTheTimeWhateverIsKnownOfTheZone(String time, Instant expected) {
    assertThat(event(parse(EventTimeFormat.ISO, '"' + time + '"')).eventTime()).isEqualTo(expected);
  }

  private static ParseResult parse(EventTimeFormat format, String time) {
    String json = new String(json(""), UTF_8).replace("\"" + TIME + "\"", time);
    return parser(UnknownFields.IGNORE, format).parse(json.getBytes(UTF_8), -1);
  }

  @ParameterizedTest
  @MethodSource("times")
  void readsTimesAsTheFormatSays(EventTimeFormat format, String time, Instant expected) {
    assertThat(event(parse(format, time)).eventTime()).isEqualTo(expected);
  }

  static Stream<Arguments> noTimes() {
    String seconds = "an ISO-8601 text such as 2024-01-31T23:59:59.123Z";
    return Stream.of(
        Arguments.of(
            EventTimeFormat.ISO, "1706745599", "WRONG_TYPE", "is a number; expected " + seconds),
        Arguments.of(
            EventTimeFormat.ISO_UTC,
            "1706745599",
            "WRONG_TYPE",
            "is a number; expected " + seconds),
        Arguments.of(
            EventTimeFormat.EPOCH_SECONDS,
            "true",
            "WRONG_TYPE",
            "is a boolean; expected seconds since 1970, or " + seconds),
        Arguments.of(
            EventTimeFormat.EPOCH_SECONDS,
            "-1",
            "EVENT_TIME_OUT_OF_RANGE",
            "\"-1\" is not in the years 1970 to 9999, UTC"),
        Arguments.of(
            EventTimeFormat.EPOCH_SECONDS,
            "1706745599123",
            "EVENT_TIME_OUT_OF_RANGE",
            "\"1706745599123\" is not in the years 1970 to 9999, UTC"),
        Arguments.of(
            EventTimeFormat.EPOCH_MILLIS,
            "1e99",
            "EVENT_TIME_OUT_OF_RANGE",
            "\"1e99\" is not in the years 1970 to 9999, UTC"),
        Arguments.of(
            EventTimeFormat.EPOCH_MILLIS,
            "1e-999",
            "INVALID_EVENT_TIME",
            "\"1e-999\" is not milliseconds since 1970, or "
                + seconds
                + " (Expected character [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] at position 2, found e)"),
        Arguments.of(
            EventTimeFormat.EPOCH_MILLIS,
            "1".repeat(65),
            "INVALID_EVENT_TIME",
            "is a number of more than 64 characters"));
  }

  @ParameterizedTest
  @MethodSource("noTimes")
  void rejectsTimesThatTheFormatDoesNotHave(
      EventTimeFormat format, String time, RejectionReason reason, String detail) {
    assertThat(parse(format, time)).isEqualTo(new Rejection(reason, "event_time " + detail));
  }
}
