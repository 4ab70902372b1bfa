package dev.trafficctl.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventParserTest {
  private static final Instant NOW = Instant.parse("2024-01-31T23:59:59.123Z");

  private final EventParser parser = new EventParser(Duration.ofHours(1));

  static List<BadEvents.Sample> badEvents() {
    return BadEvents.all(NOW);
  }

  @ParameterizedTest
  @MethodSource("badEvents")
  void rejectsWhatIsNotExactlyOneEvent(BadEvents.Sample sample) {
    ParseResult result = parser.parse(sample.value(), NOW.toEpochMilli());

    assertThat(result)
        .isInstanceOfSatisfying(
            Rejection.class,
            rejection -> assertThat(rejection.reason()).isEqualTo(sample.reason()));
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

  private ParseResult parse(String json) {
    return parser.parse(json.getBytes(UTF_8), NOW.toEpochMilli());
  }
}
