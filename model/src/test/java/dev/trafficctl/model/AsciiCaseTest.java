package dev.trafficctl.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** That no letter beyond A to Z is taken for one of them, wherever case makes no difference. */
class AsciiCaseTest {
  private final EventParser parser = new EventParser(Duration.ofMinutes(10));

  private String geodata(String headers) {
    String event =
        """
        {"url":"/","host":"a.example","ip":"203.0.113.9","event_time":"2026-01-31T12:00:00Z",\
        "headers":%s}\
        """
            .formatted(headers);
    return ((WebEvent) parser.parse(event.getBytes(UTF_8), -1)).geodata();
  }

  @ParameterizedTest
  @ValueSource(strings = {"CF-IPC\u0131ty", "CF-\u0130PCity", "cf-\u0131pcity", "X-Geo-C\u0131ty"})
  void aHeaderThatOnlyLooksLikeAnotherIsNone(String name) {
    assertThat(geodata("{\"%s\":\"X\",\"CF-IPCITY\":\"Istanbul\"}".formatted(name)))
        .isEqualTo("{\"city\":\"Istanbul\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"CF-IPCITY", "cf-ipcity", "Cf-IpCity", "CF-IPCity"})
  void aHeaderIsTheSameInEachCase(String name) {
    assertThat(geodata("{\"%s\":\"Istanbul\"}".formatted(name)))
        .isEqualTo("{\"city\":\"Istanbul\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "shop.example.com, true",
    "SHOP.Example.com:443, true",
    "a.kiosk.example, true",
    "A.KIOSK.EXAMPLE, true",
    "a.\u212Aiosk.example, false",
    "a.k\u0130osk.example, false",
    "\u017Fhop.example.com, false",
  })
  void aHostThatOnlyLooksLikeAnotherIsNone(String host, boolean kept) {
    HostPatterns hosts = new HostPatterns();
    hosts.add("shop.example.com", 0);
    hosts.add("*.kiosk.example", 0);

    assertThat(hosts.contain(host)).isEqualTo(kept);
  }

  @ParameterizedTest
  @CsvSource({
    "a TICKBOT/1.0, 0",
    "a TIC\u212Abot/1.0, -1",
    "a T\u0130Ckbot/1.0, -1",
    "KIND, 1",
    "\u212Aind, -1",
    "SKIPS it, 2",
    "\u017Fkips it, -1",
  })
  void aUserAgentThatOnlyLooksLikeAnotherIsNone(String userAgent, int rule) {
    UserAgentPatterns patterns = new UserAgentPatterns();
    patterns.add("tickbot/", 0);
    patterns.addWhole("kind", 1);
    patterns.addWhole("skips*", 2);

    assertThat(patterns.match(userAgent)).isEqualTo(rule < 0 ? PatternSet.NO_RULE : rule);
  }

  @ParameterizedTest
  @CsvSource({
    "/a/LOGO.SVG, 0",
    "/a/logo.\u017Fvg, -1",
    "/x/KIT/y, 1",
    "/x/\u212Ait/y, -1",
  })
  void aPathThatOnlyLooksLikeAnotherIsNone(String url, int rule) {
    PathPatterns paths = new PathPatterns();
    paths.add("*.svg", 0);
    paths.add("*/kit/*", 1);

    assertThat(paths.match(url)).isEqualTo(rule < 0 ? PatternSet.NO_RULE : rule);
  }

  @Test
  void theOrderIsThatOfTheTextsInLowerCase() {
    assertThat(List.of("b", "_", "A", "aa", "a").stream().sorted(AsciiCase.ORDER).toList())
        .containsExactly("_", "A", "a", "aa", "b");
    assertThat(AsciiCase.lower("x")).isSameAs("x");
    assertThat(AsciiCase.lower("@A[Z\u0130")).isEqualTo("@a[z\u0130");
    assertThat(AsciiCase.startsAt("abc", 1, "BC")).isTrue();
    assertThat(AsciiCase.startsAt("abc", 2, "cd")).isFalse();
    assertThat(AsciiCase.equal("abc", "AB")).isFalse();
  }
}
