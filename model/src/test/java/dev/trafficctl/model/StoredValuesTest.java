package dev.trafficctl.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredValuesTest {
  private static final long TIMESTAMP = 1_769_860_800_000L;
  private final EventParser parser = new EventParser(Duration.ofMinutes(10));

  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        {"url":"/","host":"h","ip":"203.0.113.9","event_time":"2026-01-31T12:00:00Z"}""",
        """
        {"url":"/ä?q=\\"a\\\\b\\"","host":"shop.example.com","ip":"2001:db8::1",
         "event_time":"2026-01-31T13:00:00.123456+01:00","referrer":"","user_agent":"a\\tb 😀",
         "headers":{"CF-IPCountry":"NL","cf-region":"Noord \\"Holland\\"","CF-IPCity":"Zoë\\\\"}}""",
        """
        {"url":"/","host":"h","ip":"::ffff:203.0.113.9","event_time":"2026-01-31T12:00:00Z",
         "headers":{"X-AppEngine-CityLatLong":"52.37 , 4.89","X-AppEngine-Country":"ZZ","Other":"x"}}""",
        """
        {"url":"/","host":"h","ip":"203.0.113.9","event_time":"2026-01-31T12:00:00Z",
         "headers":{"CloudFront-Viewer-City":[" ","x"],"X-Geo-Longitude":"a\\tb","X-Geo-City":"y"}}""",
        """
        {"url":"/\u00c5\u0081","host":"h","ip":"203.0.113.9:80","event_time":"2026-01-31T12:00:00.123456789Z",
         "user_agent":{"ua":"\u00c5\u0081\u00c3\u00b3d\u00c5\u00ba"},"user_id":1,
         "headers":"{\\"cf-ipcity\\":\\"\u00c3\u0085\u00c2\u0081\u00c3\u0083\u00c2\u00b3d\\"}"}"""
      })
  void theEventThatPostgresRefusedIsParsedToTheSameEvent(String value) {
    ParseResult parsed = parser.parse(value.getBytes(UTF_8), TIMESTAMP);
    assertThat(parsed).isInstanceOf(WebEvent.class);
    byte[] again = StoredValues.value(StoredValues.payload((WebEvent) parsed));
    assertThat(parser.parse(again, TIMESTAMP)).isEqualTo(parsed);
  }

  @Test
  void whatIsNoPayloadOfAnEventIsTold() {
    assertThatThrownBy(() -> StoredValues.value("{\"url\":".getBytes(UTF_8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the payload is not JSON");
    assertThatThrownBy(() -> StoredValues.value("[]".getBytes(UTF_8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the payload is no JSON object");
  }
}
