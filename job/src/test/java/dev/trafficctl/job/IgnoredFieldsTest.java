package dev.trafficctl.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.Test;

class IgnoredFieldsTest {
  private final Map<String, Counter> counters = new TreeMap<>();
  private final IgnoredFields fields = new IgnoredFields(new Group("", counters));

  private Map<String, Long> counted() {
    Map<String, Long> counted = new TreeMap<>();
    counters.forEach((name, counter) -> counted.put(name, counter.getCount()));
    return counted;
  }

  @Test
  void countsAllAndEachNameUnderOneThatMetricSystemsTake() {
    for (String name : new String[] {"user_id", "a.b c", "user_id", "a/b\u001bc", "", "user_id"}) {
      fields.count(name);
    }

    assertThat(counted())
        .isEqualTo(
            Map.of(
                "unknown_fields", 6L,
                "unknown_field.user_id", 3L,
                "unknown_field.a_b_c", 2L,
                "unknown_field._", 1L));
  }

  @Test
  void hasNoMoreNamesThanALimitAndNoLongOnes() {
    fields.count("n".repeat(41));
    for (int i = 0; i < 1_000; i++) {
      fields.count("name" + i);
    }
    fields.count("name19");

    assertThat(counted())
        .hasSize(21)
        .containsEntry("unknown_fields", 1_002L)
        .containsEntry("unknown_field.name19", 2L);
  }

  /** Remembers its counters. */
  private static final class Group extends UnregisteredMetricsGroup {
    private final String prefix;
    private final Map<String, Counter> counters;

    Group(String prefix, Map<String, Counter> counters) {
      this.prefix = prefix;
      this.counters = counters;
    }

    @Override
    public Counter counter(String name) {
      Counter counter = new SimpleCounter();
      assertThat(counters.put(prefix + name, counter)).isNull();
      return counter;
    }

    @Override
    public MetricGroup addGroup(String name) {
      return new Group(prefix + name + ".", counters);
    }
  }
}
