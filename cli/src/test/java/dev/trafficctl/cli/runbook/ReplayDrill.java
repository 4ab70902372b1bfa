package dev.trafficctl.cli.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Rows of events since a known time were spoilt in Postgres; Kafka still has the events. */
final class ReplayDrill implements Drill {
  private static final long ROWS = 300;

  @Override
  public String page() {
    return "replay-from-timestamp.md";
  }

  @Override
  public void cause(DrillStack stack) {
    stack.startJob();
    Instant bad = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    long before = stack.written();
    DrillStack.await("there are more rows", () -> stack.written() >= before + ROWS);
    stack.sql("UPDATE processed_events SET url = '/wrong' WHERE kafka_timestamp >= '" + bad + "'");
    stack.values().put("2026-01-31T11:50:00Z", bad.toString());
  }

  @Override
  public void check(DrillStack stack) {
    assertThat(stack.written("url = '/wrong'")).isZero();
  }
}
