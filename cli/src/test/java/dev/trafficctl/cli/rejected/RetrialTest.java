package dev.trafficctl.cli.rejected;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.command.next.ShellCommands;
import dev.trafficctl.cli.kafka.JobTopic;
import dev.trafficctl.cli.kafka.KafkaConnection;
import dev.trafficctl.cli.postgres.RejectedRow;
import dev.trafficctl.cli.postgres.Settlement.Verdict;
import dev.trafficctl.model.EventParser;
import dev.trafficctl.model.Settings;
import dev.trafficctl.model.StoredValues;
import dev.trafficctl.model.WebEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/** What becomes of an event of which its row has all. */
class RetrialTest {
  private static final Instant TIMESTAMP = Instant.parse("2026-01-31T12:00:00Z");
  private static final byte[] KEPT = event("/cart", "2026-01-31T12:00:00Z");
  private static final byte[] FILTERED = event("/logo.png", "2026-01-31T12:00:00Z");
  private static final byte[] AHEAD = event("/cart", "2026-01-31T12:20:00Z");

  private static byte[] event(String url, String time) {
    return """
    {"url":"%s","host":"shop.example.com","ip":"203.0.113.9","event_time":"%s",
     "headers":{"CF-IPCountry":"NL","CF-IPCity":"Zoë"}}\
    """
        .formatted(url, time)
        .getBytes(UTF_8);
  }

  private static Verdict judged(RejectedRow row, String... settings) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "--kafka-url",
                "k:1",
                "--postgres-url",
                "jdbc:postgresql://p/t",
                "--postgres-user",
                "u"));
    all.addAll(List.of(settings));
    // Kafka is not asked: it would not be found.
    JobTopic nowhere =
        new JobTopic("web-traffic", new KafkaConnection(new Properties(), new ShellCommands()));
    try (Retrial retrial = new Retrial(Settings.parse(all, Map.of()), nowhere)) {
      return retrial.judge(row).orElseThrow();
    }
  }

  private static RejectedRow row(String reason, byte[] payload) {
    return new RejectedRow(
        (short) 1,
        0,
        7,
        TIMESTAMP,
        reason,
        "what was found",
        payload,
        payload == null ? 0 : payload.length,
        TIMESTAMP);
  }

  private static WebEvent parsed(byte[] value) {
    return (WebEvent) new EventParser(Duration.ofHours(1)).parse(value, TIMESTAMP.toEpochMilli());
  }

  @Test
  void anEventThatIsGoodNowIsKept() {
    RejectedRow row = row("unknown_field", KEPT);
    assertThat(judged(row)).isEqualTo(new Verdict.Keep(row, parsed(KEPT)));
  }

  @Test
  void anEventThatPostgresRefusedIsKeptAsTheJobWouldHaveWrittenIt() {
    RejectedRow row = row("refused_by_postgres", StoredValues.payload(parsed(KEPT)));
    assertThat(judged(row)).isEqualTo(new Verdict.Keep(row, parsed(KEPT)));
  }

  @Test
  void whatTheFilterDropsIsDropped() {
    RejectedRow refused = row("refused_by_postgres", StoredValues.payload(parsed(FILTERED)));
    assertThat(judged(refused)).isEqualTo(new Verdict.Drop(refused));
    RejectedRow other = row("unknown_field", KEPT);
    assertThat(judged(other, "--filter", "hosts: {keep: [\"other.example.com\"]}"))
        .isEqualTo(new Verdict.Drop(other));
  }

  @Test
  void theSettingsOfTheJobDecideWhatIsAhead() {
    RejectedRow row = row("event_time_ahead", AHEAD);
    assertThat(judged(row, "--max-ahead", "1h")).isEqualTo(new Verdict.Keep(row, parsed(AHEAD)));
    assertThat(judged(row))
        .isInstanceOfSatisfying(
            Verdict.Reject.class,
            again -> {
              assertThat(again.rejection().reason().code()).isEqualTo("event_time_ahead");
              assertThat(again.payload()).isEqualTo(AHEAD);
              assertThat(again.payloadBytes()).isEqualTo(AHEAD.length);
            });
  }

  @Test
  void aTombstoneStaysOne() {
    assertThat(judged(row("null_value", null)))
        .isInstanceOfSatisfying(
            Verdict.Reject.class,
            again -> assertThat(again.rejection().reason().code()).isEqualTo("null_value"));
  }

  @Test
  void ofARecordThatDidNotFitIntoMemoryTheRowHasNothing() {
    assertThat(row("too_large", null).isWhole()).isFalse();
    assertThat(row("null_value", null).isWhole()).isTrue();
  }
}
