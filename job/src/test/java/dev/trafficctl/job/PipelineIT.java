package dev.trafficctl.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.local.Security;
import dev.trafficctl.local.traffic.TrafficEvent;
import dev.trafficctl.local.traffic.TrafficGenerator;
import dev.trafficctl.model.EventFilter;
import dev.trafficctl.model.EventParser;
import dev.trafficctl.model.FilterRules;
import dev.trafficctl.model.ParseResult;
import dev.trafficctl.model.Rejection;
import dev.trafficctl.model.WebEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PipelineIT {
  private static final int PARTITIONS = 4;
  private final RunningStack stack = RunningStack.with(Security.PLAINTEXT);

  @Test
  void writesFiltersOrRejectsEveryEventExactlyOnce() throws Exception {
    int events = 20_000;
    TrafficGenerator generator = new TrafficGenerator(7, System::currentTimeMillis, 2, 3);
    List<byte[]> values = new ArrayList<>();
    while (values.size() < events) {
      TrafficEvent event = generator.next();
      values.add(event.value());
    }
    EventParser parser = new EventParser(Duration.ofMinutes(10));
    EventFilter filter = new EventFilter(FilterRules.defaults());
    long now = System.currentTimeMillis();
    Map<String, Long> expected = new TreeMap<>();
    filter.rules().forEach(rule -> expected.put("filtered." + rule, 0L));
    expected.put("read", (long) events);
    long kept = 0;
    long rejected = 0;
    for (byte[] value : values) {
      ParseResult result = parser.parse(value, now);
      if (result instanceof Rejection rejection) {
        rejected++;
        expected.merge("rejected." + rejection.reason().code(), 1L, Long::sum);
      } else {
        int rule = filter.drops((WebEvent) result);
        if (rule == EventFilter.KEEP) {
          kept++;
        } else {
          expected.merge("filtered." + filter.rules().get(rule), 1L, Long::sum);
        }
      }
    }

    try (TestTopic topic = new TestTopic(stack, PARTITIONS);
        TestJob job = new TestJob(stack, topic)) {
      for (int partition = 0; partition < PARTITIONS; partition++) {
        List<byte[]> share = new ArrayList<>();
        for (int i = partition; i < values.size(); i += PARTITIONS) {
          share.add(values.get(i));
        }
        topic.send(partition, share);
      }
      job.start();

      job.awaitRows(kept, rejected);
      stack.flink().awaitNextCheckpoint(job.id());
      assertThat(List.of(job.count("processed_events"), job.count("rejected_events")))
          .isEqualTo(List.of(kept, rejected));
      job.awaitCounters("filter", expected);
      job.awaitCounters("write__Writer", Map.of("written", kept, "repeated", 0L));
      assertThat(job.restarts()).isZero();
    }
  }
}
