package dev.trafficctl.local.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTest {
  private final List<Long> sleptMicros = new ArrayList<>();
  private long now = -7;

  @Test
  void spacesEventsEvenly() throws InterruptedException {
    Pace pace = pace(100);
    for (int i = 0; i < 4; i++) {
      pace.await();
    }

    assertThat(sleptMicros).containsExactly(10_000L, 10_000L, 10_000L);
  }

  @Test
  void sleepsNoShorterThanAMillisecond() throws InterruptedException {
    Pace pace = pace(4_000);
    for (int i = 0; i < 10; i++) {
      pace.await();
    }

    assertThat(sleptMicros).containsExactly(1_000L, 1_000L, 1_000L);
  }

  @Test
  void catchesUpATenthOfASecondAfterAStall() throws InterruptedException {
    Pace pace = pace(100);
    pace.await();
    now += TimeUnit.SECONDS.toNanos(60);
    for (int i = 0; i < 12; i++) {
      pace.await();
    }

    assertThat(sleptMicros).containsExactly(10_000L);
  }

  @Test
  void neverSleepsWithoutALimit() throws InterruptedException {
    Pace pace = pace(Double.POSITIVE_INFINITY);
    for (int i = 0; i < 1_000; i++) {
      pace.await();
    }

    assertThat(sleptMicros).isEmpty();
  }

  private Pace pace(double perSecond) {
    return new Pace(
        perSecond,
        () -> now,
        nanos -> {
          sleptMicros.add(TimeUnit.NANOSECONDS.toMicros(nanos));
          now += nanos;
        });
  }
}
