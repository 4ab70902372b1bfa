package dev.trafficctl.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

class EventParserPropertiesTest {
  private static final JsonMapper PLAIN = new JsonMapper();
  private static final JsonMapper ESCAPING =
      JsonMapper.builder()
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .enable(JsonWriteFeature.ESCAPE_FORWARD_SLASHES)
          .build();
  private static final long LAST_MICROS = 253_402_300_799_999_999L;

  private final EventParser parser = new EventParser(Duration.ofHours(1));

  @Property
  void givesAResultForAnyBytes(@ForAll byte[] value, @ForAll long kafkaTimestampMillis) {
    assertOneLine(parser.parse(value, kafkaTimestampMillis));
  }

  @Property
  void givesAResultForAnyEventWithAnyByteChanged(
      @ForAll("events") WebEvent event, @ForAll int place, @ForAll byte other) {
    byte[] value = json(event, PLAIN);
    value[Math.floorMod(place, value.length)] = other;

    assertOneLine(parser.parse(value, -1));
  }

  @Property
  void readsBackAnyEvent(@ForAll("events") WebEvent event, @ForAll boolean escaped) {
    assertThat(parser.parse(json(event, escaped ? ESCAPING : PLAIN), -1)).isEqualTo(event);
  }

  @Property(tries = 100)
  void rejectsAnEventCutAnywhere(@ForAll("events") WebEvent event, @ForAll boolean escaped) {
    byte[] value = json(event, escaped ? ESCAPING : PLAIN);

    for (int length = 0; length < value.length; length++) {
      assertThat(parser.parse(Arrays.copyOf(value, length), -1)).isInstanceOf(Rejection.class);
    }
  }

  /** Who reads events from another format must not come to another verdict than the job. */
  @Property
  void judgesFieldsAsTheirJson(
      @ForAll("fields") EventFields fields, @ForAll("timestamps") long kafkaTimestampMillis)
      throws IOException {
    ObjectNode json = PLAIN.createObjectNode();
    json.put("url", fields.url()).put("host", fields.host()).put("ip", fields.ip());
    json.put("event_time", fields.eventTime());
    json.put("referrer", fields.referrer()).put("user_agent", fields.userAgent());

    assertThat(parser.parse(fields, kafkaTimestampMillis))
        .isEqualTo(parser.parse(PLAIN.writeValueAsBytes(json), kafkaTimestampMillis));
  }

  @Provide
  Arbitrary<EventFields> fields() {
    return Combinators.combine(
            field("/a"),
            field("h.example"),
            field("84.1.2.3", "unknown", "2001:db8::1, 10.0.0.1", "256.1.1.1"),
            field("2024-01-31T23:59:59Z", "2024-01-31T23:59:60Z", "2024-01-31T23:59:59"),
            field("https://a.example"),
            field("curl/8", "a\tb"))
        .as(EventFields::new);
  }

  private static Arbitrary<String> field(String... usual) {
    return Arbitraries.frequencyOf(
        Tuple.of(20, Arbitraries.of(usual)),
        Tuple.of(1, texts(0)),
        Tuple.of(
            1,
            Arbitraries.of(
                null,
                "",
                "\t",
                "x\u007f",
                "\u0000",
                "\u0085",
                "ü".repeat(32_768),
                "a".repeat(65_537))));
  }

  @Provide
  Arbitrary<Long> timestamps() {
    long event = Instant.parse("2024-01-31T23:59:59Z").toEpochMilli();
    return Arbitraries.of(-1L, 0L, event, event - 3_600_000, event - 3_600_001);
  }

  @Provide
  Arbitrary<WebEvent> events() {
    Arbitrary<byte[]> addresses =
        Arbitraries.oneOf(
            Arbitraries.bytes().array(byte[].class).ofSize(4),
            Arbitraries.bytes()
                .array(byte[].class)
                .ofSize(16)
                // Those are IPv4 addresses in disguise.
                .filter(address -> address[10] != -1 || address[11] != -1));
    return Combinators.combine(
            addresses,
            Arbitraries.longs().between(0, LAST_MICROS),
            texts(0).injectNull(0.2),
            // A host that is blank is none.
            texts(1).filter(host -> host.codePoints().anyMatch(c -> !Character.isSpaceChar(c))),
            texts(1),
            // A text that looks like the bytes of another is taken for that.
            texts(1).map(HeaderText::decoded).injectNull(0.2),
            texts(0).injectNull(0.2))
        .as(
            (ip, micros, referrer, host, url, city, userAgent) ->
                new WebEvent(
                    ip,
                    micros,
                    referrer,
                    host,
                    url,
                    city == null ? null : PLAIN.createObjectNode().put("city", city).toString(),
                    userAgent));
  }

  /** Any character but surrogates and control characters, in UTF-8 of one to four bytes. */
  private static Arbitrary<String> texts(int minLength) {
    return Arbitraries.oneOf(
            Arbitraries.integers().between(0x20, 0x7E),
            Arbitraries.integers().between(0xA0, 0xD7FF),
            Arbitraries.integers().between(0xE000, 0x10FFFF))
        .list()
        .ofMinSize(minLength)
        .ofMaxSize(40)
        .map(
            characters ->
                characters.stream()
                    .collect(
                        StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString());
  }

  private static byte[] json(WebEvent event, JsonMapper mapper) {
    ObjectNode json = mapper.createObjectNode();
    ObjectNode headers = json.putObject("headers");
    headers.put("Accept", "*/*");
    try {
      if (event.geodata() != null) {
        headers.set("cf-ipcity", mapper.readTree(event.geodata()).get("city"));
      }
      json.put("event_time", time(event));
      json.put("referrer", event.referrer());
      json.put("host", event.host());
      json.put("ip", address(event.ip()));
      json.put("url", event.url());
      json.put("user_agent", event.userAgent());
      return mapper.writeValueAsString(json).getBytes(UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String time(WebEvent event) {
    Instant instant = Instant.EPOCH.plus(event.eventTimeMicros(), ChronoUnit.MICROS);
    return OffsetDateTime.ofInstant(instant, ZoneOffset.UTC)
        .format(DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSXXX"));
  }

  private static String address(byte[] ip) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < ip.length; i++) {
      if (ip.length == 4) {
        text.append(i == 0 ? "" : ".").append(ip[i] & 0xFF);
      } else {
        text.append(i > 0 && i % 2 == 0 ? ":" : "").append(String.format("%02x", ip[i]));
      }
    }
    return text.toString();
  }

  private static void assertOneLine(ParseResult result) {
    if (result instanceof Rejection rejection) {
      assertThat(rejection.detail()).hasSizeBetween(1, 200).matches("[^\\p{Cntrl}\\p{Cs}]*");
    } else {
      assertThat(result).isInstanceOf(WebEvent.class);
    }
  }
}
