package dev.trafficctl.cli.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class JobCountersTest {
  @Test
  void findsEveryCounterByItsName() {
    JobCounters counters =
        JobCounters.of(
            Map.of(
                "filter.read", 10L,
                "filter.late", 1L,
                "filter.filtered.bots", 2L,
                "filter.filtered.late", 3L,
                "filter.rejected.nul_byte", 1L,
                "write__Writer.written", 3L,
                "write__Writer.refused", 1L,
                "Source__read.numRecordsIn", 99L));
    assertThat(counters)
        .isEqualTo(
            new JobCounters(
                10,
                new TreeMap<>(Map.of("bots", 2L, "late", 3L)),
                new TreeMap<>(Map.of("nul_byte", 1L)),
                1,
                3,
                1));
    assertThat(counters.allFiltered()).isEqualTo(5);
    assertThat(counters.allRejected()).isEqualTo(2);
  }

  @Test
  void asksForNothingElse() {
    assertThat(JobCounters.isOne("filter.read")).isTrue();
    assertThat(JobCounters.isOne("filter.numRecordsIn")).isFalse();
    assertThat(JobCounters.isOne("Source__read.late")).isFalse();
  }
}
