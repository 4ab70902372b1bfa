package dev.trafficctl.local.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.trafficctl.local.traffic.TrafficEvent.Kind;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrafficGeneratorTest {
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00.123Z");

  private static final ObjectMapper STRICT =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  @Test
  void theSameSeedGivesTheSameBytesOnEveryMachine() throws NoSuchAlgorithmException {
    assertThat(digest(events(1, 5, 5, 5_000))).isEqualTo("f9c9d03cd5490b41");
    assertThat(digest(events(2, 5, 5, 5_000))).isEqualTo("e4ac079a497c61de");
  }

  @Test
  void makesTheSharesThatWereAskedFor() {
    assertThat(kinds(events(1, 0, 0, 10_000))).isEqualTo(Map.of(Kind.GOOD, 10_000));
    assertThat(kinds(events(1, 1, 2.5, 10_000)))
        .isEqualTo(Map.of(Kind.GOOD, 9_657, Kind.BAD, 99, Kind.LATE, 244));
    assertThat(kinds(events(1, 100, 0, 1_000))).isEqualTo(Map.of(Kind.BAD, 1_000));
    assertThat(kinds(events(1, 0, 100, 1_000))).isEqualTo(Map.of(Kind.LATE, 1_000));
  }

  @Test
  void everyGoodEventIsAJsonObjectWithTheSameFields() throws IOException {
    for (TrafficEvent event : events(3, 0, 0, 500)) {
      JsonNode json = STRICT.readTree(event.value());

      List<String> fields = new ArrayList<>();
      json.fieldNames().forEachRemaining(fields::add);
      assertThat(fields)
          .containsExactly("url", "host", "referrer", "user_agent", "ip", "headers", "event_time");
      assertThat(json.get("url").textValue()).startsWith("/");
      assertThat(json.get("host").textValue()).matches("(www|shop|blog|api)\\.example\\.com");
      assertThat(json.get("referrer").isNull() || json.get("referrer").isTextual()).isTrue();
      assertThat(json.get("ip").textValue())
          .matches("(\\d{1,3}\\.){3}\\d{1,3}|2001:db8:[0-9a-f]{1,4}:[0-9a-f]{1,4}::[0-9a-f]{1,4}");
      assertThat(json.get("headers").isObject()).isTrue();
      assertThat(json.get("event_time").textValue()).isEqualTo("2026-11-22T10:00:00.123Z");
    }
  }

  @Test
  void aLateEventIsFiveMinutesToThreeDaysOld() throws IOException {
    Duration least = Duration.ofDays(4);
    Duration most = Duration.ZERO;
    int overADay = 0;
    for (TrafficEvent event : events(4, 0, 100, 5_000)) {
      String text = STRICT.readTree(event.value()).get("event_time").textValue();
      Duration late = Duration.between(Instant.parse(text), NOW);
      least = late.compareTo(least) < 0 ? late : least;
      most = late.compareTo(most) > 0 ? late : most;
      overADay += late.toDays() > 0 ? 1 : 0;
    }

    assertThat(least).isEqualTo(Duration.parse("PT5M0.087S"));
    assertThat(most).isEqualTo(Duration.parse("PT71H56M28.625S"));
    assertThat(overADay).isEqualTo(856);
  }

  @Test
  void sixtyPercentArePageRequestsByPeopleOnThePublicInternet() throws IOException {
    int kept = 0;
    int unicode = 0;
    int ipv6 = 0;
    long bytes = 0;
    for (TrafficEvent event : events(5, 0, 0, 5_000)) {
      JsonNode json = STRICT.readTree(event.value());
      String agent = json.get("user_agent").textValue();
      String ip = json.get("ip").textValue();
      String path = json.get("url").textValue().replaceFirst("\\?.*", "");
      boolean person = agent.matches("Mozilla/5\\.0 \\(.*(Chrome|Safari|Firefox)/.*");
      boolean inside = ip.startsWith("10.") || ip.startsWith("192.168.");
      boolean file = path.matches(".*\\.(js|css|ico|woff2|svg|jpg|png|xml|txt)");
      kept += person && !inside && !file ? 1 : 0;
      unicode += path.chars().anyMatch(c -> c > 0x7f) ? 1 : 0;
      ipv6 += ip.contains(":") ? 1 : 0;
      bytes += event.value().length;
    }

    assertThat(List.of(kept, unicode, ipv6)).containsExactly(2_953, 604, 658);
    assertThat(bytes / 5_000).isEqualTo(446);
  }

  @Test
  void refusesSharesThatCannotBe() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TrafficGenerator(1, NOW::toEpochMilli, 60, 50))
        .withMessage("bad and late are percentages, together at most 100, but were 60.0 and 50.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TrafficGenerator(1, NOW::toEpochMilli, Double.NaN, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TrafficGenerator(1, NOW::toEpochMilli, -1, 0));
  }

  private static List<TrafficEvent> events(long seed, double bad, double late, int count) {
    TrafficGenerator generator = new TrafficGenerator(seed, NOW::toEpochMilli, bad, late);
    List<TrafficEvent> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(generator.next());
    }
    return events;
  }

  private static Map<Kind, Integer> kinds(List<TrafficEvent> events) {
    Map<Kind, Integer> kinds = new EnumMap<>(Kind.class);
    events.forEach(event -> kinds.merge(event.kind(), 1, Integer::sum));
    return kinds;
  }

  private static String digest(List<TrafficEvent> events) throws NoSuchAlgorithmException {
    MessageDigest sha = MessageDigest.getInstance("SHA-256");
    for (TrafficEvent event : events) {
      sha.update(event.value() == null ? new byte[] {0} : event.value());
      sha.update((byte) '\n');
    }
    return HexFormat.of().formatHex(sha.digest(), 0, 8);
  }
}
