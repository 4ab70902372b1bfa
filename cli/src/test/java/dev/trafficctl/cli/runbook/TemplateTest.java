package dev.trafficctl.cli.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          since 2026-01-31T12:00:00.123Z, 3m 5s ago | since <time>, <duration> ago
          job a1b2c3d4e5f60718293a4b5c6d7e8f90      | job <id>
          operation stop-20260131-120000-1a2b       | operation stop-<operation>
          /sp/savepoint-a1b2c3-0123456789ab         | /sp/savepoint-<id>
          /cp/chk-17/_metadata                      | /cp/chk-<number>/_metadata
          127.0.0.1:41239-a1b2c3 has 2 slots        | <taskmanager> has <number> slots
          size 12.5 KiB of 1,234 bytes              | size <size> of <size>
          1,234,567 events in 0.35 s                | <number> events in <duration>
          120 ms and 10s and 1h 2m 3s               | <duration> and <duration> and <duration>
          4.2 KiB in 1,527 ms                       | <size> in <duration>
          partition 3, offset 1250 (87%)            | partition <number>, offset <number> (<number>%)
          --starting-offsets offsets:0=100,1=7      | --starting-offsets offsets:0=<number>,<number>=<number>
          """)
  void namesWhatDiffersFromOneRunToTheNext(String line, String template) {
    assertThat(Template.of(line).text()).isEqualTo(template);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          state RUNNING                | state RESTARTING
          stop-20260131-120000-1a2b    | savepoint-20260131-120000-1a2b
          lost 0                       | lost 3
          lost 0                       | lost -
          age -                        | age 12s
          at 2026-01-31T12:00:00Z      | at -
          tasks 2/2                    | tasks 1/2
          tasks 2/2                    | tasks 0/2
          tasks 1/2                    | tasks 0/2
          2 of 2 running               | 1 of 2 running
          0 of 2 running               | 1 of 2 running
          size 0 B                     | size 12 B
          /sp/savepoint-a1b2c3-0123456789ab | /cp/savepoint-a1b2c3-0123456789ab
          http://127.0.0.1:8081/       | http://127.0.0.1:8082/
          --from-timestamp -2h         | --from-timestamp -3h
          version 0.1.0                | version 0.2.0
          a1b2c3d4e5f60718293a4b5c6d7e8f90 | a1b2c3d4e5f60718293a4b5c6d7e8f9
          read 5 events                | read 5 rows
          the job traffic              | the job traffic-2
          partition-3                  | partition-4
          7d1f has ended               | 8d1f has ended
          """)
  void keepsWhatIsARealDifference(String line, String other) {
    assertThat(Template.of(line).text()).isNotEqualTo(Template.of(other).text());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          tasks 2/2                    | tasks 4/4
          tasks 0/2                    | tasks 0/4
          lost 3                       | lost 1,234
          rate 0.0                     | rate 0.0
          """)
  void takesCountsForEqual(String line, String other) {
    assertThat(Template.of(line).text()).isEqualTo(Template.of(other).text());
  }

  @Test
  void doesNotSeeTheWidthOfAColumn() {
    assertThat(Template.of("NAME     OFFSET  AGE"))
        .isEqualTo(Template.of("  NAME  OFFSET       AGE  "));
    assertThat(Template.of("a b")).isNotEqualTo(Template.of("ab"));
  }
}
