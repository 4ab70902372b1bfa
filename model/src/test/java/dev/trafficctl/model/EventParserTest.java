package dev.trafficctl.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventParserTest {
  private static final Instant NOW = Instant.parse("2024-01-31T23:59:59.123Z");
  private static final String TIME = "2024-01-31T23:59:59.123Z";
  private static final long TIME_MICROS = 1_706_745_599_123_000L;

  private static final Map<String, String> DETAILS =
      Map.ofEntries(
          entry("null (tombstone)", "the record has no value (a tombstone)"),
          entry("empty value", "the value has no bytes"),
          entry("white space", "the value is white space, 5 bytes of it"),
          entry("gzip", "the value is gzip; use the producer's compression.type instead"),
          entry(
              "Confluent's magic byte",
              "the value starts with Confluent's magic byte and schema id 7; use a serializer that"
                  + " writes plain JSON"),
          entry("byte order mark", "the value starts with a byte order mark"),
          entry("UTF-16LE", "the value is UTF-16; expected UTF-8"),
          entry("UTF-32BE", "the value is UTF-32; expected UTF-8"),
          entry("overlong UTF-8 (slash in 2 bytes)", "the value is not UTF-8 at byte 9 (0xc0)"),
          entry("surrogate encoded in UTF-8", "the value is not UTF-8 at byte 9 (0xed)"),
          entry("raw NUL byte in a string", "the value has a raw NUL byte at byte 10"),
          entry("truncated in a string", "the value ends within the JSON text, at byte 10"),
          entry("trailing garbage", "something that is not JSON follows the event, before byte 90"),
          entry("two documents", "an object follows the event at byte 90"),
          entry("top-level array", "the value is an array; expected an object"),
          entry("top-level null", "the value is null; expected an object"),
          entry("NaN", "not JSON before byte 10: Non-standard token 'NaN'"),
          entry(
              "missing colon",
              "not JSON before byte 8: Unexpected character ('\"' (code 34)): was expecting a colon"
                  + " to separate field name and value"),
          entry("missing timestamp", "event_time is missing"),
          entry("null url", "url is null"),
          entry("empty url", "url is empty"),
          entry("duplicate key", "url is there twice"),
          entry("duplicate header", "header \"CF-IPCity\" is there twice"),
          entry("1,001-digit number", "url is a number; expected a string"),
          entry("headers are an array", "headers is an array; expected an object"),
          entry(
              "headers in a string are text",
              "headers is a string that is no JSON object: Unrecognized token 'a': was expecting (JSON"
                  + " String, Number, Array, Object or token 'null', 'true' or 'false')"),
          entry(
              "headers in a string hold a number",
              "headers is a string that is no JSON object: it holds a number"),
          entry(
              "headers in a string hold two objects",
              "headers is a string that is no JSON object: something follows the object"),
          entry(
              "headers in a string are too deep",
              "headers is a string with an array or object that is more than 100,000 levels deep"),
          entry(
              "an unknown field of depth 100,001",
              "the array or object before byte 100093 is more than 100,000 levels deep"),
          entry(
              "user_agent is an object without the header",
              "user_agent is an object without a string in one of original, ua, user_agent,"
                  + " userAgent, user-agent, User-Agent, ua_string, string, source, raw, value"),
          entry(
              "a geographic header is a number",
              "header \"CF-IPCity\" is a number; expected a string, null or an array of strings"),
          entry(
              "depth 20,000 in a header",
              "header \"CF-IPCity\" has an array in its array; expected strings"),
          entry("a million headers", "headers has more than 1,000 values"),
          entry("NUL escape in url", "url has the control character U+0000 at index 1"),
          entry(
              "terminal escape in a geographic header",
              "header \"CF-IPCity\" has the control character U+001B at index 0"),
          entry(
              "lone low surrogate in user_agent",
              "user_agent has the lone surrogate U+DE00 at index 1"),
          entry("\\ud83d in an unknown name", "a name has a lone surrogate before byte 96"),
          entry("20 MB url", "url is longer than 65,536 bytes of UTF-8"),
          entry("1 MB header", "header \"CF-IPCity\" is longer than 65,536 bytes of UTF-8"),
          entry("ip 127.1", "ip \"127.1\" is not an IPv4 or IPv6 address"),
          entry(
              "epoch seconds",
              "event_time is a number; expected an ISO-8601 text such as"
                  + " 2024-01-31T23:59:59.123Z"),
          entry(
              "no zone",
              "event_time \"2024-01-31T23:59:59\" is not an ISO-8601 text such as"
                  + " 2024-01-31T23:59:59.123Z (No timezone information)"),
          entry(
              "30 February",
              "event_time \"2024-02-30T00:00:00Z\" is not an ISO-8601 text such as"
                  + " 2024-01-31T23:59:59.123Z (Invalid date 'FEBRUARY 30')"),
          entry(
              "year 300000",
              "event_time \"+300000-01-01T00:00:00Z\" is not in the years 1970 to 9999, UTC"),
          entry(
              "10 years early",
              "event_time \"2034-01-31T23:59:59.123Z\" is 3653 days ahead of Kafka's timestamp"
                  + " 2024-01-31T23:59:59.123Z; the limit is 1 h"));

  private final EventParser parser = new EventParser(Duration.ofHours(1));

  static List<BadEvents.Sample> badEvents() {
    return BadEvents.all(NOW);
  }

  @ParameterizedTest
  @MethodSource("badEvents")
  void rejectsWhatIsNotExactlyOneEvent(BadEvents.Sample sample) {
    assertThat(rejection(parser.parse(sample.value(), NOW.toEpochMilli())).reason())
        .isEqualTo(sample.reason());
  }

  static Stream<Arguments> details() {
    Map<String, BadEvents.Sample> byName =
        badEvents().stream().collect(Collectors.toMap(BadEvents.Sample::name, Function.identity()));
    return DETAILS.entrySet().stream()
        .map(detail -> Arguments.of(byName.get(detail.getKey()), detail.getValue()));
  }

  @ParameterizedTest
  @MethodSource("details")
  void saysWhatIsWrongAndWhere(BadEvents.Sample sample, String detail) {
    assertThat(rejection(parser.parse(sample.value(), NOW.toEpochMilli())).detail())
        .isEqualTo(detail);
  }

  @Test
  void samplesCoverEveryReason() {
    Set<RejectionReason> given =
        badEvents().stream().map(BadEvents.Sample::reason).collect(Collectors.toSet());

    // The first is for those who ask for it; the others are in rows alone.
    assertThat(given)
        .isEqualTo(
            EnumSet.complementOf(
                EnumSet.of(
                    RejectionReason.UNKNOWN_FIELD,
                    RejectionReason.NAME_TOO_LONG,
                    RejectionReason.EVENT_TIME_TOO_FINE)));
  }

  @Test
  void readsAnEventWithAllItsFields() {
    ParseResult result =
        parse(
            """
            {"url":"/a?b=c","referrer":"https://example.org/","user_agent":"curl/8.5",
             "host":"example.com","ip":"192.0.2.7",
             "headers":{"Accept":"*/*","CF-IPCountry":"DE","CF-IPCity":"Köln"},
             "event_time":"2024-01-31T23:59:59.123456Z"}
            """);

    assertThat(result)
        .isEqualTo(
            new WebEvent(
                new byte[] {(byte) 192, 0, 2, 7},
                1_706_745_599_123_456L,
                "https://example.org/",
                "example.com",
                "/a?b=c",
                "{\"country\":\"DE\",\"city\":\"Köln\"}",
                "curl/8.5"));
  }

  @Test
  void readsAnEventWithItsRequiredFieldsOnly() {
    assertThat(parse(event("")))
        .isEqualTo(
            new WebEvent(
                new byte[] {(byte) 192, 0, 2, 7},
                TIME_MICROS,
                null,
                "example.com",
                "/",
                null,
                null));
  }

  @Test
  void takesNullForWhatIsOptional() {
    assertThat(parse(event(",\"referrer\":null,\"user_agent\":null,\"headers\":null")))
        .isEqualTo(parse(event("")));
  }

  @Test
  void keepsAnEmptyReferrerApartFromNone() {
    assertThat(event(parse(event(",\"referrer\":\"\""))).referrer()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'; DROP TABLE processed_events; --",
        "${jndi:ldap://192.0.2.1/a}",
        "<script>alert(1)</script>",
        "%00%1b[2J",
        "\ud83d\ude00 \u00e9 \u4e2d \u202e",
      })
  void keepsHarmlessContentVerbatim(String content) {
    WebEvent event = event(parse(event(",\"user_agent\":\"" + content + "\"")));

    assertThat(event.userAgent()).isEqualTo(content);
  }

  @Test
  void resolvesEscapes() {
    WebEvent event =
        event(parse(event(",\"user_agent\":\"\\ud83d\\ude00 \\u00e9 \\/ \\\" \\\\ \\t.\"")));

    assertThat(event.userAgent()).isEqualTo("\ud83d\ude00 \u00e9 / \" \\ \t.");
  }

  @Test
  void takesStringsUpToTheLimit() {
    String longest = "\u20ac".repeat(21_845) + "a";

    WebEvent event = event(parse(event(",\"user_agent\":\"" + longest + "\"")));

    assertThat(event.userAgent()).isEqualTo(longest);
  }

  @Test
  void takesHeadersUpToTheLimit() {
    assertThat(parse(event(",\"headers\":{" + headers(1, 999) + ",\"CF-IPCountry\":\"DE\"}")))
        .extracting(result -> event(result).geodata())
        .isEqualTo("{\"country\":\"DE\"}");
  }

  @Test
  void staysWholeWhateverNamesItHasSeen() {
    for (int first = 0; first < 200_000; first += 1_000) {
      assertThat(parse(event(",\"headers\":{" + headers(first, first + 999) + "}")))
          .isEqualTo(parse(event("")));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, 00000000",
    "255.255.255.255, ffffffff",
    "10.0.100.9, 0a006409",
    "::, 00000000000000000000000000000000",
    "2001:db8::17, 20010db8000000000000000000000017",
    "2001:DB8:0:0:0:0:0:17, 20010db8000000000000000000000017",
    "2001:0db8::192.0.2.1, 20010db80000000000000000c0000201",
    "1:2:3:4:5:6:7::, 00010002000300040005000600070000",
    "::192.0.2.1, 000000000000000000000000c0000201",
    "::ffff:192.0.2.1, c0000201",
    "::FFFF:c000:0201, c0000201",
    "192.0.2.7:0, c0000207",
    "192.0.2.7:65535, c0000207",
    "[::1], 00000000000000000000000000000001",
    "[2001:db8::17]:443, 20010db8000000000000000000000017",
    "[::ffff:192.0.2.1]:443, c0000201",
    "fe80::1%eth0, fe800000000000000000000000000001",
    "fe80::1%25, fe800000000000000000000000000001",
    "[fe80::1%en0.1]:80, fe800000000000000000000000000001",
    "'192.0.2.1, 10.0.0.1', c0000201",
    "'192.0.2.1,10.0.0.1,unknown', c0000201",
    "'192.0.2.1:4711 , 10.0.0.1', c0000201",
    "'2001:db8::17, 10.0.0.1', 20010db8000000000000000000000017",
    "'[2001:db8::17]:443,::1', 20010db8000000000000000000000017",
  })
  void readsAddresses(String ip, String bytes) {
    WebEvent event = event(parse(event("").replace("192.0.2.7", ip)));

    assertThat(event.ip()).isEqualTo(HexFormat.of().parseHex(bytes));
  }

  @ParameterizedTest
  @CsvSource({
    "1970-01-01T00:00:00Z, 1970-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999Z, 9999-12-31T23:59:59.999999Z",
    "2024-02-29T12:00:00Z, 2024-02-29T12:00:00Z",
    "2024-01-31T23:59:59.1Z, 2024-01-31T23:59:59.1Z",
    "2024-01-31T23:59:59.123456Z, 2024-01-31T23:59:59.123456Z",
    "2024-01-31T23:59:59.123456000Z, 2024-01-31T23:59:59.123456Z",
    "2024-01-31T23:59:59.123456789Z, 2024-01-31T23:59:59.123456Z",
    "2024-01-31T23:59:59.999999999Z, 2024-01-31T23:59:59.999999Z",
    "1970-01-01T00:00:00.000000999Z, 1970-01-01T00:00:00Z",
    "2024-01-31T23:59:59.1234567891234Z, 2024-01-31T23:59:59.123456Z",
    "2024-01-31T23:59:59.1234567Z, 2024-01-31T23:59:59.123456Z",
    "2024-01-31T23:59:59.1234567+01:00, 2024-01-31T22:59:59.123456Z",
    "2024-01-31T23:59:59+0000, 2024-01-31T23:59:59Z",
    "2024-01-31T23:59:59+0530, 2024-01-31T18:29:59Z",
    "2024-01-31T23:59:59.5+02, 2024-01-31T21:59:59.5Z",
    "2024-01-31T23:59:59-08, 2024-02-01T07:59:59Z",
    "2024-01-31 23:59:59Z, 2024-01-31T23:59:59Z",
    "2024-01-31 23:59:59.123456+00:00, 2024-01-31T23:59:59.123456Z",
    "2024-01-31 23:59:59 +0100, 2024-01-31T22:59:59Z",
    "2024-01-31 23:59:59 UTC, 2024-01-31T23:59:59Z",
    "2024-01-31 23:59:59.123456789 +0000 UTC, 2024-01-31T23:59:59.123456Z",
    "2024-01-31 23:59:59.1234 +0100 CET m=+0.000012345, 2024-01-31T22:59:59.1234Z",
    "2024-01-31 23:59:59 +0300 +03, 2024-01-31T20:59:59Z",
    "2024-01-31T23:59:59.123456789+01:00[Europe/Berlin], 2024-01-31T22:59:59.123456Z",
    "2024-01-31T23:59:59Z[UTC], 2024-01-31T23:59:59Z",
    "'2024-01-31T23:59:59,5Z', 2024-01-31T23:59:59.5Z",
    "2024-01-31T23:59:59+05:30, 2024-01-31T18:29:59Z",
    "2024-01-31T23:59:59.5-08:00, 2024-02-01T07:59:59.5Z",
    "1969-12-31T23:59:59-00:01, 1970-01-01T00:00:59Z",
    "2024-01-31t23:59:59z, 2024-01-31T23:59:59Z",
  })
  void readsTimesToTheMicrosecond(String text, Instant time) {
    assertThat(event(parser.parse(bytes(event("").replace(TIME, text)), -1)).eventTime())
        .isEqualTo(time);
  }

  @Test
  void takesTimesAsFarAheadOfKafkaAsAllowed() {
    byte[] event = bytes(event("").replace(TIME, "2024-01-31T23:00:00Z"));
    long anHourBefore = Instant.parse("2024-01-31T22:00:00Z").toEpochMilli();

    assertThat(event(parser.parse(event, anHourBefore)).eventTime())
        .isEqualTo("2024-01-31T23:00:00Z");
  }

  @ParameterizedTest
  @CsvSource({
    "9999-12-31T23:59:59.123Z, 2913173 days 23 h 59 min 59.123 s",
    "2020-01-01T00:00:00.000Z, 1 h",
    "2019-12-31T23:59:30.500Z, 59 min 30.5 s",
  })
  void saysInWordsHowFarATimeIsAhead(String time, String ahead) {
    byte[] event = bytes(event("").replace(TIME, time));
    long sent =
        time.startsWith("9999")
            ? 1_704_067_200_000L
            : Instant.parse("2019-12-31T23:00:00Z").toEpochMilli();

    assertThat(((Rejection) new EventParser(Duration.ofMillis(500)).parse(event, sent)).detail())
        .contains(" is " + ahead + " ahead of Kafka's timestamp ")
        .endsWith("; the limit is 0.5 s");
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "  ", "\u00a0 ", "\u2003"})
  void aBlankHostIsNone(String host) {
    byte[] event = bytes(event("").replace("\"example.com\"", '"' + host + '"'));

    assertThat(parser.parse(event, -1))
        .isEqualTo(new Rejection(RejectionReason.EMPTY_FIELD, "host is blank"));
  }

  @Test
  void rejectsTimesAMicrosecondFurtherAhead() {
    byte[] event = bytes(event("").replace(TIME, "2024-01-31T23:00:00.000001Z"));
    long anHourBefore = Instant.parse("2024-01-31T22:00:00Z").toEpochMilli();

    assertThat(parser.parse(event, anHourBefore))
        .isEqualTo(
            new Rejection(
                RejectionReason.EVENT_TIME_AHEAD,
                "event_time \"2024-01-31T23:00:00.000001Z\" is 1 h 0.000001 s ahead of Kafka's"
                    + " timestamp 2024-01-31T22:00:00Z; the limit is 1 h"));
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1_707_609_600_000L})
  void takesLateTimesAndThoseThatCannotBeCompared(long kafkaTimestampMillis) {
    assertThat(event(parser.parse(bytes(event("")), kafkaTimestampMillis)).eventTimeMicros())
        .isEqualTo(TIME_MICROS);
  }

  @Test
  void takesEveryTimeIfThereIsNoLimit() {
    EventParser unlimited = new EventParser(Duration.ofSeconds(Long.MAX_VALUE));

    assertThat(event(unlimited.parse(bytes(event("")), 0)).eventTimeMicros())
        .isEqualTo(TIME_MICROS);
  }

  @Test
  void refusesANegativeLimit() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new EventParser(Duration.ofMillis(-1)))
        .withMessage("maxAhead must not be negative, but is PT-0.001S");
  }

  static Stream<Arguments> geodata() {
    return Stream.of(
        Arguments.of("\"Accept\":\"*/*\",\"X-Forwarded-For\":\"192.0.2.1\",\"\":\"\"", null),
        Arguments.of("\"CF-IPCountry\":\"\",\"CF-IPCity\":null,\"CF-Region\":[]", null),
        Arguments.of(
            "\"CF-IPLongitude\":\"13.4\",\"CF-IPLatitude\":\"52.5\",\"CF-IPCity\":\"Berlin\","
                + "\"CF-Region\":\"Berlin (Land)\",\"CF-IPCountry\":\"DE\"",
            "{\"country\":\"DE\",\"region\":\"Berlin (Land)\",\"city\":\"Berlin\","
                + "\"latitude\":\"52.5\",\"longitude\":\"13.4\"}"),
        Arguments.of(
            "\"CloudFront-Viewer-Country\":\"FR\",\"CloudFront-Viewer-Country-Region\":\"IDF\","
                + "\"CloudFront-Viewer-City\":\"Paris\",\"CloudFront-Viewer-Latitude\":\"48.9\","
                + "\"CloudFront-Viewer-Longitude\":\"2.4\"",
            "{\"country\":\"FR\",\"region\":\"IDF\",\"city\":\"Paris\",\"latitude\":\"48.9\","
                + "\"longitude\":\"2.4\"}"),
        Arguments.of(
            "\"X-AppEngine-Country\":\"US\",\"X-AppEngine-Region\":\"ca\","
                + "\"X-AppEngine-City\":\"mountain view\","
                + "\"X-AppEngine-CityLatLong\":\"37.4, -122.1\"",
            "{\"country\":\"US\",\"region\":\"ca\",\"city\":\"mountain view\","
                + "\"latitude\":\"37.4\",\"longitude\":\"-122.1\"}"),
        Arguments.of(
            "\"X-Geo-Country\":\"JP\",\"X-Geo-Region\":\"13\",\"X-Geo-City\":\"\u6771\u4eac\","
                + "\"X-Geo-Latitude\":\"35.7\",\"X-Geo-Longitude\":\"139.7\"",
            "{\"country\":\"JP\",\"region\":\"13\",\"city\":\"\u6771\u4eac\",\"latitude\":\"35.7\","
                + "\"longitude\":\"139.7\"}"),
        Arguments.of(
            "\"x-appengine-citylatlong\":\"37.4\",\"X-APPENGINE-COUNTRY\":\"ZZ\"",
            "{\"country\":\"ZZ\"}"),
        Arguments.of("\"X-AppEngine-CityLatLong\":\"1,2,3\"", null),
        Arguments.of(
            "\"X-Geo-Country\":\"FR\",\"CF-IPCountry\":\"DE\",\"cf-ipcity\":[\"\",\"Bonn\",\"K\"]",
            "{\"country\":\"FR\",\"city\":\"Bonn\"}"),
        Arguments.of("\"cf-ipcity\":\"a\\\"b\\\\c\\td\"", "{\"city\":\"a\\\"b\\\\c\\td\"}"));
  }

  @ParameterizedTest
  @MethodSource("geodata")
  void makesGeodataOfGeographicHeaders(String headers, String geodata) {
    assertThat(event(parse(event(",\"headers\":{" + headers + "}"))).geodata()).isEqualTo(geodata);
  }

  @Test
  void escapesAndShortensWhatItQuotes() {
    EventParser strict =
        new EventParser(
            new ParsingRules(Duration.ofHours(1), UnknownFields.REJECT, EventTimeFormat.ISO));
    String json = "{\"\\u001b[2J\\u202e\\ud83d\\ude00" + "n".repeat(900) + "\":1}";

    Rejection rejection = rejection(strict.parse(bytes(json), 0));
    assertThat(rejection.reason()).isEqualTo(RejectionReason.UNKNOWN_FIELD);
    assertThat(rejection.detail())
        .startsWith(
            "an event has no field \"\\u001b[2J\\u202e\ud83d\ude00"
                + "n".repeat(46)
                + "\u2026\"; expected url, host, ip, event_time, referrer, user_agent, headers");
  }

  private static String headers(int first, int last) {
    return IntStream.rangeClosed(first, last)
        .mapToObj(i -> "\"X-Header-" + i + "\":\"\"")
        .collect(Collectors.joining(","));
  }

  private static String event(String moreFields) {
    return "{\"url\":\"/\",\"host\":\"example.com\",\"ip\":\"192.0.2.7\",\"event_time\":\""
        + TIME
        + "\""
        + moreFields
        + "}";
  }

  private ParseResult parse(String json) {
    return parser.parse(bytes(json), NOW.toEpochMilli());
  }

  private static byte[] bytes(String json) {
    return json.getBytes(UTF_8);
  }

  private static WebEvent event(ParseResult result) {
    assertThat(result).isInstanceOf(WebEvent.class);
    return (WebEvent) result;
  }

  private static Rejection rejection(ParseResult result) {
    assertThat(result).isInstanceOf(Rejection.class);
    return (Rejection) result;
  }

  @Test
  void aValueOfWhichOnlyTheBeginningWasKeptIsTooLarge() {
    EventParser parser = new EventParser(Duration.ZERO);
    byte[] beginning = new byte[1 << 20];
    assertThat(parser.parse(beginning, 25_165_825, NOW.toEpochMilli()))
        .isEqualTo(
            new Rejection(
                RejectionReason.TOO_LARGE,
                "the value has 25165825 bytes; an event has at most 25165824"));
    assertThat(((Rejection) parser.parse(null, -1, -1)).reason())
        .isEqualTo(RejectionReason.NULL_VALUE);
  }
}
